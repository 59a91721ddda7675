use super::constant::different;
use super::{Finding, Point, Suspicion};
use crate::{Rules, Signal};
use std::collections::HashMap;
use units::Instant;

/// Runs of values that came exactly so before (复制). Only what lies after `from` is in doubt; where it was taken from may lie
/// before.
pub(crate) fn copied(signal: Signal, points: &[Point], from: Instant, rules: &Rules) -> Vec<Finding> {
    let length = rules.doubt.copied_values;
    let mut first_seen: HashMap<Vec<u64>, usize> = HashMap::new();
    let mut findings: Vec<Finding> = Vec::new();
    let mut place = 0;
    while place + length <= points.len() {
        let window = &points[place..place + length];
        let key = || window.iter().map(|point| point.value.to_bits()).collect::<Vec<_>>();
        // Half of them must differ: standing still is another finding, and a plant at rest repeats itself.
        if different(window) * 2 < length {
            place += 1;
            continue;
        }
        let original = *first_seen.entry(key()).or_insert(place);
        if original + length > place || window[0].start < from {
            place += 1;
            continue;
        }
        let mut values = length;
        while place + values < points.len()
            && original + values < place
            && points[place + values].value == points[original + values].value
        {
            values += 1;
        }
        let mut push = |at: usize, of: usize| {
            findings.push(Finding {
                signal,
                from: points[at].start,
                to: points[at + values - 1].end(),
                suspicion: Suspicion::Copied { values, original: points[of].start },
            });
        };
        push(place, original);
        // Of two alike within what is looked at, nobody knows which was measured.
        if points[original].start >= from {
            push(original, place);
        }
        place += values;
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::testing::{lively, points};
    use super::*;

    fn found(values: &[f64], from: usize) -> Vec<(usize, usize, usize)> {
        let points = points(values);
        let place = |at: Instant| points.iter().position(|point| point.start == at).unwrap();
        let told = copied(Signal::MassNox, &points, points[from].start, Rules::bundled());
        let figures = |finding: Finding| match finding.suspicion {
            Suspicion::Copied { values, original } => (place(finding.from), values, place(original)),
            other => panic!("{other:?}"),
        };
        told.into_iter().map(figures).collect()
    }

    #[test]
    fn a_run_that_came_before_is_found_with_its_whole_length() {
        let mut values = lively(200);
        values.copy_within(30..70, 120);
        assert_eq!(found(&values, 100), [(120, 40, 30)]);
        assert_eq!(found(&values, 0), [(120, 40, 30), (30, 40, 120)]);
        assert!(found(&lively(200), 0).is_empty());
    }

    #[test]
    fn seventeen_values_may_be_chance_and_eighteen_are_not() {
        for (count, is_found) in [(17, false), (18, true)] {
            let mut values = lively(200);
            values.copy_within(30..30 + count, 120);
            assert_eq!(!found(&values, 100).is_empty(), is_found, "{count}");
        }
    }

    #[test]
    fn a_repeat_of_few_values_or_of_long_ago_is_none() {
        assert!(found(&[5.0; 200], 0).is_empty());
        let two: Vec<f64> = (0..200).map(|n| f64::from(n % 2)).collect();
        assert!(found(&two, 0).is_empty());
        let mut values = lively(200);
        values.copy_within(10..40, 60);
        assert!(found(&values, 150).is_empty());
    }
}
