use crate::predictors::mean;
use crate::recent::Recent;
use units::{BeijingDay, BeijingHour, Pollutant};

/// Days ahead.
pub const LEADS: usize = 5;
/// Hours left of the issue day after a 20:00 issue, labels 21 to 24.
pub(crate) const EVENING: usize = 4;
/// Hours of a trajectory.
pub(crate) const HORIZON: usize = EVENING + 24 * LEADS;
/// Blocks a course is regressed in: the evening, then 3-hour means.
pub(crate) const COURSE: usize = 1 + 8 * LEADS;

/// The hour label of the issue (起报时间).
pub(crate) const ISSUE_LABEL: u8 = 20;

/// The issue time on a day.
pub(crate) fn issue_hour(day: BeijingDay) -> BeijingHour {
    BeijingHour::from_index(i64::from(day.index()) * 24 + i64::from(ISSUE_LABEL))
}

/// Number of targets: days, then courses. Day targets come first, `[lead * cities + city]`.
pub(crate) fn count(cities: usize) -> usize {
    (LEADS + COURSE) * cities
}

/// First hour (from the issue) and length of a block of the course.
pub(crate) fn block(block: usize) -> (usize, usize) {
    if block == 0 { (0, EVENING) } else { (EVENING + 3 * (block - 1), 3) }
}

/// The lead (0 = first day) a block of the course belongs to; the evening goes with the first day.
pub(crate) fn lead_of_block(block: usize) -> usize {
    block.saturating_sub(1) / 8
}

/// Logarithms of the day means and 3-hour means that followed an issue, against each city's level.
///
/// NaN where the observations lack the value. Ends with the last label of lead day five.
pub(crate) fn targets(recent: &Recent, day: BeijingDay, level: &[Option<f64>]) -> Vec<f64> {
    let cities = level.len();
    let mut y = vec![f64::NAN; count(cities)];
    for (city, level) in level.iter().enumerate() {
        let Some(level) = level else { continue };
        for lead in 0..LEADS {
            let last = BeijingHour::from_index(i64::from(day.index() + lead as i32 + 2) * 24);
            if let Some(log) = recent.log_of_mean(Pollutant::Pm25, city, last, 24, 20) {
                y[lead * cities + city] = log - level;
            }
        }
        for k in 0..COURSE {
            let (first, hours) = block(k);
            let last = issue_hour(day) + (first + hours) as i64;
            if let Some(log) = recent.log_of_mean(Pollutant::Pm25, city, last, hours as i64, 1) {
                y[(LEADS + k) * cities + city] = log - level;
            }
        }
    }
    y
}

/// Fills what is missing, for the regression only: a city takes the mean of the others, a block of the
/// course without any city the line between its neighbours. `None` when a day misses in more than half
/// of the cities or the course is empty.
pub(crate) fn completed(y: &[f64], cities: usize) -> Option<Vec<f64>> {
    let known = |group: &[f64]| group.iter().copied().filter(|value| value.is_finite()).collect::<Vec<f64>>();
    let (days, course) = y.split_at(LEADS * cities);
    if days.chunks_exact(cities).any(|group| 2 * known(group).len() < cities) {
        return None;
    }
    let mut means: Vec<f64> = course
        .chunks_exact(cities)
        .map(|group| Some(known(group)).filter(|known| !known.is_empty()).map_or(f64::NAN, |known| mean(&known)))
        .collect();
    bridge(&mut means).then_some(())?;
    let mut whole = y.to_vec();
    let filler = days.chunks_exact(cities).map(|group| mean(&known(group))).chain(means);
    for (group, mean) in whole.chunks_exact_mut(cities).zip(filler) {
        group.iter_mut().filter(|value| !value.is_finite()).for_each(|value| *value = mean);
    }
    Some(whole)
}

/// Replaces NaN by the line between its finite neighbours, at the ends by the nearest; false when none is finite.
pub(crate) fn bridge(values: &mut [f64]) -> bool {
    let known: Vec<usize> = (0..values.len()).filter(|i| values[*i].is_finite()).collect();
    let (Some(first), Some(last)) = (known.first().copied(), known.last().copied()) else { return false };
    let (left, right) = (values[first], values[last]);
    values[..first].fill(left);
    values[last + 1..].fill(right);
    for pair in known.windows(2) {
        let (from, to) = (values[pair[0]], values[pair[1]]);
        let span = (pair[1] - pair[0]) as f64;
        let between = values[pair[0]..pair[1]].iter_mut().enumerate().skip(1);
        between.for_each(|(i, value)| *value = from + (to - from) * i as f64 / span);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_take_the_line_and_ends_the_nearest_value() {
        let mut values = [f64::NAN, 1.0, f64::NAN, f64::NAN, 4.0, f64::NAN];
        assert!(bridge(&mut values));
        assert_eq!(values, [1.0, 1.0, 2.0, 3.0, 4.0, 4.0]);
        assert!(!bridge(&mut [f64::NAN]));
    }

    #[test]
    fn the_course_covers_the_horizon_once() {
        let mut next = 0;
        for k in 0..COURSE {
            let (first, hours) = block(k);
            assert_eq!(first, next);
            next += hours;
        }
        assert_eq!(next, HORIZON);
        assert_eq!((lead_of_block(0), lead_of_block(8), lead_of_block(9), lead_of_block(40)), (0, 0, 1, 4));
    }

    #[test]
    fn a_day_that_misses_in_most_cities_trains_nothing() {
        let mut y = vec![0.5; count(4)];
        y[0] = f64::NAN;
        assert_eq!(completed(&y, 4).map(|y| y[0]), Some(0.5));
        y[1] = f64::NAN;
        y[2] = f64::NAN;
        assert!(completed(&y, 4).is_none());
    }
}
