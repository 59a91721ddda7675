use crate::folds::Fold;
use crate::isotonic::Isotonic;
use crate::members::{CityForecast, Draw, day_members};
use crate::model::state;
use crate::past::{Past, season_rows};
use crate::random::Random;
use crate::rows::Rows;
use crate::scale::Scale;
use crate::spread::Spread;
use crate::targets::LEADS;
use serde::{Deserialize, Serialize};
use units::{BeijingDay, Pollutant};

/// A day mean of PM2.5 above this has an index above 150 in both editions, µg/m³.
pub const HEAVY_BOUND: f64 = 115.5;
/// Pairs of neighbouring lead days.
const PAIRS: usize = LEADS - 1;
/// Members behind a probability the map is learned on.
const MEMBERS: usize = 100;

/// The probability that two days in a row have a mean PM2.5 above [`HEAVY_BOUND`] (连续两日事件概率).
///
/// The members say such a pair too rarely, their tails being short: decisions use `calibrated`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairEvent {
    /// City, as in [`crate::Run::cities`].
    pub city: String,
    /// Lead of the first of the two days, from 1.
    pub first_lead: u8,
    /// The first of the two days.
    pub first_day: BeijingDay,
    /// Share of members.
    pub raw: f64,
    /// What such a share has meant on days the model had not seen.
    pub calibrated: f64,
}

/// The calibration of pair probabilities, one map for each lead of the first day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PairMaps(Vec<Isotonic>);

impl PairMaps {
    /// Learns on every training row, each forecast from the errors of the other folds. `None` without rows.
    pub fn learn(
        rows: &Rows,
        said: &[Vec<f64>],
        spread: &Spread,
        (past, days): (&Past, &[BeijingDay]),
        folds: &[Fold],
        seed: u64,
    ) -> Option<PairMaps> {
        let mut cases = vec![vec![]; PAIRS];
        for fold in folds {
            let inside = rows.days[fold.test.start]..=rows.days[fold.test.end - 1];
            for month in 1..=12 {
                let middle = BeijingDay::from_ymd(2001, month, 15)?;
                let outside = |row: &usize| !inside.contains(&days[*row]);
                let season: Vec<usize> = season_rows(days, middle).into_iter().filter(outside).collect();
                let errors: Vec<Vec<f64>> = (0..LEADS).map(|lead| past.sorted(&season, lead)).collect();
                for row in fold.test.clone().filter(|row| rows.days[*row].month() == month && !season.is_empty()) {
                    let drawn = Random::new(seed ^ rows.days[row].index() as u64).draw(&season, MEMBERS);
                    let draw = Draw { past, rows: &drawn, errors: &errors };
                    (0..rows.cities).for_each(|city| add(&mut cases, rows, said, spread, &draw, row, city));
                }
            }
        }
        cases.iter().map(|cases| Isotonic::fit(cases)).collect::<Option<Vec<_>>>().map(PairMaps)
    }

    /// Whether it can be applied; what comes from a file may not be whole.
    pub fn fits(&self) -> bool {
        self.0.len() == PAIRS && self.0.iter().all(Isotonic::fits)
    }

    /// The events of a city from its members' day values on the scale.
    pub fn events(&self, city: &str, issue: BeijingDay, members: &[[f64; LEADS]]) -> Vec<PairEvent> {
        let one = |(pair, map): (usize, &Isotonic)| {
            let raw = share(members, pair);
            PairEvent {
                city: city.to_string(),
                first_lead: pair as u8 + 1,
                first_day: issue + pair as i32 + 1,
                raw,
                calibrated: map.of(raw),
            }
        };
        self.0.iter().enumerate().map(one).collect()
    }
}

/// Adds one row and city: what the members said of each pair, and what happened where both days were observed.
fn add(
    cases: &mut [Vec<(f64, bool)>],
    rows: &Rows,
    said: &[Vec<f64>],
    spread: &Spread,
    draw: &Draw,
    row: usize,
    city: usize,
) {
    let (level, target) = (rows.level[row][city], |lead: usize| lead * rows.cities + city);
    if !level.is_finite() {
        return;
    }
    let forecast = CityForecast {
        city,
        days: std::array::from_fn(|lead| level + said[row][target(lead)]),
        spread: std::array::from_fn(|lead| spread.of(lead, &state(rows, said, row, target(lead)))),
        blocks: vec![],
    };
    let members = day_members(&forecast, draw);
    for (pair, cases) in cases.iter_mut().enumerate() {
        let [first, second] = [pair, pair + 1].map(|lead| level + rows.observed[row][target(lead)]);
        if first.is_finite() && second.is_finite() {
            cases.push((share(&members, pair), first > bound() && second > bound()));
        }
    }
}

fn share(members: &[[f64; LEADS]], pair: usize) -> f64 {
    let both = members.iter().filter(|days| days[pair] > bound() && days[pair + 1] > bound());
    both.count() as f64 / members.len().max(1) as f64
}

fn bound() -> f64 {
    Scale::of(Pollutant::Pm25).log(HEAVY_BOUND)
}
