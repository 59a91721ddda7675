use units::{BeijingHour, Concentration, Pollutant, SiteCode};

/// Why a rule file or an input of this crate was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StandardsError {
    /// A file of `data/standards` is malformed, incomplete or out of order.
    #[error("S-101 {file} line {line}: {reason}; the file was not used")]
    DataFile {
        /// File name.
        file: String,
        /// Line, counted from 1.
        line: usize,
        /// What is wrong there.
        reason: String,
    },
    /// A name that is no edition of the index.
    #[error("S-102 unknown standard {0:?}; known are auto, 2012, 2026, HJ 633-2012, HJ 633-2026")]
    UnknownStandard(String),
    /// A name that is no sand-dust convention.
    #[error("S-103 unknown sand-dust convention {0:?}; known are {1}")]
    UnknownConvention(String, String),
    /// A concentration below zero.
    #[error("S-201 negative concentration of {pollutant} at {site}, {hour}; the value was not used")]
    Negative {
        /// Where.
        site: SiteCode,
        /// Of what.
        pollutant: Pollutant,
        /// When.
        hour: BeijingHour,
    },
    /// Two different values for one hour.
    #[error(
        "S-202 two values of {pollutant} at {site}, {hour}: {} and {}; the first was kept",
        first.reported(*pollutant), second.reported(*pollutant)
    )]
    Conflict {
        /// Where.
        site: SiteCode,
        /// Of what.
        pollutant: Pollutant,
        /// When.
        hour: BeijingHour,
        /// The value met first.
        first: Concentration,
        /// The value met then.
        second: Concentration,
    },
    /// A period that ends before it begins.
    #[error("S-203 the period ends ({to}) before it begins ({from}); nothing was evaluated")]
    EmptyPeriod {
        /// First day.
        from: units::BeijingDay,
        /// Last day.
        to: units::BeijingDay,
    },
    /// A period longer than a working lifetime of records.
    #[error("S-204 the period {from} to {to} is longer than 100 years; nothing was evaluated")]
    PeriodTooLong {
        /// First day.
        from: units::BeijingDay,
        /// Last day.
        to: units::BeijingDay,
    },
}
