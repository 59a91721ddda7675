use crate::{Check, Plan, Policy, Probability, level_or_none};
use serde::{Deserialize, Serialize};
use units::{BeijingHour, WarningLevel};

/// What one run said of one city (逐次研判).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Saying {
    /// Issue time of the run.
    pub issue: BeijingHour,
    /// Share of members that meet each level or a higher one.
    pub probability: Probability,
}

/// The same with what follows from it and from the runs before.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SteadySaying {
    /// Issue time of the run.
    pub issue: BeijingHour,
    /// Share of members that meet each level or a higher one.
    pub probability: Probability,
    /// The highest level that reaches `act_at` in this run alone.
    #[serde(with = "level_or_none")]
    pub alone: Option<WarningLevel>,
    /// The level proposed with the runs before in mind.
    #[serde(with = "level_or_none")]
    pub level: Option<WarningLevel>,
}

/// How a city's proposals followed each other (建议一致性).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Steadiness {
    /// Run by run, oldest first.
    pub rows: Vec<SteadySaying>,
    /// Changes of the level that each run alone would have made.
    pub changes_alone: usize,
    /// Changes of the level proposed.
    pub changes: usize,
}

impl Policy {
    /// The probability from which acting costs less than waiting: C(false alarm) / (C(false alarm) + C(miss)).
    pub fn acting_probability(&self) -> f64 {
        self.false_alarm_cost / (self.false_alarm_cost + self.miss_cost)
    }
}

/// What successive checks said of one city; runs that do not forecast it are left out.
pub fn sayings(checks: &[(BeijingHour, Check)], city: &str) -> Vec<Saying> {
    let said = |(issue, check): &(BeijingHour, Check)| {
        let city = check.city(city)?;
        Some(Saying { issue: *issue, probability: city.probability })
    };
    checks.iter().filter_map(said).collect()
}

/// Successive proposals for one city that do not flap (滞回).
///
/// A level is taken up when its probability reaches `act_at` and kept until it falls below `keep_at`; between the two
/// the last decision stands. Rows must be in order of their issue times.
pub fn steady(plan: &Plan, sayings: &[Saying]) -> Steadiness {
    let mut rows: Vec<SteadySaying> = Vec::with_capacity(sayings.len());
    for saying in sayings {
        let before = rows.last().and_then(|row| row.level);
        let reached = |bar: f64| {
            plan.levels.iter().rev().map(|rule| rule.level).find(|level| saying.probability.of(*level) >= bar)
        };
        let alone = reached(plan.act_at);
        let kept = reached(plan.policy.keep_at.get()).min(before);
        rows.push(SteadySaying { issue: saying.issue, probability: saying.probability, alone, level: alone.max(kept) });
    }
    let changes = |level: fn(&SteadySaying) -> Option<WarningLevel>| {
        rows.windows(2).filter(|pair| level(&pair[0]) != level(&pair[1])).count()
    };
    let (changes_alone, changes) = (changes(|row| row.alone), changes(|row| row.level));
    Steadiness { rows, changes_alone, changes }
}
