use crate::measures::quantile;
use crate::random::Random;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::BeijingDay;

/// Resamples of the issue weeks behind the bounds of an estimate.
const RESAMPLES: usize = 400;

/// A measure over many cases (估计值) with 95 % bounds from resampled issue weeks (按起报周的块自助法).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The measure over all cases.
    pub value: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
    /// Issue weeks that were resampled; from a few the bounds say nothing.
    pub weeks: usize,
}

impl Estimate {
    /// One less the estimate: a ratio of losses becomes a skill.
    pub fn complement(self) -> Estimate {
        Estimate { value: 1.0 - self.value, low: 1.0 - self.high, high: 1.0 - self.low, weeks: self.weeks }
    }
}

/// Sum of the numerators over the sum of the denominators, with bounds.
///
/// Every mean, share, skill, POD, FAR and TS is such a ratio. The rows of one issue day share one weather, and
/// days of one week resemble each other, so whole weeks of the issue day are drawn with replacement.
/// `None` where the denominators sum to zero: a measure over no case is missing. Deterministic in `seed`.
pub fn ratio_by_weeks(terms: impl IntoIterator<Item = (BeijingDay, f64, f64)>, seed: u64) -> Option<Estimate> {
    let mut weeks: BTreeMap<i32, (f64, f64)> = BTreeMap::new();
    for (issue, above, below) in terms {
        let week = weeks.entry(issue.index().div_euclid(7)).or_default();
        *week = (week.0 + above, week.1 + below);
    }
    let weeks: Vec<(f64, f64)> = weeks.into_values().collect();
    let ratio = |(above, below): (f64, f64)| above / below;
    let add = |a: (f64, f64), b: &(f64, f64)| (a.0 + b.0, a.1 + b.1);
    let value = Some(ratio(weeks.iter().fold((0.0, 0.0), add))).filter(|value| value.is_finite())?;
    let mut random = Random::new(seed);
    let mut again: Vec<f64> = (0..RESAMPLES)
        .map(|_| ratio((0..weeks.len()).fold((0.0, 0.0), |sum, _| add(sum, &weeks[random.below(weeks.len())]))))
        .filter(|value| value.is_finite())
        .collect();
    again.sort_by(f64::total_cmp);
    let bound = |p: f64| Some(quantile(&again, p)).filter(|bound| bound.is_finite()).unwrap_or(value);
    Some(Estimate { value, low: bound(0.025), high: bound(0.975), weeks: weeks.len() })
}

/// The mean with bounds; `None` of nothing.
pub fn mean_by_weeks(terms: impl IntoIterator<Item = (BeijingDay, f64)>, seed: u64) -> Option<Estimate> {
    ratio_by_weeks(terms.into_iter().map(|(issue, value)| (issue, value, 1.0)), seed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(n: i32) -> BeijingDay {
        BeijingDay::from_index(17_500 + n)
    }

    #[test]
    fn a_mean_of_nothing_is_missing_and_not_zero() {
        assert_eq!(mean_by_weeks([], 1), None);
        assert_eq!(ratio_by_weeks([(day(0), 3.0, 0.0)], 1), None);
    }

    #[test]
    fn one_week_has_no_width_and_says_so() {
        let found = mean_by_weeks([(day(0), 1.0), (day(1), 3.0)], 1).unwrap();
        assert_eq!((found.value, found.low, found.high), (2.0, 2.0, 2.0));
        assert_eq!(found.weeks, 1);
    }

    #[test]
    fn the_same_seed_gives_the_same_bounds() {
        let terms = |seed| mean_by_weeks((0..200).map(|n| (day(n), f64::from(n * 37 % 11))), seed).unwrap();
        assert_eq!(terms(7), terms(7));
        assert_ne!(terms(7), terms(8));
    }

    #[test]
    fn rows_of_one_week_are_not_taken_for_independent() {
        // Ten weeks of a hundred equal rows: as uncertain as ten rows, not as a thousand.
        let weeks = |rows: i32| mean_by_weeks((0..10 * rows).map(|n| (day(n / rows * 7), f64::from(n / rows % 2))), 3);
        let (few, many) = (weeks(1).unwrap(), weeks(100).unwrap());
        assert_eq!((few.low, few.high), (many.low, many.high));
        assert!(few.high - few.low > 0.3, "{few:?}");
    }

    proptest! {
        #[test]
        fn bounds_hold_the_mean_of_a_large_enough_sample_and_stay_within_the_values(
            values in prop::collection::vec(0.0f64..9.0, 30..120), seed in 0u64..50
        ) {
            let found = mean_by_weeks(values.iter().enumerate().map(|(n, v)| (day(n as i32 * 7), *v)), seed).unwrap();
            prop_assert!(found.low <= found.value + 1e-9 && found.value <= found.high + 1e-9);
            prop_assert!(found.low >= 0.0 && found.high <= 9.0);
        }
    }
}
