/// Why rules, a wiring, an order line, a closed line or an override was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum VerifyError {
    /// A data file that does not parse or contradicts itself.
    #[error("V-101 {file}: {reason}")]
    Data {
        /// File name.
        file: String,
        /// What is wrong, with the line where the reader knows it.
        reason: String,
    },
    /// An order line that ends before it begins, lasts too long, or asks for nothing.
    #[error("V-201 order line of {enterprise}: {reason}; nothing was judged")]
    OrderLine {
        /// The enterprise.
        enterprise: String,
        /// What is wrong.
        reason: String,
    },
    /// An override without a reason that can be kept.
    #[error(
        "V-301 an override needs a reason of 1 to {most} characters without control characters; the verdict stands as it was"
    )]
    NoReason {
        /// The limit.
        most: usize,
    },
    /// An override that says what stands already.
    #[error("V-302 the verdict is {0} already; nothing was changed")]
    SameOutcome(&'static str),
    /// A withdrawal of an override where none stands.
    #[error("V-303 no override stands for this hour; nothing was changed")]
    NoOverride,
    /// An hour's record asked about another hour.
    #[error("V-304 the verdict is of {found}, the record of {expected}; nothing was changed")]
    AnotherHour {
        /// The record's hour.
        expected: String,
        /// The verdict's hour.
        found: String,
    },
    /// A closed line that cannot be learned from.
    #[error("V-401 closed line {line}: {reason}; it was not learned from")]
    ClosedLine {
        /// The line.
        line: String,
        /// What is wrong.
        reason: String,
    },
}

impl VerifyError {
    pub(crate) fn data(file: &str, reason: String) -> VerifyError {
        VerifyError::Data { file: file.to_string(), reason }
    }
}
