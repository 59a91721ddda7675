use serde::{Deserialize, Serialize};
use std::fmt;
use units::Pollutant;

/// What was noticed about a member (模式输出质量标记). The code is stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FlagKind {
    /// Units were converted; the detail says by what.
    Converted,
    /// How hours were labelled, and how they are now.
    Labels,
    /// How the grid was sampled, or a place that lies outside it.
    Sampled,
    /// A variable was refused; the rest of the file was read.
    Refused,
    /// Values that make sense only in another unit; dropped.
    UnitDoubtful,
    /// The daily course fits the observations best at another hour; the member is not used.
    Shifted,
    /// The same value over and over; dropped.
    Constant,
    /// The same values as another member; not used.
    Duplicate,
    /// A long run of missing values.
    MissingBlock,
    /// Negative values; dropped.
    Negative,
    /// Values that air can't hold; dropped.
    OutOfRange,
    /// Issued too late for this consensus; not used, or an older run stands in.
    Late,
    /// Fewer hours, places or pollutants than the other members.
    Partial,
}

impl FlagKind {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            FlagKind::Converted => "J-201",
            FlagKind::Labels => "J-202",
            FlagKind::Sampled => "J-203",
            FlagKind::Refused => "J-204",
            FlagKind::UnitDoubtful => "J-205",
            FlagKind::Shifted => "J-206",
            FlagKind::Constant => "J-207",
            FlagKind::Duplicate => "J-208",
            FlagKind::MissingBlock => "J-209",
            FlagKind::Negative => "J-210",
            FlagKind::OutOfRange => "J-211",
            FlagKind::Late => "J-212",
            FlagKind::Partial => "J-213",
        }
    }

    /// Whether it speaks against some of the member, and does not only tell how it was read.
    pub const fn doubts(self) -> bool {
        !matches!(self, FlagKind::Converted | FlagKind::Labels | FlagKind::Sampled | FlagKind::Partial)
    }

    /// Whether a member with this flag is left out of a consensus as a whole.
    pub const fn excludes(self) -> bool {
        matches!(self, FlagKind::Shifted | FlagKind::Duplicate | FlagKind::Late)
    }
}

/// One flag of a member: what, where, and the figures.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Flag {
    /// What was noticed.
    pub kind: FlagKind,
    /// The pollutant it is about; `None` for the whole member.
    pub pollutant: Option<Pollutant>,
    /// The place it is about; `None` for all.
    pub place: Option<String>,
    /// The figures, in a sentence.
    pub detail: String,
}

impl Flag {
    pub(crate) fn whole(kind: FlagKind, detail: impl Into<String>) -> Flag {
        Flag { kind, pollutant: None, place: None, detail: detail.into() }
    }

    pub(crate) fn of(kind: FlagKind, pollutant: Pollutant, detail: impl Into<String>) -> Flag {
        Flag { kind, pollutant: Some(pollutant), place: None, detail: detail.into() }
    }

    pub(crate) fn at(mut self, place: &str) -> Flag {
        self.place = Some(place.to_string());
        self
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.code())?;
        if let Some(pollutant) = self.pollutant {
            write!(f, " {pollutant}")?;
        }
        if let Some(place) = &self.place {
            write!(f, " at {place}")?;
        }
        write!(f, ": {}", self.detail)
    }
}
