use crate::{ConsultError, RoomKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use units::Share;

const MINUTES_A_DAY: u32 = 24 * 60;

static BUNDLED: LazyLock<TempoRule> = LazyLock::new(|| {
    TempoRule::parse("tempo-default.toml", include_str!("../../../data/consult/tempo-default.toml"))
        .expect("the file is part of the program and a test reads it")
});

/// How often to meet (会商频次规则), as data.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct TempoRule {
    /// Identifier, named beside every plan.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// How sure its numbers are.
    pub confidence: String,
    /// Whether bids are hidden until one's own is in.
    pub hide_bids: bool,
    /// Bids are waited for so long after the opening.
    pub bid_minutes: u32,
    /// Whoever has none is reminded so long before that.
    pub remind_minutes: u32,
    /// A step that was reached is held so long, whatever the probabilities do.
    pub hold_hours: u32,
    /// An opening that was missed is made up for so long.
    pub grace_minutes: u32,
    /// Steps, the calmest first.
    pub steps: Vec<TempoStep>,
}

/// One step of the rule.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TempoStep {
    /// Identifier.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Full hours of the day at which a room opens, 0 to 23, ascending.
    pub at: Vec<u8>,
    /// What its rooms are.
    pub kind: RoomKind,
    /// The step is taken when one of these is reached; the calmest step has none.
    #[serde(default)]
    pub raise: Thresholds,
    /// It is kept while one of these is reached.
    #[serde(default)]
    pub keep: Thresholds,
}

/// Probabilities that make a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Of a daily index above 150 in any city on any day.
    pub above150: Option<Share>,
    /// Of a daily index above 200.
    pub above200: Option<Share>,
    /// Of two days in a row above 150, calibrated.
    pub event48: Option<Share>,
}

impl Thresholds {
    pub(crate) fn all(&self) -> [Option<Share>; 3] {
        [self.above150, self.above200, self.event48]
    }
}

impl TempoRule {
    /// The rule that is used when no other is configured.
    pub fn bundled() -> &'static TempoRule {
        &BUNDLED
    }

    /// Reads a rule; refuses `C-110` naming what does not hold together.
    pub fn parse(file: &str, text: &str) -> Result<TempoRule, ConsultError> {
        let refused = |reason: String| ConsultError::RuleFile { file: file.to_string(), reason };
        let rule: TempoRule =
            toml::from_str(text).map_err(|error| refused(error.to_string().trim_end().to_string()))?;
        rule.fault().map_or(Ok(rule.clone()), |fault| Err(refused(fault)))
    }

    fn fault(&self) -> Option<String> {
        let ids: BTreeSet<&str> = self.steps.iter().map(|step| step.id.as_str()).collect();
        if self.steps.is_empty() || ids.len() != self.steps.len() {
            return Some("steps must be there, each with its own id".into());
        }
        if self.bid_minutes == 0 || self.bid_minutes > MINUTES_A_DAY || self.remind_minutes >= self.bid_minutes {
            return Some("bid_minutes is 1 to 1440 and remind_minutes less".into());
        }
        if self.grace_minutes >= MINUTES_A_DAY {
            return Some("grace_minutes is less than a day".into());
        }
        for (place, step) in self.steps.iter().enumerate() {
            if step.at.is_empty() || step.at.iter().any(|hour| *hour > 23) || !step.at.is_sorted_by(|a, b| a < b) {
                return Some(format!("step {}: hours are 0 to 23 and rise", step.id));
            }
            if step.raise.all().iter().all(Option::is_none) != (place == 0) {
                return Some(format!("step {}: every step but the first says when it is taken", step.id));
            }
            let pairs = step.keep.all().into_iter().zip(step.raise.all());
            if pairs.into_iter().any(|(keep, raise)| keep.is_some_and(|keep| raise.is_none_or(|raise| keep > raise))) {
                return Some(format!("step {}: what keeps a step is not above what takes it", step.id));
            }
        }
        None
    }

    pub(crate) fn place(&self, id: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.id == id)
    }
}
