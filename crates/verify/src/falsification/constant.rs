use super::{Finding, Point, Suspicion, at_rest};
use crate::{Rules, Signal};

/// Fewer different values are an instrument's coarse steps, not a lid.
const DIFFERENT_VALUES: usize = 8;

/// Runs of exactly the same value, much longer than any before (恒值).
pub(crate) fn constant(signal: Signal, now: &[Point], before: &[Point], rules: &Rules) -> Vec<Finding> {
    let rule = &rules.doubt;
    let usual_minutes = runs(before).map(length).max().unwrap_or(0);
    if usual_minutes >= rule.usual_constant_minutes {
        return Vec::new();
    }
    let long = runs(now).filter(|run| length(run) >= rule.constant_minutes && !at_rest(signal, run[0].value, rules));
    let finding = |run: &[Point]| Finding {
        signal,
        from: run[0].start,
        to: run[run.len() - 1].end(),
        suspicion: Suspicion::Constant { value: run[0].value, minutes: length(run), usual_minutes },
    };
    long.map(finding).collect()
}

/// Two and more equal values in a row; one value alone, however long its interval, stands still by itself.
fn runs(points: &[Point]) -> impl Iterator<Item = &[Point]> {
    points.chunk_by(|a, b| a.value == b.value).filter(|run| run.len() > 1)
}

fn length(run: &[Point]) -> u32 {
    run.iter().map(|point| point.minutes).sum()
}

/// A lid on the values: a large part of them stands at the very greatest (削顶).
pub(crate) fn clipped(signal: Signal, now: &[Point], before: &[Point], rules: &Rules) -> Option<Finding> {
    let rule = &rules.doubt;
    let (value, share) = at_greatest(now).filter(|_| now.len() >= rule.clipped_values)?;
    let usual_share = at_greatest(before).map_or(0.0, |(_, share)| share);
    let lid = share >= rule.clipped_share && usual_share <= rule.usual_clipped_share;
    if !lid || at_rest(signal, value, rules) || different(now) < DIFFERENT_VALUES {
        return None;
    }
    let at_lid = |point: &&Point| point.value == value;
    let (first, last) = (now.iter().find(at_lid)?, now.iter().rev().find(at_lid)?);
    let suspicion = Suspicion::Clipped { value, share, usual_share, values: now.len() };
    Some(Finding { signal, from: first.start, to: last.end(), suspicion })
}

fn at_greatest(points: &[Point]) -> Option<(f64, f64)> {
    let greatest = points.iter().map(|point| point.value).max_by(f64::total_cmp)?;
    let there = points.iter().filter(|point| point.value == greatest).count();
    Some((greatest, there as f64 / points.len() as f64))
}

pub(super) fn different(points: &[Point]) -> usize {
    points.iter().map(|point| point.value.to_bits()).collect::<std::collections::BTreeSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{lively, points};
    use super::*;

    const SIGNAL: Signal = Signal::MassNox;

    fn found(now: &[f64], before: &[f64]) -> Vec<Finding> {
        constant(SIGNAL, &points(now), &points(before), Rules::bundled())
    }

    fn frozen(count: usize) -> Vec<f64> {
        let mut values = lively(100);
        values[20..20 + count].fill(7.25);
        values
    }

    #[test]
    fn three_hours_of_one_value_are_a_finding_and_one_value_less_is_none() {
        assert!(found(&frozen(17), &lively(200)).is_empty());
        let findings = found(&frozen(18), &lively(200));
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].suspicion, Suspicion::Constant { value: 7.25, minutes: 180, usual_minutes: 0 });
        let hours: Vec<_> = findings[0].hours().map(|hour| hour.label()).collect();
        assert_eq!(hours, [4, 5, 6, 7]);
        let said = findings[0].words();
        assert!(said.zh.contains("180 分钟恒为 7.25 kg/h") && said.en.contains("for 180 minutes"), "{said:?}");
    }

    #[test]
    fn what_always_stood_still_or_is_at_rest_is_no_finding() {
        assert!(found(&frozen(18), &frozen(6)).is_empty());
        assert!(found(&[0.0; 50], &lively(200)).is_empty());
        let ambient = points(&[20.9; 50]);
        assert!(constant(Signal::Oxygen, &ambient, &points(&lively(200)), Rules::bundled()).is_empty());
    }

    #[test]
    fn a_lid_is_found_where_there_was_none_before() {
        let lid = |height: f64| lively(120).into_iter().map(|value| value.min(height)).collect::<Vec<_>>();
        let look = |now: &[f64], before: &[f64]| clipped(SIGNAL, &points(now), &points(before), Rules::bundled());
        let finding = look(&lid(22.0), &lively(300)).unwrap();
        let Suspicion::Clipped { value, share, .. } = finding.suspicion else { panic!("{finding:?}") };
        assert!(value == 22.0 && share > 0.3, "{share}");
        assert!(look(&lively(120), &lively(300)).is_none());
        assert!(look(&lid(22.0), &lid(22.0)).is_none());
        assert!(look(&lid(22.0)[..23], &lively(300)).is_none());
        // Coarse steps are no lid.
        let coarse: Vec<f64> = (0..120).map(|n| f64::from(n % 4)).collect();
        assert!(look(&coarse, &lively(300)).is_none());
    }
}
