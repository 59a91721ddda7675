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
    /// Bytes that are no workbook.
    #[error("P-201 this is no xlsx workbook that can be read: {0}; nothing was imported")]
    NotAWorkbook(String),
    /// More than is read from one file.
    #[error("P-202 {found} {what}, at most {most} are read; nothing was imported")]
    TooLarge {
        /// Of what.
        what: &'static str,
        /// How many.
        found: u64,
        /// How many are read.
        most: u64,
    },
    /// No sheet that looks like a reduction list.
    #[error(
        "P-203 no sheet has a head with an enterprise's name and measures or a grade; sheets are {sheets}; nothing was imported"
    )]
    NoList {
        /// The sheets there are.
        sheets: String,
    },
    /// A workbook that could not be written.
    #[error("P-204 the workbook could not be written: {0}")]
    NotWritten(String),
    /// A data file of the program that does not parse or contradicts itself.
    #[error("P-205 {file}: {reason}")]
    Data {
        /// Its name.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// No grading scheme of that id.
    #[error("P-206 no grading scheme {id:?}; known are {known}")]
    UnknownScheme {
        /// The id asked for.
        id: String,
        /// Those there are.
        known: String,
    },
    /// A reduction list that contradicts itself.
    #[error("P-207 {path}: {reason}")]
    List {
        /// Place inside the list, such as `entries[3].daily.SO2`.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// A table of an inventory, of permits or of plants that is not what it should be.
    #[error("P-208 {file}, {place}: {reason}; nothing of it was read")]
    Table {
        /// File.
        file: String,
        /// Line, or path inside.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// No entry of that id.
    #[error("P-209 the list has no entry {0:?}")]
    NoSuchEntry(String),
    /// Responses, scenarios or minima that do not belong to the list.
    #[error("P-210 {path}: {reason}; no instance was made")]
    Join {
        /// Place inside what was given.
        path: String,
        /// What is wrong.
        reason: String,
    },
}

impl From<workbook::Fault> for PlanError {
    fn from(fault: workbook::Fault) -> PlanError {
        match fault {
            workbook::Fault::NotAWorkbook(reason) => PlanError::NotAWorkbook(reason),
            workbook::Fault::TooLarge { what, found, most } => PlanError::TooLarge { what, found, most },
        }
    }
}
