use crate::{CauseResponse, Linkage, WarnError};
use event::Digest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use units::{BeijingDay, Pollutant, RegionCode, Share, WarningLevel};

/// One edition of a heavy-pollution warning plan (重污染天气预警分级), as data.
///
/// What the law leaves open (how hours are counted, from which probability to act, which gap joins two
/// episodes) is a setting here with its confidence, never code.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Identifier every result carries.
    pub id: String,
    /// Version of the file; a change of meaning is a new version.
    pub version: String,
    /// Digest of the file's text, for example `sha256:…`.
    #[serde(skip)]
    pub digest: String,
    /// The region it is for; without one, the whole country.
    #[serde(default)]
    pub region: Option<RegionCode>,
    /// Chinese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// First day of effect.
    #[serde(deserialize_with = "day")]
    pub effective_from: BeijingDay,
    /// Last day of effect, when there is one.
    #[serde(default, deserialize_with = "optional_day")]
    pub effective_until: Option<BeijingDay>,
    /// When a person last compared it with its source.
    #[serde(deserialize_with = "day")]
    pub checked_on: BeijingDay,
    /// How sure which part is, in Chinese.
    pub confidence: String,
    /// The same in English, when it was written.
    #[serde(default)]
    pub confidence_en: Option<String>,
    /// Settings whose value the source does not give or could not be read: configuration until a person has read it.
    #[serde(default)]
    pub configured: Vec<String>,
    /// Where it was read.
    pub source: Source,
    /// Pollutants that lead to the full response.
    pub pollutants: Vec<Pollutant>,
    /// How hours are counted.
    #[serde(default)]
    pub window: Window,
    /// Share of members from which a level is proposed.
    #[serde(default = "half")]
    pub act_at: f64,
    /// Episodes of one city with a shorter gap are one, hours.
    pub merge_hours: u32,
    /// A warning may be lifted when the air is forecast to stay below the threshold for longer than this, hours.
    pub lift_below_hours: u32,
    /// A warning is issued so long before its start, hours.
    pub lead_hours: u32,
    /// A forecast older than this carries no decision, hours.
    pub max_forecast_age_hours: u32,
    /// When a warning is issued at once.
    pub late: Late,
    /// What each cause of pollution leads to.
    pub causes: Vec<CauseResponse>,
    /// How steady proposals are, and what an error costs.
    pub policy: Policy,
    /// Temporary control before a warning (预警前管控), when the plan knows it.
    #[serde(default)]
    pub precontrol: Option<Rule>,
    /// Areas that act together on a prompt from above.
    #[serde(default)]
    pub linkage: Vec<Linkage>,
    /// Levels, ascending.
    pub levels: Vec<LevelRule>,
}

/// Least cut of the total local emissions at one level, shares.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reduction {
    /// SO2.
    #[serde(rename = "SO2")]
    pub so2: Share,
    /// NOx.
    #[serde(rename = "NOx")]
    pub nox: Share,
    /// Particulate matter.
    #[serde(rename = "PM")]
    pub pm: Share,
    /// Volatile organic compounds.
    #[serde(rename = "VOCs")]
    pub vocs: Share,
}

impl Reduction {
    /// By name, in the order of the plans.
    pub fn by_name(&self) -> [(&'static str, Share); 4] {
        [("SO2", self.so2), ("NOx", self.nox), ("PM", self.pm), ("VOCs", self.vocs)]
    }
}

/// Late detection (滞后发现): the air is above the bound already and does not clearly improve within the hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Late {
    /// The bound of the 24-hour AQI.
    pub aqi_gt: u16,
    /// Hours.
    pub hours: u32,
}

/// How proposals follow each other, and what an error costs (研判策略).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// A level that was proposed is kept while its probability reaches this share.
    pub keep_at: Share,
    /// What an episode without a warning costs, in any unit.
    pub miss_cost: f64,
    /// What a warning without an episode costs, in the same unit.
    pub false_alarm_cost: f64,
}

/// Where a plan was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Document number or title.
    pub document: String,
    /// Clause.
    #[serde(default)]
    pub clause: String,
    /// Where the text was read.
    #[serde(default)]
    pub url: String,
}

/// How far the answer to a kind of pollution goes (响应范围).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// 应急响应: reduction measures by level.
    Full,
    /// 健康提示: advice to the public; measures are optional.
    HealthAdvice,
}

impl Response {
    /// Chinese and English name.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Response::Full => ("应急响应", "full response"),
            Response::HealthAdvice => ("健康提示", "health advice"),
        }
    }
}

/// How "AQI > x for h hours" is read (时段口径).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Window {
    /// h/24 adjacent 24-hour blocks anchored at any hour, each with a mean-based AQI above x.
    #[default]
    Blocks,
    /// The same with blocks that are calendar days.
    CalendarDays,
    /// Every running 24-hour mean that ends within the last h-23 of the h hours is above x.
    Running,
}

/// What makes one level.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct LevelRule {
    /// Yellow, orange or red.
    pub level: WarningLevel,
    /// Response grade (响应级别): III, II or I.
    pub response: String,
    /// Least cut of the total local emissions (减排比例下限).
    pub reduction: Reduction,
    /// What must hold.
    #[serde(flatten)]
    pub when: Rule,
}

/// A condition or a combination of conditions.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Rule {
    /// AQI > x for h hours.
    Condition(Condition),
    /// One of them is enough.
    AnyOf {
        /// Alternatives, in the order of the text.
        any_of: Vec<Rule>,
    },
    /// All of them in one episode.
    AllOf {
        /// Parts, in the order of the text.
        all_of: Vec<Rule>,
    },
}

/// AQI above a bound, strictly, for a multiple of 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Condition {
    /// The bound; an AQI equal to it does not count.
    pub aqi_gt: u16,
    /// Hours, a multiple of 24.
    pub hours: u32,
}

impl Plan {
    /// Reads a plan file; refuses `W-101` with the file and what is wrong.
    pub fn parse(file: &str, text: &str) -> Result<Plan, WarnError> {
        let refused = |reason: String| WarnError::Plan { file: file.to_string(), reason };
        let mut plan: Plan = toml::from_str(text).map_err(|error| refused(error.to_string().trim_end().to_string()))?;
        plan.digest = Digest::Sha256.written_of(text.as_bytes());
        plan.fault().map_or(Ok(plan), |fault| Err(refused(fault)))
    }

    fn fault(&self) -> Option<String> {
        if self.levels.is_empty() || !self.levels.is_sorted_by(|a, b| a.level < b.level) {
            return Some("levels must be named once each, in ascending order".into());
        }
        if !(self.act_at > 0.0 && self.act_at <= 1.0) {
            return Some(format!("act_at {} is not above 0 and at most 1", self.act_at));
        }
        self.levels.iter().find_map(|rule| rule.when.fault().map(|fault| format!("{}: {fault}", rule.level.code())))
    }
}

impl Rule {
    /// The AQI bounds that its conditions name.
    pub fn bounds(&self) -> BTreeSet<u16> {
        match self {
            Rule::Condition(condition) => BTreeSet::from([condition.aqi_gt]),
            Rule::AnyOf { any_of: parts } | Rule::AllOf { all_of: parts } => {
                parts.iter().flat_map(Rule::bounds).collect()
            }
        }
    }

    /// The ways in which the rule can be met, one after the other.
    pub(crate) fn alternatives(&self) -> &[Rule] {
        match self {
            Rule::AnyOf { any_of } => any_of,
            Rule::Condition(_) | Rule::AllOf { .. } => std::slice::from_ref(self),
        }
    }

    fn fault(&self) -> Option<String> {
        match self {
            Rule::Condition(condition)
                if condition.hours == 0 || condition.hours % 24 != 0 || condition.hours > 240 =>
            {
                Some(format!("{} hours is not a multiple of 24 between 24 and 240", condition.hours))
            }
            Rule::Condition(condition) if condition.aqi_gt >= 500 => {
                Some(format!("no AQI is above {}", condition.aqi_gt))
            }
            Rule::Condition(_) => None,
            Rule::AnyOf { any_of: parts } | Rule::AllOf { all_of: parts } if parts.is_empty() => {
                Some("an empty list of conditions".into())
            }
            Rule::AnyOf { any_of: parts } | Rule::AllOf { all_of: parts } => parts.iter().find_map(Rule::fault),
        }
    }
}

impl Condition {
    /// The bound as courses hold their indices; a plan's bounds are below 500.
    pub(crate) fn bound(&self) -> i16 {
        i16::try_from(self.aqi_gt).unwrap_or(i16::MAX)
    }
}

fn half() -> f64 {
    0.5
}

fn day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<BeijingDay, D::Error> {
    toml::value::Datetime::deserialize(deserializer)?.to_string().parse().map_err(serde::de::Error::custom)
}

fn optional_day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<BeijingDay>, D::Error> {
    day(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_that_contradicts_itself_is_refused_with_the_level() {
        let text = include_str!("../../../data/plans/national-2024.toml");
        for (from, to, said) in [
            ("hours = 48 }]", "hours = 47 }]", "yellow: 47 hours"),
            ("level = \"orange\"", "level = \"yellow\"", "ascending"),
            ("act_at = 0.5", "act_at = 0.0", "act_at 0"),
            ("aqi_gt = 300", "aqi_gt = 500", "red: no AQI is above 500"),
            ("merge_hours = 36", "merge_hour = 36", "merge_hour"),
        ] {
            let error = Plan::parse("x.toml", &text.replace(from, to)).unwrap_err().to_string();
            assert!(error.starts_with("W-101 plan x.toml") && error.contains(said), "{error}");
        }
    }
}
