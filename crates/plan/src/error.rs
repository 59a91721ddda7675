/// Why an instance, a plan or an addition was not taken.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The file is no JSON of the format; the path says where inside.
    #[error("P-101 {path}: {reason}")]
    Form {
        /// Place inside the file, such as `options[17].cut[2]`; `.` is the whole file.
        path: String,
        /// What is wrong, with line and column.
        reason: String,
    },
    /// A value that contradicts the format or another value of the file.
    #[error("P-102 {path}: {reason}")]
    Value {
        /// Place inside the file, such as `legal_min[3].city`.
        path: String,
        /// What is wrong, with the value found.
        reason: String,
    },
    /// A chosen set that does not belong to the instance.
    #[error("P-103 chosen[{place}] = {option}: the instance has {options} options, numbered from 0")]
    NoSuchOption {
        /// Place in the chosen set.
        place: usize,
        /// The index found.
        option: usize,
        /// Options of the instance.
        options: usize,
    },
    /// Scenarios that cannot show how sure a plan is.
    #[error("P-104 no fresh scenarios: {0}")]
    NotFresh(String),
}
