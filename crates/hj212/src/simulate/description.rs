use crate::error::Hj212Error;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::Instant;

/// The most plants of a fleet.
const MOST_PLANTS: usize = 20_000;

/// A fleet of simulated data loggers (模拟设备群), as described in a file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// The same seed gives the same frames.
    pub seed: u64,
    /// How many plants.
    pub plants: usize,
    /// Minutes of one 2051 interval, a divisor of 60.
    pub minute_interval: u16,
    /// What is sent.
    pub reports: Vec<ReportKind>,
    /// Share of loggers that speak the edition of 2025.
    pub edition_2025: f64,
    /// Whether each frame asks for an answer.
    pub wants_answer: bool,
    /// Which share of the plants has which instruments.
    pub instruments: Instruments,
    /// Faults.
    pub faults: Faults,
    /// Weights of the behaviours under the order.
    pub behaviours: BTreeMap<Behaviour, f64>,
    /// The order they are under.
    pub order: Option<SimulatedOrder>,
}

/// What a logger sends (上报内容).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// 2051, stack and electricity.
    Minutes,
    /// 2061, stack and electricity.
    Hours,
    /// 2021, states of equipment.
    States,
    /// ST=45, 2011, a letter of the working condition.
    Conditions,
}

/// Shares of the plants that have each instrument; every plant has electricity or a stack monitor.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instruments {
    /// Meters of production and treatment lines.
    pub electricity: f64,
    /// The stack's online monitor.
    pub stack: f64,
    /// States of equipment.
    pub states: f64,
    /// Working conditions.
    pub conditions: f64,
}

/// How often what fails.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Faults {
    /// Gaps of one to five hours, a day.
    pub gaps: f64,
    /// Share of hours marked D.
    pub fault: f64,
    /// Share of hours marked B.
    pub no_communication: f64,
    /// Drift between two calibrations, at most.
    pub drift: f64,
    /// Standstills that nobody ordered, a month.
    pub standstills: f64,
}

/// How a plant behaves under an order (执行情形).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Behaviour {
    /// Cuts what was ordered and a little more.
    Complying,
    /// Cuts about half of it.
    HalfComplying,
    /// Goes on as usual.
    Ignoring,
    /// Goes on, and marks its values as stopped, or as maintenance.
    FalseMarks,
    /// Goes on, and its stack's values stand still at a good level.
    FrozenValues,
    /// Goes on, and its stack's values are a made-up piece sent again and again.
    CopiedValues,
    /// Goes on, and sends nothing.
    Offline,
    /// Cuts as ordered, and turns treatment off at night.
    TreatmentOff,
}

impl Behaviour {
    /// Stable text, as in files.
    pub const fn code(self) -> &'static str {
        match self {
            Behaviour::Complying => "complying",
            Behaviour::HalfComplying => "half_complying",
            Behaviour::Ignoring => "ignoring",
            Behaviour::FalseMarks => "false_marks",
            Behaviour::FrozenValues => "frozen_values",
            Behaviour::CopiedValues => "copied_values",
            Behaviour::Offline => "offline",
            Behaviour::TreatmentOff => "treatment_off",
        }
    }
}

/// The order that all plants are under.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SimulatedOrder {
    /// Beginning.
    pub from: Instant,
    /// End.
    pub to: Instant,
    /// Shares of the load to be cut, dealt out to the plants in turn.
    pub cuts: Vec<f64>,
}

impl Description {
    /// The fleet that comes with the program.
    pub fn bundled_text() -> &'static str {
        include_str!("../../../../data/hj212/fleet-demo.toml")
    }

    /// Reads a description in TOML; refuses `H-501` with what is wrong.
    pub fn parse(text: &str) -> Result<Description, Hj212Error> {
        let refuse = |cause: toml::de::Error| Hj212Error::Fleet { reason: cause.to_string() };
        toml::from_str::<Description>(text).map_err(refuse)?.checked()
    }

    /// The same, if it can be; refuses `H-501`. For a description that was changed after it was read.
    pub fn checked(self) -> Result<Description, Hj212Error> {
        self.fault().map_or(Ok(self), |reason| Err(Hj212Error::Fleet { reason }))
    }

    fn fault(&self) -> Option<String> {
        let (instruments, faults) = (&self.instruments, &self.faults);
        let shares = [
            ("edition_2025", self.edition_2025),
            ("instruments.electricity", instruments.electricity),
            ("instruments.stack", instruments.stack),
            ("instruments.states", instruments.states),
            ("instruments.conditions", instruments.conditions),
            ("faults.gaps", faults.gaps),
            ("faults.fault", faults.fault),
            ("faults.no_communication", faults.no_communication),
            ("faults.drift", faults.drift),
            ("faults.standstills", faults.standstills),
        ];
        let share = |value: f64| (0.0..=1.0).contains(&value);
        let no_share = shares.iter().find(|(_, value)| !share(*value)).map(|(name, _)| format!("{name} is not 0 to 1"));
        let weights = self.behaviours.values();
        let sum: f64 = weights.clone().sum();
        let bad_weights = weights.clone().any(|weight| !weight.is_finite() || *weight < 0.0) || sum <= 0.0;
        let divides = self.minute_interval > 0 && 60 % self.minute_interval == 0;
        let bad_order = self.order.as_ref().is_some_and(|order| {
            order.from >= order.to || order.cuts.is_empty() || !order.cuts.iter().all(|cut| *cut > 0.0 && *cut <= 1.0)
        });
        no_share
            .or_else(|| {
                (!(1..=MOST_PLANTS).contains(&self.plants)).then(|| format!("plants is not 1 to {MOST_PLANTS}"))
            })
            .or_else(|| (!divides).then(|| "minute_interval does not divide an hour".into()))
            .or_else(|| bad_weights.then(|| "behaviours: weights are positive numbers".into()))
            .or_else(|| {
                bad_order.then(|| "order: it ends after it begins, and its cuts lie above 0 and up to 1".into())
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fleet_that_comes_with_the_program_reads() {
        let fleet = Description::parse(Description::bundled_text()).unwrap();
        assert_eq!((fleet.plants, fleet.minute_interval, fleet.behaviours.len()), (50, 10, 8));
    }

    #[test]
    fn a_fleet_that_cannot_be_is_refused_by_name() {
        for (from, to, named) in [
            ("plants = 50", "plants = 0", "plants"),
            ("plants = 50", "plants = 20001", "plants"),
            ("minute_interval = 10", "minute_interval = 7", "minute_interval"),
            ("stack = 0.85", "stack = 1.01", "instruments.stack"),
            ("complying = 0.50", "complying = -1.0", "behaviours"),
            ("cuts = [0.5, 1.0, 0.3]", "cuts = [0.0]", "order"),
            ("ignoring = 0.10", "sleeping = 0.10", "sleeping"),
            ("seed = 2026", "seed = 2026\ncolour = 1", "colour"),
        ] {
            let text = Description::bundled_text();
            assert!(text.contains(from), "{from}");
            let refused = Description::parse(&text.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(refused.starts_with("H-501") && refused.contains(named), "{refused}");
        }
    }
}
