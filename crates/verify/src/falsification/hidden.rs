use super::{Finding, Point, Suspicion};
use crate::{Rules, Signal};
use statrs::distribution::{Binomial, DiscreteCDF};

/// A spell lies high by chance as often as a value does.
const HIGH: f64 = 0.05;

/// Spells of maintenance or set values that lie where the peaks are (标记掩盖峰值): more of them than chance would have.
pub(crate) fn hidden(signal: Signal, now: &[Point], valid_before: &[Point], rules: &Rules) -> Option<Finding> {
    let rule = &rules.doubt;
    let level = level(valid_before)?;
    let hides = |point: &Point| rule.hidden_marks.contains(point.mark);
    let mut last_valid: Option<f64> = None;
    let (mut spells, mut high, mut span): (u64, u64, Option<(Point, Point)>) = (0, 0, None);
    for spell in now.chunk_by(|a, b| hides(a) == hides(b)) {
        let (first, last) = (spell[0], spell[spell.len() - 1]);
        if !hides(&first) {
            last_valid = spell.iter().rev().find(|p| rules.signal(signal).valid.contains(p.mark)).map(|p| p.value);
            continue;
        }
        spells += 1;
        let under_mark = spell.iter().map(|point| point.value).fold(f64::MIN, f64::max);
        high += u64::from(last_valid.unwrap_or(f64::MIN).max(under_mark) > level);
        span = Some((span.map_or(first, |(from, _)| from), last));
    }
    let (first, last) = span.filter(|_| spells >= rule.hidden_spells as u64 && high > 0)?;
    // Probability of so many or more among so many spells.
    let chance = Binomial::new(HIGH, spells).ok()?.sf(high - 1);
    let (spells, high) = (spells as usize, high as usize);
    let suspicion = Suspicion::HiddenPeaks { spells, high, level, chance };
    (chance < rule.hidden_probability).then(|| Finding { signal, from: first.start, to: last.end(), suspicion })
}

/// The 95 % level of the values before; of too few there is none.
fn level(valid: &[Point]) -> Option<f64> {
    const FEWEST: usize = 40;
    let mut values: Vec<f64> = valid.iter().map(|point| point.value).collect();
    values.sort_by(f64::total_cmp);
    let place = ((values.len() as f64 - 1.0).max(0.0) * (1.0 - HIGH)) as usize;
    (values.len() >= FEWEST).then(|| values[place])
}

#[cfg(test)]
mod tests {
    use super::super::testing::{lively, marked, points};
    use super::*;

    /// Every peak, or every tenth value, stands under a mark of maintenance.
    fn found(at_peaks: bool) -> Option<Finding> {
        let before = lively(400);
        let mark = |(place, value): (usize, f64)| {
            let marked = if at_peaks { value > 25.2 } else { place % 10 == 0 };
            (value, if marked { 'M' } else { 'N' })
        };
        let now: Vec<(f64, char)> = lively(200).into_iter().enumerate().map(mark).collect();
        hidden(Signal::MassNox, &marked(&now), &points(&before), Rules::bundled())
    }

    #[test]
    fn marks_at_the_peaks_are_found_and_marks_anywhere_are_not() {
        let finding = found(true).unwrap();
        let Suspicion::HiddenPeaks { spells, high, chance, .. } = finding.suspicion else { panic!("{finding:?}") };
        assert!(spells >= 4 && high == spells && chance < 1e-6, "{finding:?}");
        assert!(!finding.doubts_values());
        assert_eq!(found(false), None);
    }

    #[test]
    fn calibrations_and_few_values_before_say_nothing() {
        let calibrated: Vec<(f64, char)> = (0..100).map(|n| (90.0, if n % 10 == 0 { 'C' } else { 'N' })).collect();
        assert_eq!(hidden(Signal::MassNox, &marked(&calibrated), &points(&lively(400)), Rules::bundled()), None);
        let peaks: Vec<(f64, char)> = (0..100).map(|n| (90.0, if n % 10 == 0 { 'M' } else { 'N' })).collect();
        assert_eq!(hidden(Signal::MassNox, &marked(&peaks), &points(&lively(39)), Rules::bundled()), None);
    }
}
