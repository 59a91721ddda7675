/// What is wrong with a file (文件缺陷). The crate that reads it adds its own code and the layout.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A file that contradicts its own layout; says what, and where.
    #[error("damaged: {0}")]
    Damaged(String),
    /// A required record, variable, dimension or attribute.
    #[error("{0} is missing")]
    Missing(String),
    /// A file of the family that holds something else.
    #[error("it holds {0}")]
    Other(String),
    /// A grid whose projection is not said, or not computed here.
    #[error("{0}")]
    Grid(String),
    /// A time that is none, or not on the hour.
    #[error("{text:?} is not a whole hour, {at}")]
    Time {
        /// As written.
        text: String,
        /// Step or line.
        at: String,
    },
    /// More of something than any such file has.
    #[error("more than {limit} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
}
