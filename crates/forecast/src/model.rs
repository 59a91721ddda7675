use crate::folds::folds;
use crate::linear::Coefficients;
use crate::past::Past;
use crate::predictors::groups;
use crate::recent::Recent;
use crate::ridge::fit;
use crate::rows::Rows;
use crate::scores::{LeadScore, held_out};
use crate::spread::{Spread, State};
use crate::targets::{ISSUE_LABEL, LEADS};
use crate::{ForecastError, History};
use serde::{Deserialize, Serialize};
use units::{BeijingHour, Pollutant};

/// The form of the model; a change of meaning is a new number, and old files are refused.
pub(crate) const VERSION: u16 = 1;
/// Fewest issue days a model is trained on: one winter and one summer with room for gaps.
pub const NEEDED_DAYS: usize = 300;
/// Share of the training hours a city needs to be forecast by the model.
const NEEDED_SHARE: f64 = 0.5;

/// A trained forecast model (预报模型): everything an issue needs beside the last 31 days of observations.
///
/// Ridge regression in logarithms against the 30-day level for the mean, a gamma regression for the
/// spread, and the archive of past out-of-fold error courses for the joint distribution over cities and
/// hours. Trained from city observations alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Form of this structure.
    pub version: u16,
    /// Names the form, the training bound and a checksum of the coefficients.
    pub id: String,
    /// Hour label of the issue (起报时间).
    pub issue_label: u8,
    /// Cities that are forecast.
    pub cities: Vec<String>,
    /// Cities of the history with too few hours to be forecast.
    pub left_out: Vec<String>,
    /// First hour of the history it was trained on.
    pub trained_from: BeijingHour,
    /// No observation at or after this hour was used.
    pub trained_until: BeijingHour,
    /// Issue days it was trained on.
    pub issue_days: usize,
    /// Groups of predictors and how many each holds.
    pub features: Vec<(String, usize)>,
    /// Ridge penalty of each lead day.
    pub penalty: [f64; LEADS],
    /// Skill on days the model had not seen, by lead and season.
    pub scores: Vec<LeadScore>,
    pub(crate) seed: u64,
    pub(crate) intercept: Vec<f32>,
    pub(crate) slope: Vec<f32>,
    pub(crate) spread: Spread,
    pub(crate) past: Past,
}

/// Trains on every hour of `history` before `until`.
///
/// Deterministic: the same history, bound and seed give the same bytes. Cities with fewer than half the
/// hours are named in [`Model::left_out`]. Refuses `F-101`, `F-102` below [`NEEDED_DAYS`] issue days, `F-109`.
pub fn train(history: &History, until: BeijingHour, seed: u64) -> Result<Model, ForecastError> {
    let seen = history.window(history.first_hour, until.min(history.end())).checked()?;
    let (cities, left_out) = usable_cities(&seen);
    let seen = seen.of_cities(&cities);
    let recent = Recent::new(&seen);
    let rows = Rows::of(&seen, &recent);
    if rows.days.len() < NEEDED_DAYS || cities.is_empty() {
        return Err(ForecastError::TooFewDays {
            found: rows.days.len(),
            needed: NEEDED_DAYS,
            until: until.to_string(),
        });
    }
    let folds = folds(&rows.days);
    let ridge = fit(&rows, &folds).ok_or(ForecastError::Singular)?;
    let cases = error_cases(&rows, &ridge.out_of_fold, 0..rows.days.len());
    let spread = Spread::fit(rows.cities, &cases).ok_or(ForecastError::Singular)?;
    let past = Past::of(&rows, &recent, &ridge.out_of_fold, &spread);
    let scores = held_out(&rows, &recent, &folds, &ridge.out_of_fold, seed).ok_or(ForecastError::Singular)?;
    Ok(Model {
        version: VERSION,
        id: name(until, &ridge.coefficients),
        issue_label: ISSUE_LABEL,
        left_out,
        trained_from: seen.first_hour,
        trained_until: until,
        issue_days: rows.days.len(),
        features: groups(cities.len()).into_iter().map(|group| (group.name.to_string(), group.size)).collect(),
        cities,
        penalty: ridge.penalty,
        scores,
        seed,
        intercept: ridge.coefficients.intercept.iter().map(|v| *v as f32).collect(),
        slope: ridge.coefficients.slope.iter().map(|v| *v as f32).collect(),
        spread,
        past,
    })
}

impl Model {
    /// All targets of one row of predictors.
    pub(crate) fn predict(&self, x: &[f64]) -> Vec<f64> {
        let mut y: Vec<f64> = self.intercept.iter().map(|v| f64::from(*v)).collect();
        for (xi, slope) in x.iter().zip(self.slope.chunks_exact(self.intercept.len())) {
            y.iter_mut().zip(slope).for_each(|(y, b)| *y += xi * f64::from(*b));
        }
        y
    }
}

/// The states and errors of some rows, lead by lead, where the day was observed.
pub(crate) fn error_cases(rows: &Rows, said: &[Vec<f64>], of: impl Iterator<Item = usize>) -> Vec<Vec<(State, f64)>> {
    let mut cases = vec![vec![]; LEADS];
    for row in of {
        for (k, target) in rows.observed[row][..LEADS * rows.cities].iter().enumerate() {
            if target.is_finite() {
                cases[k / rows.cities].push((state(rows, said, row, k), target - said[row][k]));
            }
        }
    }
    cases
}

/// The state of target `k = lead * cities + city` of a training row.
pub(crate) fn state(rows: &Rows, said: &[Vec<f64>], row: usize, k: usize) -> State {
    let city = k % rows.cities;
    let (anomaly, unrest) = (rows.anomaly[row][city], rows.unrest[row][city]);
    State { day: rows.days[row], city, forecast: said[row][k], anomaly, unrest }
}

fn usable_cities(history: &History) -> (Vec<String>, Vec<String>) {
    let series = &history.series[Pollutant::Pm25.index()];
    let valid = |city: usize| {
        series[city * history.hours..(city + 1) * history.hours].iter().filter(|value| value.is_finite()).count()
    };
    let most = (0..history.cities.len()).map(valid).max().unwrap_or(0) as f64;
    let (usable, left_out): (Vec<_>, Vec<_>) = history
        .cities
        .iter()
        .enumerate()
        .partition(|(city, _)| valid(*city) > 0 && valid(*city) as f64 >= NEEDED_SHARE * most);
    let names = |some: Vec<(usize, &String)>| some.into_iter().map(|(_, name)| name.clone()).collect();
    (names(usable), names(left_out))
}

/// FNV-1a over the bits of the coefficients: two models of one name are the same model.
fn name(until: BeijingHour, coefficients: &Coefficients) -> String {
    let values = coefficients.intercept.iter().chain(&coefficients.slope);
    let sum = values
        .flat_map(|value| value.to_bits().to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    format!("ridge-{VERSION}/{}/{:08x}", &until.to_string()[..13], (sum ^ (sum >> 32)) as u32)
}
