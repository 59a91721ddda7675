/// Why a warning check was not made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum WarnError {
    /// A plan file that does not parse or contradicts itself.
    #[error("W-101 plan {file}: {reason}")]
    Plan {
        /// File name or bundled id.
        file: String,
        /// What is wrong, with the line where the reader knows it.
        reason: String,
    },
    /// No plan of that name comes with the program.
    #[error("W-102 no bundled plan {id:?}; bundled are {known}")]
    UnknownPlan {
        /// The name asked for.
        id: String,
        /// Names of the bundled plans.
        known: String,
    },
    /// Series whose length does not fit its members, cities and hours.
    #[error("W-103 {members} members, {cities} cities and {hours} hours have {found} values")]
    Shape {
        /// Members named.
        members: usize,
        /// Cities named.
        cities: usize,
        /// Hours named.
        hours: usize,
        /// Values found.
        found: usize,
    },
}
