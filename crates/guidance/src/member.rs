use crate::GuidanceError;
use crate::flag::Flag;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::{BeijingHour, Pollutant};

/// Output of one model run at some places (一个模式一次起报在各城市的结果).
///
/// Values are µg/m³, CO mg/m³, NaN where the run says nothing. An hourly value is named by the end of its
/// hour; a daily one by the last hour of its day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Name of the model.
    pub model: String,
    /// Issue time.
    pub run: BeijingHour,
    /// Hours that one value is the mean of: 1 or 24.
    pub span_hours: u8,
    /// Cities or stations.
    pub places: Vec<String>,
    /// Ends of the hours or days, ascending.
    pub hours: Vec<BeijingHour>,
    /// Place by place, hour by hour.
    pub values: BTreeMap<Pollutant, Vec<f64>>,
    /// What was noticed.
    pub flags: Vec<Flag>,
}

impl Member {
    /// The value at a place and hour by their positions; NaN where there is none.
    pub fn value(&self, pollutant: Pollutant, place: usize, hour: usize) -> f64 {
        let inside = place < self.places.len() && hour < self.hours.len();
        let at = |values: &Vec<f64>| values.get(place * self.hours.len() + hour).copied();
        self.values.get(&pollutant).filter(|_| inside).and_then(at).unwrap_or(f64::NAN)
    }

    /// The course of a pollutant at a place; empty when the member does not have it.
    pub fn course(&self, pollutant: Pollutant, place: usize) -> &[f64] {
        let n = self.hours.len();
        self.values.get(&pollutant).and_then(|values| values.get(place * n..(place + 1) * n)).unwrap_or(&[])
    }

    /// Whether a consensus may use it: no flag speaks against the whole member.
    pub fn usable(&self) -> bool {
        !self.flags.iter().any(|flag| flag.kind.excludes())
    }

    /// Values that are numbers.
    pub fn filled(&self) -> usize {
        self.values.values().flatten().filter(|value| value.is_finite()).count()
    }
}

/// Every station of the country for twenty days has 700,000.
const MOST_VALUES: usize = 4_000_000;

/// Collects values in any order.
pub(crate) struct Collector {
    pub(crate) model: String,
    pub(crate) run: BeijingHour,
    pub(crate) span_hours: u8,
    pub(crate) flags: Vec<Flag>,
    places: Vec<String>,
    position: BTreeMap<String, usize>,
    values: BTreeMap<(Pollutant, usize, BeijingHour), f64>,
}

impl Collector {
    pub(crate) fn new(model: &str, run: BeijingHour, span_hours: u8) -> Collector {
        let (places, position, values) = (vec![], BTreeMap::new(), BTreeMap::new());
        Collector { model: model.to_string(), run, span_hours, flags: vec![], places, position, values }
    }

    /// The position of a place, matched exactly; new places are appended.
    pub(crate) fn place(&mut self, name: &str) -> usize {
        if let Some(position) = self.position.get(name) {
            return *position;
        }
        self.position.insert(name.to_string(), self.places.len());
        self.places.push(name.to_string());
        self.places.len() - 1
    }

    /// Sets a value; `false` when there was a different one.
    pub(crate) fn set(&mut self, pollutant: Pollutant, place: usize, hour: BeijingHour, value: f64) -> bool {
        match self.values.insert((pollutant, place, hour), value) {
            Some(before) => before.to_bits() == value.to_bits(),
            None => true,
        }
    }

    /// Refuses `J-113`: rows that each name another place and another hour would make a table of their product.
    pub(crate) fn finish(self, layout: &'static str) -> Result<Member, GuidanceError> {
        let mut hours: Vec<BeijingHour> = self.values.keys().map(|(_, _, hour)| *hour).collect();
        hours.sort_unstable();
        hours.dedup();
        let size = self.places.len().saturating_mul(hours.len());
        if size > MOST_VALUES {
            return Err(GuidanceError::TooMany { layout, what: "places times hours", limit: MOST_VALUES });
        }
        let mut values: BTreeMap<Pollutant, Vec<f64>> = BTreeMap::new();
        for ((pollutant, place, hour), value) in self.values {
            let column = hours.binary_search(&hour).expect("every hour was collected above");
            values.entry(pollutant).or_insert_with(|| vec![f64::NAN; size])[place * hours.len() + column] = value;
        }
        let (model, run, span_hours) = (self.model, self.run, self.span_hours);
        Ok(Member { model, run, span_hours, places: self.places, hours, values, flags: self.flags })
    }
}
