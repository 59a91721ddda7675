use super::estimate::{Estimate, ratio_by_weeks};
use serde::Serialize;
use units::BeijingDay;

/// Yes-or-no forecasts of an event beside what happened (列联表).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decisions {
    /// Forecast and happened (命中).
    pub hits: usize,
    /// Not forecast, happened (漏报).
    pub misses: usize,
    /// Forecast, did not happen (空报).
    pub false_alarms: usize,
    /// Neither.
    pub correct_negatives: usize,
    /// Probability of detection, H / (H + M); `None` where the event never happened (命中率).
    pub pod: Option<Estimate>,
    /// False alarm ratio, F / (H + F); `None` where it was never forecast (空报率).
    pub far: Option<Estimate>,
    /// Threat score, H / (H + M + F) (TS 评分).
    pub ts: Option<Estimate>,
    /// Frequency bias, (H + F) / (H + M): above 1 it is forecast too often.
    pub bias: Option<f64>,
}

impl Decisions {
    /// Counts `(issue, forecast, happened)`.
    pub fn of(cases: impl IntoIterator<Item = (BeijingDay, bool, bool)>, seed: u64) -> Decisions {
        let cases: Vec<(BeijingDay, bool, bool)> = cases.into_iter().collect();
        let count = |said: bool, seen: bool| cases.iter().filter(|case| (case.1, case.2) == (said, seen)).count();
        let ratio = |below: fn(bool, bool) -> bool, above: fn(bool, bool) -> bool| {
            let one = |case: &(BeijingDay, bool, bool)| {
                (case.0, f64::from(above(case.1, case.2)), f64::from(below(case.1, case.2)))
            };
            ratio_by_weeks(cases.iter().map(one), seed)
        };
        let (hits, misses, false_alarms) = (count(true, true), count(false, true), count(true, false));
        Decisions {
            hits,
            misses,
            false_alarms,
            correct_negatives: count(false, false),
            pod: ratio(|_, seen| seen, |said, seen| said && seen),
            far: ratio(|said, _| said, |said, seen| said && !seen),
            ts: ratio(|said, seen| said || seen, |said, seen| said && seen),
            bias: (hits + misses > 0).then(|| (hits + false_alarms) as f64 / (hits + misses) as f64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decided(cases: &[(bool, bool)]) -> Decisions {
        let day = |n: usize| BeijingDay::from_index(17_500 + n as i32);
        Decisions::of(cases.iter().enumerate().map(|(n, (said, seen))| (day(n), *said, *seen)), 1)
    }

    #[test]
    fn ratios_worked_by_hand() {
        let mut cases = vec![(true, true); 3];
        cases.extend([(false, true), (true, false), (true, false), (false, false)]);
        let found = decided(&cases);
        let value = |estimate: Option<Estimate>| estimate.unwrap().value;
        assert_eq!((value(found.pod), value(found.far), value(found.ts)), (0.75, 0.4, 0.5));
        assert_eq!(found.bias, Some(1.25));
    }

    #[test]
    fn what_never_happened_or_was_never_said_is_missing() {
        let quiet = decided(&[(false, false)]);
        assert_eq!((quiet.pod, quiet.far, quiet.ts, quiet.bias), (None, None, None, None));
        let missed = decided(&[(false, true)]);
        assert_eq!((missed.pod.unwrap().value, missed.far, missed.bias), (0.0, None, Some(0.0)));
    }

    proptest! {
        #[test]
        fn the_threat_score_is_never_above_detection_nor_above_success(
            cases in prop::collection::vec((any::<bool>(), any::<bool>()), 0..40)
        ) {
            let found = decided(&cases);
            if let Some(ts) = found.ts {
                prop_assert!(found.pod.is_none_or(|pod| ts.value <= pod.value + 1e-12));
                prop_assert!(found.far.is_none_or(|far| ts.value <= 1.0 - far.value + 1e-12));
            }
            let all = found.hits + found.misses + found.false_alarms + found.correct_negatives;
            prop_assert_eq!(all, cases.len());
        }
    }
}
