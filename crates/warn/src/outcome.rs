use crate::CourseFlag;
use serde::{Deserialize, Serialize};
use units::{Instant, WarningLevel};

/// What a plan says of a forecast (预警研判结果): a proposal, not a warning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// Id of the plan.
    pub plan: String,
    /// Members of the forecast.
    pub members: usize,
    /// One entry a city, in the order of the forecast.
    pub cities: Vec<CityCheck>,
    /// All cities together.
    pub region: RegionCheck,
    /// What is wrong with the courses, so that a probability says less than it seems to.
    #[serde(default)]
    pub flags: Vec<CourseFlag>,
}

impl Check {
    /// What is said of one city; `None` of one that was not forecast.
    pub fn city(&self, city: &str) -> Option<&CityCheck> {
        self.cities.iter().find(|one| one.city == city)
    }
}

/// What a plan says of one city.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CityCheck {
    /// City, as in the forecast.
    pub city: String,
    /// The highest level whose probability reaches the plan's `act_at`; `"none"` in JSON when there is none.
    #[serde(with = "level_or_none")]
    pub level: Option<WarningLevel>,
    /// Start of the first block of the condition that fired, median over the members that meet the level.
    pub start: Option<Instant>,
    /// End of the last hour of that episode, median over the same members.
    pub end: Option<Instant>,
    /// The rule that fired in most of them, in Chinese.
    pub rule: Option<String>,
    /// The same in English.
    pub rule_en: Option<String>,
    /// Members that say anything of the city; with none, nothing follows for it.
    pub members: usize,
    /// Share of them that meet a level or a higher one.
    pub probability: Probability,
    /// When the episode starts, over the members that meet the level.
    pub start_quantiles: Option<Quantiles>,
    /// When it ends, over the same members.
    pub end_quantiles: Option<Quantiles>,
    /// What would have to change for the level not to be met (with no level: to be met), in Chinese.
    pub unless: Option<String>,
    /// The same in English.
    pub unless_en: Option<String>,
}

/// Share of members that meet a level or a higher one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Probability {
    /// Yellow or higher.
    pub yellow: f64,
    /// Orange or higher.
    pub orange: f64,
    /// Red.
    pub red: f64,
}

impl Probability {
    /// By level.
    pub fn of(&self, level: WarningLevel) -> f64 {
        match level {
            WarningLevel::Yellow => self.yellow,
            WarningLevel::Orange => self.orange,
            WarningLevel::Red => self.red,
        }
    }

    pub(crate) fn set(&mut self, level: WarningLevel, share: f64) {
        match level {
            WarningLevel::Yellow => self.yellow = share,
            WarningLevel::Orange => self.orange = share,
            WarningLevel::Red => self.red = share,
        }
    }
}

/// Quantiles of a moment over members.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantiles {
    /// 10 %.
    pub q10: Instant,
    /// 25 %.
    pub q25: Instant,
    /// Median.
    pub q50: Instant,
    /// 75 %.
    pub q75: Instant,
    /// 90 %.
    pub q90: Instant,
}

impl Quantiles {
    pub(crate) fn of(at: impl Fn(f64) -> Instant) -> Quantiles {
        Quantiles { q10: at(0.1), q25: at(0.25), q50: at(0.5), q75: at(0.75), q90: at(0.9) }
    }
}

/// All cities together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegionCheck {
    /// The highest level of any city.
    #[serde(with = "level_or_none")]
    pub level: Option<WarningLevel>,
    /// Earliest start of a city at any level.
    pub start: Option<Instant>,
    /// Latest end of a city at any level.
    pub end: Option<Instant>,
    /// Cities proposed for yellow or higher.
    pub yellow: Vec<String>,
    /// Cities proposed for orange or higher.
    pub orange: Vec<String>,
    /// Cities proposed for red.
    pub red: Vec<String>,
    /// Share of members in which at least one city meets the level or a higher one.
    pub probability: Probability,
}

/// A level in JSON: its code, or `none`.
pub mod level_or_none {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use units::WarningLevel;

    /// Writes the code or `none`.
    pub fn serialize<S: Serializer>(level: &Option<WarningLevel>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(level.map_or("none", WarningLevel::code))
    }

    /// Reads the code or `none`.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<WarningLevel>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let level = WarningLevel::ALL.into_iter().find(|level| level.code() == text);
        if level.is_none() && text != "none" {
            return Err(D::Error::custom(format!("no warning level {text:?}")));
        }
        Ok(level)
    }
}
