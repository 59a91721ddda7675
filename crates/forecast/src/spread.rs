use crate::linear::solve_in_place;
use crate::predictors::{mean, season};
use crate::targets::LEADS;
use serde::{Deserialize, Serialize};
use units::BeijingDay;

/// How wide a day forecast is (离散度): the expected absolute error of the logarithm, by lead, city,
/// season, forecast level and how unsettled the last day was.
///
/// `|error| = exp(a_city + b · state)`, a gamma regression with logarithmic link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Spread {
    cities: usize,
    /// `[lead][state then cities]`
    weights: Vec<Vec<f64>>,
}

/// What the spread depends on, for one issue day, city and lead.
#[derive(Clone, Copy)]
pub(crate) struct State {
    pub day: BeijingDay,
    pub city: usize,
    /// Forecast of the lead against the level.
    pub forecast: f64,
    /// Last 24 hours against the level.
    pub anomaly: f64,
    /// Deviation of the last 3-hour blocks.
    pub unrest: f64,
}

const STATE: usize = 8;
const ROUNDS: usize = 12;
/// Weight of a prior of `exp(mean log)` on every coefficient, in cases: keeps a city with few errors near the others.
const PRIOR: f64 = 20.0;
/// Bounds of the expected absolute error of a logarithm: outside them the regression extrapolates.
const BOUNDS: (f64, f64) = (0.03, 1.2);

impl State {
    fn values(&self) -> [f64; STATE] {
        let [sin, cos, sin2, cos2] = season(self.day);
        [sin, cos, sin2, cos2, self.forecast, self.forecast.powi(2), self.anomaly, self.unrest]
    }
}

impl Spread {
    /// Fits on `errors[lead]`: states and the errors that followed.
    pub fn fit(cities: usize, errors: &[Vec<(State, f64)>]) -> Option<Spread> {
        let weights = errors.iter().map(|cases| fit_lead(cities, cases)).collect::<Option<Vec<_>>>()?;
        debug_assert_eq!(weights.len(), LEADS);
        Some(Spread { cities, weights })
    }

    /// Whether it was fitted for so many cities; what comes from a file may not have been.
    pub fn fits(&self, cities: usize) -> bool {
        let p = STATE + cities;
        self.cities == cities && self.weights.len() == LEADS && self.weights.iter().all(|weights| weights.len() == p)
    }

    /// The expected absolute error of a lead (0 = first day), in logarithms.
    pub fn of(&self, lead: usize, state: &State) -> f64 {
        let weights = &self.weights[lead];
        let slope: f64 = state.values().iter().zip(weights).map(|(x, w)| x * w).sum();
        (slope + weights[STATE + state.city.min(self.cities - 1)]).exp().clamp(BOUNDS.0, BOUNDS.1)
    }
}

/// Iterated least squares; with a logarithmic link and a gamma error every case has the same weight.
fn fit_lead(cities: usize, cases: &[(State, f64)]) -> Option<Vec<f64>> {
    let p = STATE + cities;
    let start = mean(&cases.iter().map(|(_, error)| error.abs()).collect::<Vec<_>>()).max(1e-6).ln();
    let mut weights = vec![0.0; p];
    weights[STATE..].fill(start);
    for _ in 0..ROUNDS {
        let (mut gram, mut right) = (vec![0.0; p * p], vec![0.0; p]);
        for i in 0..p {
            gram[i * p + i] = PRIOR;
            right[i] = if i < STATE { 0.0 } else { PRIOR * start };
        }
        for (state, error) in cases {
            let (values, own) = (state.values(), STATE + state.city);
            let slope: f64 = values.iter().zip(&weights).map(|(x, w)| x * w).sum();
            let linear = slope + weights[own];
            let working = linear + (error.abs() / linear.exp() - 1.0).clamp(-1.0, 4.0);
            for i in 0..STATE {
                (i..STATE).for_each(|j| gram[i * p + j] += values[i] * values[j]);
                gram[i * p + own] += values[i];
                right[i] += values[i] * working;
            }
            gram[own * p + own] += 1.0;
            right[own] += working;
        }
        solve_in_place(&mut gram, p, &mut right, 1)?;
        weights = right;
    }
    Some(weights)
}
