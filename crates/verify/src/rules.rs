use crate::{Kind, Signal, VerifyError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use units::BeijingDay;

/// How an order is verified (核验规则), as data.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Identifier, named beside every verdict.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// First day on which verdicts are made by it.
    #[serde(deserialize_with = "day")]
    pub effective_from: BeijingDay,
    /// When its numbers were last looked at.
    #[serde(deserialize_with = "day")]
    pub checked_on: BeijingDay,
    /// How sure they are.
    pub confidence: String,
    /// Where they come from.
    pub source: Source,
    /// An hour counts with so many valid minutes.
    pub valid_minutes: u16,
    /// A shortfall counts once it lasts so many adjacent hours.
    pub confirm_hours: usize,
    /// "As ordered" and "short" are said at this probability and above.
    pub probability: f64,
    /// So much of the baseline may be missing before a cut is short.
    pub tolerance: f64,
    /// The share of its hours with which a line was complied with.
    pub line_complied_share: f64,
    /// A value without a mark counts as marked so.
    pub unmarked: char,
    /// How a baseline is made.
    pub baseline: BaselineRule,
    /// By signal; all of them are there.
    pub signals: BTreeMap<Signal, SignalRule>,
    /// When a stack is idle.
    pub stack: StackRule,
    /// When treatment is off.
    pub treatment: TreatmentRule,
    /// What each kind counts in a confidence; all of them are there.
    pub weights: BTreeMap<Kind, f64>,
    /// When data are in doubt.
    pub doubt: DoubtRule,
}

/// Document and clause.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Document.
    pub document: String,
    /// Clause.
    pub clause: String,
}

/// How a baseline is made (基线规则).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineRule {
    /// The latest normal days taken.
    pub days: usize,
    /// The fewest that make a baseline.
    pub least_days: usize,
    /// How far back they may lie.
    pub look_back_days: i32,
    /// A day counts with this share of its hours valid.
    pub valid_share: f64,
    /// A day below this share of the usual level was a standstill.
    pub standstill_share: f64,
}

/// How one signal is read.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalRule {
    /// Marks under which a value is a measurement.
    pub valid: String,
    /// Relative error of the instrument.
    pub error: f64,
    /// No cut above this can be asked of it.
    pub most_cut: f64,
    /// A baseline below this is none; in the signal's unit.
    pub least: f64,
}

/// When a stack is idle, when it runs.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StackRule {
    /// Oxygen from which a stack is idle, %.
    pub oxygen_idle: f64,
    /// Oxygen up to which it runs, %.
    pub oxygen_running: f64,
    /// Temperature above this share of the baseline contradicts idleness.
    pub temperature_idle: f64,
    /// Velocity above this share contradicts idleness.
    pub velocity_idle: f64,
    /// Velocity from this share on says that it runs.
    pub velocity_running: f64,
    /// An order of this cut and above is a stop.
    pub stop_cut: f64,
    /// How sure the state is.
    pub probability: f64,
}

/// Treatment off while production is on.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreatmentRule {
    /// Production is on from this share of its baseline.
    pub production_on: f64,
    /// Treatment is off up to this share of its baseline.
    pub treatment_off: f64,
}

/// When data are in doubt (存疑规则).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoubtRule {
    /// The same value for so long is constant.
    pub constant_minutes: u32,
    /// Unless it stood still so long before, too.
    pub usual_constant_minutes: u32,
    /// This share at the greatest value is clipped.
    pub clipped_share: f64,
    /// Unless so many stood there before, too.
    pub usual_clipped_share: f64,
    /// The fewest values of which a share is taken.
    pub clipped_values: usize,
    /// A run of so many values that came exactly so before is copied.
    pub copied_values: usize,
    /// Marks behind which a peak can be hidden: maintenance, values set by hand.
    pub hidden_marks: String,
    /// The fewest spells of such marks that are looked at.
    pub hidden_spells: usize,
    /// Chance at which spells entered at a height stop being chance.
    pub hidden_probability: f64,
    /// "Stopped" declared so long against measurements is contradicted.
    pub contradicted_minutes: u32,
    /// The share of the baseline load that contradicts it.
    pub contradicted_load: f64,
}

static BUNDLED: LazyLock<Rules> = LazyLock::new(|| {
    Rules::parse("rules-2026.toml", include_str!("../../../data/verify/rules-2026.toml"))
        .expect("the file is part of the program and a test reads it")
});

impl Rules {
    /// The rules that come with the program.
    pub fn bundled() -> &'static Rules {
        &BUNDLED
    }

    /// Reads rules; refuses `V-101` with the file's name and what is wrong.
    pub fn parse(file: &str, text: &str) -> Result<Rules, VerifyError> {
        let rules: Rules = read(file, text)?;
        match rules.fault() {
            Some(reason) => Err(VerifyError::data(file, reason)),
            None => Ok(rules),
        }
    }

    /// How a signal is read.
    pub fn signal(&self, signal: Signal) -> &SignalRule {
        &self.signals[&signal]
    }

    /// What a kind counts.
    pub fn weight(&self, kind: Kind) -> f64 {
        self.weights[&kind]
    }

    fn fault(&self) -> Option<String> {
        let share = |value: f64| (0.0..=1.0).contains(&value);
        let shares = [
            ("tolerance", self.tolerance),
            ("line_complied_share", self.line_complied_share),
            ("baseline.valid_share", self.baseline.valid_share),
            ("baseline.standstill_share", self.baseline.standstill_share),
            ("stack.temperature_idle", self.stack.temperature_idle),
            ("stack.velocity_idle", self.stack.velocity_idle),
            ("stack.velocity_running", self.stack.velocity_running),
            ("stack.stop_cut", self.stack.stop_cut),
            ("treatment.production_on", self.treatment.production_on),
            ("treatment.treatment_off", self.treatment.treatment_off),
            ("doubt.clipped_share", self.doubt.clipped_share),
            ("doubt.usual_clipped_share", self.doubt.usual_clipped_share),
            ("doubt.hidden_probability", self.doubt.hidden_probability),
            ("doubt.contradicted_load", self.doubt.contradicted_load),
        ];
        let no_share = shares.iter().find(|(_, value)| !share(*value)).map(|(name, _)| format!("{name} is no share"));
        let all_signals = Signal::ALL.iter().find(|signal| !self.signals.contains_key(signal));
        let all_weights = Kind::ALL.iter().find(|kind| !self.weights.contains_key(kind));
        let bad_signal = self.signals.iter().find(|(_, rule)| {
            !share(rule.error)
                || !share(rule.most_cut)
                || rule.most_cut == 0.0
                || rule.least.is_nan()
                || rule.least <= 0.0
        });
        let bad_weight = self.weights.iter().find(|(_, weight)| !share(**weight));
        let even = |value: f64| (0.5..1.0).contains(&value);
        no_share
            .or_else(|| all_signals.map(|signal| format!("signals.{} is missing", signal.code())))
            .or_else(|| all_weights.map(|kind| format!("weights.{} is missing", kind.code())))
            .or_else(|| {
                bad_signal.map(|(signal, _)| format!("signals.{}: a number is out of its range", signal.code()))
            })
            .or_else(|| bad_weight.map(|(kind, _)| format!("weights.{} is no share", kind.code())))
            .or_else(|| (!even(self.probability)).then(|| "probability is not from 0.5 to below 1".into()))
            .or_else(|| (!even(self.stack.probability)).then(|| "stack.probability is not from 0.5 to below 1".into()))
            .or_else(|| (!(1..=60).contains(&self.valid_minutes)).then(|| "valid_minutes is not from 1 to 60".into()))
            .or_else(|| (!(1..=24).contains(&self.confirm_hours)).then(|| "confirm_hours is not from 1 to 24".into()))
            .or_else(|| {
                let days = &self.baseline;
                let ordered =
                    1 <= days.least_days && days.least_days <= days.days && (1..=366).contains(&days.look_back_days);
                (!ordered).then(|| "baseline: least_days, days and look_back_days do not fit each other".into())
            })
            .or_else(|| {
                let few =
                    self.doubt.copied_values < 6 || self.doubt.constant_minutes < 30 || self.doubt.clipped_values < 6;
                few.then(|| "doubt: so few values repeat by chance".into())
            })
            .or_else(|| {
                let stack = &self.stack;
                let ordered = stack.oxygen_running < stack.oxygen_idle && stack.velocity_idle <= stack.velocity_running;
                (!ordered).then(|| "stack: idle and running overlap".into())
            })
    }
}

/// What a data file says, by its form alone; refuses `V-101`.
pub(crate) fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, VerifyError> {
    toml::from_str(text).map_err(|cause| VerifyError::data(file, cause.to_string()))
}

pub(crate) fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BeijingDay, D::Error> {
    toml::value::Datetime::deserialize(deserializer)?.to_string().parse().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = include_str!("../../../data/verify/rules-2026.toml");

    #[test]
    fn the_bundled_rules_read() {
        let rules = Rules::bundled();
        assert_eq!((rules.valid_minutes, rules.confirm_hours, rules.baseline.days), (45, 2, 14));
        assert_eq!(rules.signal(Signal::MassNox).valid, "N");
    }

    #[test]
    fn rules_that_contradict_themselves_are_refused_by_file_and_name() {
        for (from, to, named) in [
            ("probability = 0.90\n# A cut", "probability = 0.4\n# A cut", "probability"),
            ("tolerance = 0.10", "tolerance = 1.10", "tolerance"),
            ("[signals.oxygen]", "[signals.ozone]", "ozone"),
            ("photo = 0.3", "", "weights.photo"),
            ("valid_minutes = 45", "valid_minutes = 0", "valid_minutes"),
            ("least_days = 7", "least_days = 15", "least_days"),
            ("oxygen_idle = 19.0", "oxygen_idle = 16.0", "stack"),
            ("confirm_hours = 2", "confirm_hours = 0", "confirm_hours"),
            ("copied_values = 18", "copied_values = 2", "doubt"),
            ("unmarked = \"N\"", "unmarked = \"N\"\ncolour = 1", "colour"),
        ] {
            assert!(TEXT.contains(from), "{from}");
            let refused = Rules::parse("mine.toml", &TEXT.replace(from, to)).unwrap_err().to_string();
            assert!(refused.starts_with("V-101 mine.toml") && refused.contains(named), "{named}: {refused}");
        }
    }
}
