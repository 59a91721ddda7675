use crate::linear::solve_in_place;
use serde::{Deserialize, Serialize};

/// Most rounds of Newton's method; a dozen are usual.
const ROUNDS: usize = 60;
/// Weight of the prior, in cases of even chance: a map of few events stays near "what is said happens".
const PRIOR: f64 = 1.0;
/// Largest step of a round: far from the optimum the curvature says little.
const LONGEST: f64 = 1.0;
/// A round that moves nothing by more than this is the last.
const SETTLED: f64 = 1e-9;

/// A smooth map to a probability (逻辑斯谛回归): `1 / (1 + exp(-(intercept + slopes · x)))`.
///
/// The first of the `N` predictors is the logit of what is said; its prior slope is 1, all others' 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Logistic<const N: usize> {
    intercept: f64,
    slopes: Vec<f64>,
}

impl<const N: usize> Logistic<N> {
    /// From predictors and whether it happened; `None` of nothing.
    ///
    /// Where what was said more rarely happened more often, the map says the frequency: it never turns a forecast
    /// round.
    pub fn fit(cases: &[([f64; N], bool)]) -> Option<Logistic<N>> {
        let p = N + 1;
        let prior: Vec<f64> = (0..p).map(|i| f64::from(i == 1)).collect();
        // From even chances, where the curvature is that of the whole: from the prior the first step may overshoot.
        let mut weights = vec![0.0; p];
        for _ in 0..ROUNDS {
            let (mut gram, mut step) = (vec![0.0; p * p], vec![0.0; p]);
            for i in 0..p {
                gram[i * p + i] = PRIOR;
                step[i] = PRIOR * (prior[i] - weights[i]);
            }
            for (x, happened) in cases {
                let value = |i: usize| if i == 0 { 1.0 } else { x[i - 1] };
                let chance = sigmoid((0..p).map(|i| weights[i] * value(i)).sum());
                for i in 0..p {
                    step[i] += value(i) * (f64::from(*happened) - chance);
                    (i..p).for_each(|j| gram[i * p + j] += chance * (1.0 - chance) * value(i) * value(j));
                }
            }
            solve_in_place(&mut gram, p, &mut step, 1)?;
            weights.iter_mut().zip(&step).for_each(|(weight, step)| *weight += step.clamp(-LONGEST, LONGEST));
            if step.iter().all(|step| step.abs() < SETTLED) {
                break;
            }
        }
        if weights[1] < 0.0 {
            let happened = cases.iter().filter(|(_, happened)| *happened).count() as f64;
            let chance = (happened + 0.5) / (cases.len() as f64 + 1.0);
            weights = vec![(chance / (1.0 - chance)).ln()];
            weights.resize(p, 0.0);
        }
        let map = Logistic { intercept: weights[0], slopes: weights[1..].to_vec() };
        (!cases.is_empty() && map.fits()).then_some(map)
    }

    /// The probability at `x`.
    pub fn of(&self, x: &[f64; N]) -> f64 {
        sigmoid(self.intercept + self.slopes.iter().zip(x).map(|(slope, x)| slope * x).sum::<f64>())
    }

    /// Whether it can be applied and never falls; what comes from a file may not be a map.
    pub fn fits(&self) -> bool {
        let finite = self.intercept.is_finite() && self.slopes.iter().all(|slope| slope.is_finite());
        finite && self.slopes.len() == N && self.slopes.first().is_some_and(|slope| *slope >= 0.0)
    }
}

fn sigmoid(logit: f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn logit(p: f64) -> f64 {
        (p / (1.0 - p)).ln()
    }

    fn cases(said: f64, events: usize, of: usize) -> impl Iterator<Item = ([f64; 1], bool)> {
        (0..of).map(move |n| ([logit(said)], n < events))
    }

    #[test]
    fn what_is_said_too_rarely_is_raised_to_what_happened() {
        let all: Vec<_> = cases(0.1, 400, 2000).chain(cases(0.5, 1600, 2000)).collect();
        let map = Logistic::fit(&all).unwrap();
        for (said, happened) in [(0.1, 0.2), (0.5, 0.8)] {
            assert!((map.of(&[logit(said)]) - happened).abs() < 0.005, "{said}: {}", map.of(&[logit(said)]));
        }
    }

    #[test]
    fn the_mean_said_is_the_frequency() {
        let all: Vec<_> = cases(0.02, 3, 500).chain(cases(0.3, 40, 100)).chain(cases(0.7, 20, 40)).collect();
        let map = Logistic::fit(&all).unwrap();
        let said: f64 = all.iter().map(|(x, _)| map.of(x)).sum();
        assert!((said - 63.0).abs() < 2.0, "{said}");
    }

    #[test]
    fn a_map_that_would_turn_the_forecast_round_says_the_frequency() {
        let turned: Vec<_> = cases(0.1, 80, 100).chain(cases(0.9, 10, 100)).collect();
        let map = Logistic::fit(&turned).unwrap();
        assert_eq!(map.of(&[logit(0.1)]), map.of(&[logit(0.9)]));
        assert!((map.of(&[0.0]) - 0.45).abs() < 0.01);
        assert!(Logistic::<1>::fit(&[]).is_none());
    }

    #[test]
    fn what_never_happened_gets_a_small_probability_not_none() {
        let all: Vec<_> = cases(0.02, 0, 500).collect();
        let chance = Logistic::fit(&all).unwrap().of(&[logit(0.02)]);
        assert!(chance > 0.0 && chance < 0.02, "{chance}");
    }

    proptest! {
        #[test]
        fn the_map_never_falls_and_gives_probabilities(cases in prop::collection::vec((1u8..=9, any::<bool>()), 1..60)) {
            let cases: Vec<_> = cases.into_iter().map(|(said, saw)| ([logit(f64::from(said) / 10.0)], saw)).collect();
            if let Some(map) = Logistic::fit(&cases) {
                let line: Vec<f64> = (-60..=60).map(|n| map.of(&[f64::from(n) / 10.0])).collect();
                prop_assert!(line.is_sorted() && line.iter().all(|p| (0.0..=1.0).contains(p)));
            }
        }
    }
}
