use super::chance::{Chance, Stream};
use super::description::{Behaviour, Description};
use crate::edition::Edition;

/// One simulated plant with its logger (模拟企业).
#[derive(Clone, Debug)]
pub struct Plant {
    /// Its number, from 0.
    pub number: usize,
    /// MN of its logger.
    pub mn: String,
    /// Its industry.
    pub industry: &'static str,
    /// How it behaves under the order.
    pub behaviour: Behaviour,
    /// Share of the load it was ordered to cut.
    pub cut: f64,
    /// The edition its logger speaks.
    pub edition: Edition,
    /// Whether it has meters.
    pub has_electricity: bool,
    /// Whether its stack is monitored.
    pub has_stack: bool,
    /// Whether it tells states of equipment.
    pub has_states: bool,
    /// Whether it tells working conditions.
    pub has_conditions: bool,
    pub(super) shift: Shift,
    pub(super) size: f64,
    pub(super) chance: Chance,
}

/// When a plant works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shift {
    /// Day and night.
    Continuous,
    /// Less at night.
    Two,
    /// By day, not on Sundays.
    Day,
}

impl Shift {
    /// The usual load at a minute of the day.
    pub fn load(self, minute_of_day: i64, sunday: bool) -> f64 {
        let works = |from: i64, to: i64| {
            let edge = 60.0;
            let rise = ((minute_of_day - from * 60) as f64 / edge).clamp(0.0, 1.0);
            let fall = ((to * 60 - minute_of_day) as f64 / edge).clamp(0.0, 1.0);
            rise.min(fall)
        };
        match self {
            Shift::Continuous => 0.9,
            Shift::Two => 0.4 + 0.5 * works(6, 23),
            Shift::Day if sunday => 0.0,
            Shift::Day => 0.9 * works(7, 19),
        }
    }
}

const INDUSTRIES: [&str; 4] = ["水泥", "玻璃", "短流程钢铁", "工业涂装"];
/// The golden section deals values out evenly, however many plants there are.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

pub(super) fn plants(fleet: &Description) -> Vec<Plant> {
    (0..fleet.plants).map(|number| plant(fleet, number)).collect()
}

fn plant(fleet: &Description, number: usize) -> Plant {
    let chance = Chance::new(fleet.seed, number);
    let drawn = |place| chance.share(Stream::Plant, 0, place);
    let behaviour = behaviour(fleet, ((number as f64 + 0.5) * GOLDEN).fract());
    let instruments = &fleet.instruments;
    let has_electricity = drawn(0) < instruments.electricity;
    let edition = if drawn(8) < fleet.edition_2025 { Edition::Hj2025 } else { Edition::Hj2017 };
    let shift = match drawn(4) {
        share if share < 0.6 => Shift::Continuous,
        share if share < 0.9 => Shift::Two,
        _ => Shift::Day,
    };
    let cuts = fleet.order.as_ref().map_or(&[1.0][..], |order| &order.cuts);
    Plant {
        number,
        mn: format!("32000000{:016X}", number + 1),
        industry: INDUSTRIES[(drawn(6) * INDUSTRIES.len() as f64) as usize],
        behaviour,
        cut: cuts[(drawn(7) * cuts.len() as f64) as usize],
        edition,
        has_electricity,
        has_stack: drawn(1) < instruments.stack || !has_electricity,
        has_states: drawn(2) < instruments.states,
        // A letter for a value is of 2025.
        has_conditions: edition == Edition::Hj2025 && drawn(3) < instruments.conditions,
        shift,
        size: 0.3 + 2.7 * drawn(5) * drawn(5),
        chance,
    }
}

fn behaviour(fleet: &Description, share: f64) -> Behaviour {
    let sum: f64 = fleet.behaviours.values().sum();
    let mut reached = 0.0;
    let found = fleet.behaviours.iter().find(|(_, weight)| {
        reached += **weight / sum;
        share < reached
    });
    found.map_or(Behaviour::Complying, |(behaviour, _)| *behaviour)
}
