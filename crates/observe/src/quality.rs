//! Quality flags (质控标记): pure functions over hourly readings. A flagged value is kept beside its flag.

mod thresholds;

pub use thresholds::{PollutantThresholds, Thresholds, thresholds};

use units::{Concentration, Flag, Pollutant, Reading};

/// Flags of one series of consecutive hours: out of range, frozen, spike; positions with their flag.
///
/// A missing hour ends a run of equal values and hides a spike beside it. At most one flag a position, the
/// gravest first: out of range, then frozen, then spike.
pub fn flag(pollutant: Pollutant, series: &[Reading]) -> Vec<(usize, Flag)> {
    let limits = thresholds().of(pollutant);
    let values: Vec<Option<Concentration>> = series.iter().map(|reading| reading.received()).collect();
    let frozen = frozen(&values, limits);
    let kind = |at: usize| {
        let value = values[at]?;
        if is_out_of_range(pollutant, value) {
            Some(Flag::OutOfRange)
        } else if frozen[at] {
            Some(Flag::Frozen)
        } else {
            is_spike(&values, at, limits).then_some(Flag::Spike)
        }
    };
    (0..values.len()).filter_map(|at| kind(at).map(|flag| (at, flag))).collect()
}

/// Whether an hourly value is negative or beyond the instruments.
pub fn is_out_of_range(pollutant: Pollutant, value: Concentration) -> bool {
    value < Concentration::ZERO || value > thresholds().of(pollutant).range
}

/// Hours at which PM2.5 exceeds PM10 by more than their uncertainty (倒挂); the two series are parallel.
pub fn inversions(pm25: &[Reading], pm10: &[Reading]) -> Vec<(usize, Flag)> {
    let rule = &thresholds().inversion;
    let inverted = |fine: Concentration, coarse: Concentration| {
        let excess = i128::from(fine.picograms()) - i128::from(coarse.picograms());
        let share = i128::from(coarse.picograms().max(0)) * i128::from(rule.tolerance_percent) / 100;
        excess > i128::from(rule.tolerance.picograms()) && excess > share
    };
    let pairs = pm25.iter().zip(pm10).enumerate();
    pairs
        .filter(|(_, (fine, coarse))| matches!((fine.usable(), coarse.usable()), (Some(a), Some(b)) if inverted(a, b)))
        .map(|(at, _)| (at, Flag::Pm25AbovePm10))
        .collect()
}

/// Points far from all others of their neighbourhood in one hour (离群); positions in `points`.
///
/// Far is more than the pollutant's distance from the median of the others and, where the others differ
/// among themselves, more than a multiple of their median absolute deviation.
pub fn neighbour_outliers(pollutant: Pollutant, points: &[Reading]) -> Vec<(usize, Flag)> {
    let found = (0..points.len()).filter(|at| is_outlier(pollutant, points, *at));
    found.map(|at| (at, Flag::NeighbourOutlier)).collect()
}

/// A reading with a flag: invalid when out of range, else in doubt; missing stays missing, and a flag that
/// is there already stays.
pub fn flagged(reading: Reading, flag: Flag) -> Reading {
    match (reading, flag) {
        (Reading::Valid(value), Flag::OutOfRange) => Reading::Invalid(value, flag),
        (Reading::Valid(value), _) => Reading::Suspect(value, flag),
        (other, _) => other,
    }
}

fn frozen(values: &[Option<Concentration>], limits: &PollutantThresholds) -> Vec<bool> {
    let mut frozen = vec![false; values.len()];
    let mut start = 0;
    for run in values.chunk_by(|a, b| a == b) {
        let judged = run[0].is_some_and(|value| value > limits.frozen_floor);
        if judged && run.len() >= limits.frozen_hours {
            frozen[start..start + run.len()].fill(true);
        }
        start += run.len();
    }
    frozen
}

fn is_spike(values: &[Option<Concentration>], at: usize, limits: &PollutantThresholds) -> bool {
    let Some([Some(before), Some(value), Some(after)]) = at.checked_sub(1).and_then(|from| values.get(from..at + 2))
    else {
        return false;
    };
    let larger = i128::from(before.max(after).picograms());
    let value = i128::from(value.picograms());
    value - larger > i128::from(limits.spike.picograms()) && value > larger * i128::from(thresholds().spike_factor)
}

fn is_outlier(pollutant: Pollutant, points: &[Reading], at: usize) -> bool {
    let rule = &thresholds().neighbours;
    let others: Vec<i64> =
        (0..points.len()).filter(|other| *other != at).filter_map(|other| usable(points[other])).collect();
    let Some(value) = usable(points[at]).filter(|_| others.len() >= rule.others) else { return false };
    let middle = median(others.clone());
    let spread = median(others.iter().map(|other| other.abs_diff(middle) as i64).collect());
    let distance = i128::from(value.abs_diff(middle));
    distance > i128::from(thresholds().of(pollutant).outlier.picograms())
        && distance > i128::from(spread) * i128::from(rule.deviations)
}

fn usable(reading: Reading) -> Option<i64> {
    reading.usable().map(Concentration::picograms)
}

/// The middle value, the lower one of two. Never called on nothing.
fn median(mut values: Vec<i64>) -> i64 {
    values.sort_unstable();
    values[(values.len() - 1) / 2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use units::Missing;

    fn series(values: &[i64]) -> Vec<Reading> {
        let reading = |value: &i64| match value {
            -999 => Reading::Missing(Missing::NotReported),
            value => Reading::Valid(Concentration::micrograms(*value)),
        };
        values.iter().map(reading).collect()
    }

    fn pm25(values: &[i64]) -> Vec<(usize, Flag)> {
        flag(Pollutant::Pm25, &series(values))
    }

    #[test]
    fn the_range_has_two_ends() {
        assert_eq!(pm25(&[-1, 0, 5000, 5001]), [(0, Flag::OutOfRange), (3, Flag::OutOfRange)]);
    }

    #[test]
    fn eight_equal_hours_are_frozen_and_seven_are_not() {
        assert_eq!(pm25(&[40; 7]), []);
        assert_eq!(pm25(&[40; 8]).len(), 8);
        assert_eq!(pm25(&[40, 40, 40, 40, -999, 40, 40, 40, 40]), []);
    }

    #[test]
    fn clean_air_may_stand_still() {
        assert_eq!(pm25(&[5; 30]), []);
        assert_eq!(flag(Pollutant::So2, &series(&[20; 40])), []);
    }

    #[test]
    fn a_spike_goes_up_and_back_within_the_hour() {
        assert_eq!(pm25(&[40, 191, 40]), [(1, Flag::Spike)]);
        assert_eq!(pm25(&[40, 190, 40]), []);
        assert_eq!(pm25(&[40, 300, 290]), []);
        assert_eq!(pm25(&[200, 500, 200]), []);
        assert_eq!(pm25(&[40, 300]), []);
        assert_eq!(pm25(&[40, 300, -999]), []);
    }

    #[test]
    fn fine_particles_above_all_particles_are_in_doubt_beyond_the_uncertainty() {
        let found = inversions(&series(&[50, 56, 111, 110, -999]), &series(&[50, 50, 100, 100, 1]));
        assert_eq!(found, [(1, Flag::Pm25AbovePm10), (2, Flag::Pm25AbovePm10)]);
    }

    #[test]
    fn a_point_alone_against_four_is_an_outlier_and_against_three_is_not() {
        let found = |values: &[i64]| neighbour_outliers(Pollutant::Pm25, &series(values));
        assert_eq!(found(&[40, 42, 44, 46, 160]), [(4, Flag::NeighbourOutlier)]);
        assert_eq!(found(&[40, 42, 46, 160]), []);
        // A front crosses the city: the others differ as much among themselves.
        assert_eq!(found(&[40, 80, 120, 160, 220]), []);
    }

    #[test]
    fn a_flag_keeps_the_value_and_the_first_flag() {
        let value = Concentration::micrograms(40);
        assert_eq!(flagged(Reading::Valid(value), Flag::Spike), Reading::Suspect(value, Flag::Spike));
        assert_eq!(flagged(Reading::Valid(value), Flag::OutOfRange), Reading::Invalid(value, Flag::OutOfRange));
        assert_eq!(flagged(Reading::Suspect(value, Flag::Frozen), Flag::Spike), Reading::Suspect(value, Flag::Frozen));
        assert_eq!(flagged(Reading::Missing(Missing::Absent), Flag::Spike), Reading::Missing(Missing::Absent));
    }

    proptest! {
        #[test]
        fn flags_lie_on_values_in_order_and_once(values in prop::collection::vec(prop::sample::select(vec![-999, -5, 0, 40, 41, 400, 9000]), 0..60)) {
            let series = series(&values);
            for pollutant in Pollutant::ALL {
                let flags = flag(pollutant, &series);
                prop_assert!(flags.windows(2).all(|pair| pair[0].0 < pair[1].0));
                prop_assert!(flags.iter().all(|(at, _)| series[*at].received().is_some()));
            }
        }

        #[test]
        fn neighbours_are_judged_alike_in_any_order(mut values in prop::collection::vec(0i64..600, 0..12), turn in 0usize..12) {
            let marked = |values: &[i64]| {
                let mut found: Vec<i64> = neighbour_outliers(Pollutant::Pm25, &series(values)).iter().map(|(at, _)| values[*at]).collect();
                found.sort_unstable();
                found
            };
            let before = marked(&values);
            let places = values.len().max(1);
            values.rotate_left(turn % places);
            prop_assert_eq!(before, marked(&values));
        }

        #[test]
        fn any_numbers_at_all_are_judged_without_overflow(picograms in prop::collection::vec(prop::num::i64::ANY, 0..12)) {
            let series: Vec<Reading> = picograms.iter().map(|p| Reading::Valid(Concentration::from_picograms(*p))).collect();
            for pollutant in Pollutant::ALL {
                let _ = (flag(pollutant, &series), neighbour_outliers(pollutant, &series));
            }
            let _ = inversions(&series, &series);
        }
    }
}
