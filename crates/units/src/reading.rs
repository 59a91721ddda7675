use crate::Concentration;
use serde::{Deserialize, Serialize};

/// What an instrument, a file or an average has to say about one value (读数).
///
/// No data is never "good": a missing value stays missing, with its reason, from importer to screen;
/// a flagged value is kept beside its flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Usable.
    Valid(Concentration),
    /// Usable for now, in doubt, awaiting review (审核中).
    Suspect(Concentration, Flag),
    /// Not usable; the value is kept for inspection (无效).
    Invalid(Concentration, Flag),
    /// No value (缺测).
    Missing(Missing),
}

/// Why a value is missing (缺测原因).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// The source gives no value for this hour.
    NotReported,
    /// The source has no record at all for this hour.
    Absent,
    /// Too few hours for the average.
    TooFewHours,
    /// Too few sites for the area's value.
    TooFewSites,
    /// The source has not been heard from (停更).
    Stale,
}

/// Why a value is in doubt or invalid (质控标记).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flag {
    /// Negative, or above the instrument's range: invalid.
    OutOfRange,
    /// The same value for many hours (恒值).
    Frozen,
    /// A jump up and back (突变).
    Spike,
    /// PM2.5 above PM10 at the same hour (倒挂).
    Pm25AbovePm10,
    /// Far from all neighbours at the same hour (离群).
    NeighbourOutlier,
}

impl Reading {
    /// The value if it may be used: valid or suspect.
    pub fn usable(self) -> Option<Concentration> {
        match self {
            Reading::Valid(value) | Reading::Suspect(value, _) => Some(value),
            Reading::Invalid(..) | Reading::Missing(_) => None,
        }
    }

    /// The value as received, usable or not.
    pub fn received(self) -> Option<Concentration> {
        match self {
            Reading::Valid(value) | Reading::Suspect(value, _) | Reading::Invalid(value, _) => Some(value),
            Reading::Missing(_) => None,
        }
    }

    /// The quality flag, if any.
    pub fn flag(self) -> Option<Flag> {
        match self {
            Reading::Suspect(_, flag) | Reading::Invalid(_, flag) => Some(flag),
            Reading::Valid(_) | Reading::Missing(_) => None,
        }
    }
}

impl Flag {
    /// The code in files, tables and URLs.
    pub const fn code(self) -> &'static str {
        match self {
            Flag::OutOfRange => "out-of-range",
            Flag::Frozen => "frozen",
            Flag::Spike => "spike",
            Flag::Pm25AbovePm10 => "pm25-above-pm10",
            Flag::NeighbourOutlier => "neighbour-outlier",
        }
    }

    /// All flags.
    pub const ALL: [Flag; 5] =
        [Flag::OutOfRange, Flag::Frozen, Flag::Spike, Flag::Pm25AbovePm10, Flag::NeighbourOutlier];

    /// The flag a code names.
    pub fn from_code(code: &str) -> Option<Flag> {
        Flag::ALL.into_iter().find(|flag| flag.code() == code)
    }
}

impl Missing {
    /// The code in files, tables and URLs.
    pub const fn code(self) -> &'static str {
        match self {
            Missing::NotReported => "not-reported",
            Missing::Absent => "absent",
            Missing::TooFewHours => "too-few-hours",
            Missing::TooFewSites => "too-few-sites",
            Missing::Stale => "stale",
        }
    }
}
