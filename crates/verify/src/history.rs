use crate::{Outcome, Verdict, VerifyError};
use serde::{Deserialize, Serialize};
use units::{AccountId, Instant};

const MOST_REASON: usize = 1000;

/// Why a version of a verdict was made (版本来由).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum Cause {
    /// The first.
    First,
    /// Data that came later, corrected or filled in.
    LateData,
    /// Other rules, or another order line.
    Rules,
    /// Somebody overruled it (人工改判).
    Override {
        /// Who.
        by: AccountId,
        /// Why.
        reason: String,
    },
    /// The override was taken back (撤销改判).
    OverrideWithdrawn {
        /// Who.
        by: AccountId,
        /// Why.
        reason: String,
    },
}

/// One version of a verdict; none is ever changed or removed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// From 1.
    pub number: u32,
    /// When.
    pub at: Instant,
    /// Why.
    pub cause: Cause,
    /// What stands by this version; of an override, what the person decided.
    pub outcome: Outcome,
    /// What the evidence says.
    pub computed: Verdict,
}

/// The verdicts of one hour of an order, all of them (小时核验记录).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HourRecord {
    /// Oldest first; never empty.
    versions: Vec<Version>,
}

impl HourRecord {
    /// Begins with the first verdict.
    pub fn first(computed: Verdict, at: Instant) -> HourRecord {
        let outcome = computed.outcome;
        HourRecord { versions: vec![Version { number: 1, at, cause: Cause::First, outcome, computed }] }
    }

    /// All versions, oldest first.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// What stands.
    pub fn latest(&self) -> &Version {
        self.versions.last().expect("a record begins with a version")
    }

    /// Whether a person's decision stands, whatever the evidence says.
    pub fn overridden(&self) -> bool {
        self.standing_override().is_some()
    }

    /// Takes a verdict made anew. The same changes nothing; another opens the record again and both are kept. A person's
    /// decision goes on standing until it is taken back. Refuses `V-304`.
    pub fn reconsider(mut self, computed: Verdict, cause: Cause, at: Instant) -> Result<HourRecord, VerifyError> {
        let latest = self.latest();
        if computed.hour != latest.computed.hour {
            let (expected, found) = (latest.computed.hour.to_string(), computed.hour.to_string());
            return Err(VerifyError::AnotherHour { expected, found });
        }
        if computed != latest.computed {
            let outcome = self.standing_override().unwrap_or(computed.outcome);
            self.push(at, cause, outcome, computed);
        }
        Ok(self)
    }

    /// Overrules by hand (人工改判). Refuses `V-301` without a reason, `V-302` what stands already.
    pub fn overrule(
        mut self,
        outcome: Outcome,
        reason: &str,
        by: AccountId,
        at: Instant,
    ) -> Result<HourRecord, VerifyError> {
        let reason = checked(reason)?;
        if outcome == self.latest().outcome {
            return Err(VerifyError::SameOutcome(outcome.code()));
        }
        let computed = self.latest().computed.clone();
        self.push(at, Cause::Override { by, reason }, outcome, computed);
        Ok(self)
    }

    /// Takes an override back: what the evidence says stands again. Refuses `V-301`, `V-303`.
    pub fn withdraw(mut self, reason: &str, by: AccountId, at: Instant) -> Result<HourRecord, VerifyError> {
        let reason = checked(reason)?;
        self.standing_override().ok_or(VerifyError::NoOverride)?;
        let computed = self.latest().computed.clone();
        self.push(at, Cause::OverrideWithdrawn { by, reason }, computed.outcome, computed);
        Ok(self)
    }

    fn standing_override(&self) -> Option<Outcome> {
        self.versions.iter().rev().find_map(|version| match version.cause {
            Cause::Override { .. } => Some(Some(version.outcome)),
            Cause::OverrideWithdrawn { .. } => Some(None),
            _ => None,
        })?
    }

    fn push(&mut self, at: Instant, cause: Cause, outcome: Outcome, computed: Verdict) {
        let number = self.latest().number.saturating_add(1);
        self.versions.push(Version { number, at, cause, outcome, computed });
    }
}

fn checked(reason: &str) -> Result<String, VerifyError> {
    let reason = reason.trim();
    let fits = !reason.is_empty()
        && reason.chars().count() <= MOST_REASON
        && !reason.chars().any(|letter| letter.is_control() && letter != '\n');
    fits.then(|| reason.to_string()).ok_or(VerifyError::NoReason { most: MOST_REASON })
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::Share;

    fn verdict(outcome: Outcome, confidence: f64) -> Verdict {
        Verdict {
            hour: "2026-01-20T09:00:00+08:00".parse().unwrap(),
            outcome,
            confidence: Share::new(confidence).unwrap(),
            violations: vec![],
            delivered: None,
            reasons: vec![],
            pieces: vec![],
            supplementary: false,
            rules: "rules-2026".into(),
        }
    }

    fn at(hour: u32) -> Instant {
        format!("2026-01-20T{hour:02}:30:00+08:00").parse().unwrap()
    }

    fn officer() -> AccountId {
        "officer".parse().unwrap()
    }

    #[test]
    fn late_data_open_a_verdict_again_and_both_are_kept() {
        let record = HourRecord::first(verdict(Outcome::Unverifiable, 0.0), at(9));
        let same = record.clone().reconsider(verdict(Outcome::Unverifiable, 0.0), Cause::LateData, at(10)).unwrap();
        assert_eq!(same, record);
        let later = record.reconsider(verdict(Outcome::Complied, 0.95), Cause::LateData, at(12)).unwrap();
        let outcomes: Vec<_> = later.versions().iter().map(|v| (v.number, v.outcome)).collect();
        assert_eq!(outcomes, [(1, Outcome::Unverifiable), (2, Outcome::Complied)]);
        assert_eq!(later.latest().cause, Cause::LateData);
    }

    #[test]
    fn an_override_stands_until_it_is_taken_back_whatever_comes_later() {
        let record = HourRecord::first(verdict(Outcome::Violated, 0.9), at(9));
        let record = record.overrule(Outcome::Exempt, "保供热，见函", officer(), at(10)).unwrap();
        let record = record.reconsider(verdict(Outcome::Violated, 0.99), Cause::LateData, at(11)).unwrap();
        assert_eq!((record.latest().outcome, record.latest().computed.outcome), (Outcome::Exempt, Outcome::Violated));
        assert!(record.overridden());
        let record = record.withdraw("函件撤回", officer(), at(12)).unwrap();
        assert_eq!((record.latest().outcome, record.versions().len()), (Outcome::Violated, 4));
        assert!(!record.overridden());
        assert_eq!(record.withdraw("again", officer(), at(13)), Err(VerifyError::NoOverride));
    }

    #[test]
    fn an_override_needs_a_reason_and_something_to_change() {
        let record = HourRecord::first(verdict(Outcome::Violated, 0.9), at(9));
        let overrule = |outcome, reason: &str| record.clone().overrule(outcome, reason, officer(), at(10));
        for reason in ["", "  ", "\u{7}", &"长".repeat(1001)] {
            assert_eq!(overrule(Outcome::Complied, reason), Err(VerifyError::NoReason { most: 1000 }));
        }
        assert!(overrule(Outcome::Complied, &"长".repeat(1000)).is_ok());
        assert_eq!(overrule(Outcome::Violated, "why"), Err(VerifyError::SameOutcome("violated")));
    }

    #[test]
    fn a_verdict_of_another_hour_is_refused() {
        let record = HourRecord::first(verdict(Outcome::Violated, 0.9), at(9));
        let mut other = verdict(Outcome::Complied, 0.9);
        other.hour = other.hour + 1;
        assert!(record.reconsider(other, Cause::LateData, at(10)).unwrap_err().to_string().starts_with("V-304"));
    }
}
