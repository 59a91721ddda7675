use crate::text::{MOST_LINE, optional_line};
use crate::{ConsultError, Material};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use units::{Aqi, AqiLevel, Pollutant, RegionCode};

/// The last lead day that a consultation speaks of.
pub const LAST_LEAD: u8 = 7;
/// Days that a conclusion must cover for every city. HJ 633-2026 asks for at least three days ahead.
pub const LEAST_LEADS: u8 = 3;
pub(crate) const MOST_PRIMARY: usize = 3;
/// The index up to which a day has no primary pollutant (HJ 633).
const NO_PRIMARY_UP_TO: u16 = 50;

/// What is said of one city and day (分城市分日意见): a range of the index, what leads it, how surely, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayCall {
    /// The city, GB/T 2260.
    pub city: RegionCode,
    /// Days after the day of the issue time, 1 to 7.
    pub lead: u8,
    /// Lower end of the range.
    pub lo: Aqi,
    /// Upper end of the range.
    pub hi: Aqi,
    /// Primary pollutants (首要污染物); none up to AQI 50.
    #[serde(default)]
    pub primary: Vec<Pollutant>,
    /// How surely.
    #[serde(default)]
    pub confidence: Confidence,
    /// Why; in a conclusion, why it departs from the bids.
    #[serde(default)]
    pub reason: String,
}

/// How surely something is said (信心).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// 低.
    Low,
    /// 中.
    #[default]
    Medium,
    /// 高.
    High,
}

impl Confidence {
    /// All, the least sure first.
    pub const ALL: [Confidence; 3] = [Confidence::Low, Confidence::Medium, Confidence::High];

    /// Stable text, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }

    /// Chinese name.
    pub const fn name(self) -> &'static str {
        match self {
            Confidence::Low => "低",
            Confidence::Medium => "中",
            Confidence::High => "高",
        }
    }
}

impl DayCall {
    /// The levels that the range touches (级别集合), ascending.
    pub fn levels(&self) -> Vec<AqiLevel> {
        let (low, high) = (AqiLevel::of(self.lo), AqiLevel::of(self.hi));
        AqiLevel::ALL.into_iter().filter(|level| (low..=high).contains(level)).collect()
    }

    /// Whether two calls say the same of the air: range and primary pollutants.
    pub fn says_the_same(&self, other: &DayCall) -> bool {
        self.lo == other.lo && self.hi == other.hi && self.primary == other.primary
    }

    /// The call with its text and pollutants in order; refuses `C-104`, `C-105`, `C-106`.
    fn checked(mut self) -> Result<DayCall, ConsultError> {
        let (city, lead) = (self.city, self.lead);
        if lead == 0 || lead > LAST_LEAD {
            return Err(ConsultError::BadLead(lead));
        }
        if self.lo > self.hi {
            return Err(ConsultError::BadRange { city, lead, lo: self.lo.get(), hi: self.hi.get() });
        }
        let named = self.primary.len();
        self.primary.sort();
        self.primary.dedup();
        let none_needed = self.hi.get() <= NO_PRIMARY_UP_TO;
        let fits = if none_needed { named == 0 } else { (1..=MOST_PRIMARY).contains(&named) };
        if !fits || self.primary.len() != named {
            return Err(ConsultError::BadPrimary { city, lead });
        }
        self.reason = optional_line("reason", &self.reason, MOST_LINE)?;
        Ok(self)
    }
}

/// Calls in order of city and day, each once, on cities that the room is about; refuses `C-104` to `C-109`.
pub(crate) fn checked(days: Vec<DayCall>, material: &Material) -> Result<Vec<DayCall>, ConsultError> {
    let known: BTreeSet<RegionCode> = material.cities.iter().map(|city| city.city).collect();
    let mut days = days.into_iter().map(DayCall::checked).collect::<Result<Vec<_>, _>>()?;
    if let Some(day) = days.iter().find(|day| !known.contains(&day.city)) {
        return Err(ConsultError::UnknownCity(day.city));
    }
    days.sort_by_key(|day| (day.city, day.lead));
    if let Some(pair) = days.windows(2).find(|pair| (pair[0].city, pair[0].lead) == (pair[1].city, pair[1].lead)) {
        return Err(ConsultError::Twice { city: pair[0].city, lead: pair[0].lead });
    }
    if days.is_empty() { Err(ConsultError::NoDays) } else { Ok(days) }
}
