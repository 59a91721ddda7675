use crate::predictors::mean;
use crate::recent::Recent;
use units::{BeijingDay, BeijingHour, Pollutant};

/// Days ahead.
pub const LEADS: usize = 7;
/// Days ahead whose hours are forecast; later days carry their value on the daily course of the last of these.
pub(crate) const DETAILED: usize = 3;
/// The hour label of the daily issue (起报时间).
pub const ISSUE_LABEL: u8 = 20;

/// The hours and blocks of the forecasts that are issued at one hour of the day.
///
/// A 20:00 issue knows label 19, says the rest of its day from label 21 on ("the evening", which at
/// other hours may be most of a day or nothing), then [`LEADS`] whole days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timetable {
    label: u8,
}

impl Timetable {
    /// Of an issue label 1 to 24; `None` of any other number.
    pub fn of(label: u8) -> Option<Timetable> {
        (1..=24).contains(&label).then_some(Timetable { label })
    }

    /// The issue time on a day.
    pub fn issue(self, day: BeijingDay) -> BeijingHour {
        BeijingHour::from_index(i64::from(day.index()) * 24 + i64::from(self.label))
    }

    /// Hours left of the issue day.
    pub fn evening(self) -> usize {
        24 - usize::from(self.label)
    }

    /// Hours of a trajectory.
    pub fn horizon(self) -> usize {
        self.evening() + 24 * LEADS
    }

    /// Hours that are forecast one by one.
    pub fn detailed(self) -> usize {
        self.evening() + 24 * DETAILED
    }

    /// Blocks a course is regressed in: 3-hour means, the first as short as the evening asks.
    pub fn blocks(self) -> usize {
        self.detailed().div_ceil(3)
    }

    /// Hours of the first block.
    fn first_block(self) -> usize {
        match self.evening() % 3 {
            0 => 3,
            rest => rest,
        }
    }

    /// First hour (from the issue) and length of a block of the course.
    pub fn block(self, block: usize) -> (usize, usize) {
        let first = self.first_block();
        if block == 0 { (0, first) } else { (first + 3 * (block - 1), 3) }
    }

    /// The lead (0 = first day) a block of the course belongs to; the evening goes with the first day.
    pub fn lead_of_block(self, block: usize) -> usize {
        self.block(block).0.saturating_sub(self.evening()) / 24
    }

    /// Number of targets: days, then courses. Day targets come first, `[lead * cities + city]`.
    pub fn count(self, cities: usize) -> usize {
        (LEADS + self.blocks()) * cities
    }

    /// The hours of a lead (0 = first day) within a course.
    pub fn day(self, lead: usize) -> std::ops::Range<usize> {
        self.evening() + 24 * lead..self.evening() + 24 * (lead + 1)
    }

    /// The course of a lead-wise quantity through the centres of the days, constant outside them.
    pub fn through_days(self, values: &[f64]) -> Vec<f64> {
        let place = |hour: usize| (hour as f64 + 0.5 - self.evening() as f64 - 12.0) / 24.0;
        (0..self.horizon()).map(|hour| line(values, place(hour))).collect()
    }

    /// The course of block means through the centres of their blocks, as far as hours are forecast.
    pub fn through_blocks(self, values: &[f64]) -> Vec<f64> {
        debug_assert_eq!(values.len(), self.blocks());
        let (first, half) = (self.first_block() as f64, self.first_block() as f64 / 2.0);
        let place = |hour: usize| {
            let middle = hour as f64 + 0.5;
            let second = first + 1.5;
            if middle < second { (middle - half) / (second - half) } else { 1.0 + (middle - second) / 3.0 }
        };
        (0..self.detailed()).map(|hour| line(values, place(hour))).collect()
    }
}

/// Logarithms of the day values and 3-hour means that followed an issue, against each city's level.
///
/// NaN where the observations lack the value. Ends with the last label of the last lead day.
pub(crate) fn targets(
    recent: &Recent,
    pollutant: Pollutant,
    time: Timetable,
    day: BeijingDay,
    level: &[Option<f64>],
) -> Vec<f64> {
    let (cities, scale) = (level.len(), crate::scale::Scale::of(pollutant));
    let mut y = vec![f64::NAN; time.count(cities)];
    for (city, level) in level.iter().enumerate() {
        let Some(level) = level else { continue };
        for lead in 0..LEADS {
            if let Some(value) = recent.day_value(pollutant, city, day + lead as i32 + 1) {
                y[lead * cities + city] = scale.log(value) - level;
            }
        }
        for k in 0..time.blocks() {
            let (first, hours) = time.block(k);
            let last = time.issue(day) + (first + hours) as i64;
            if let Some(log) = recent.log_of_mean(pollutant, city, last, hours as i64, 1) {
                y[(LEADS + k) * cities + city] = log - level;
            }
        }
    }
    y
}

/// Lead days an issue may miss and still train: a monitor that is silent for a day would else take the eight
/// issues before it out of the training.
const MISSED: usize = 2;

/// Fills what is missing, for the regression only: a city takes the mean of the others, a day or a block of the
/// course that misses in more than half (a block: all) of the cities the line between its neighbours. `None`
/// when more than [`MISSED`] days or the course are missing.
pub(crate) fn completed(y: &[f64], cities: usize) -> Option<Vec<f64>> {
    let known = |group: &[f64]| group.iter().copied().filter(|value| value.is_finite()).collect::<Vec<f64>>();
    let mean_of = |group: &[f64], needed: usize| {
        Some(known(group)).filter(|known| known.len() >= needed).map_or(f64::NAN, |known| mean(&known))
    };
    let (days, course) = y.split_at(LEADS * cities);
    let mut day_means: Vec<f64> =
        days.chunks_exact(cities).map(|group| mean_of(group, cities.div_ceil(2).max(1))).collect();
    let mut means: Vec<f64> = course.chunks_exact(cities).map(|group| mean_of(group, 1)).collect();
    let missed = day_means.iter().filter(|day| !day.is_finite()).count();
    (missed <= MISSED && bridge(&mut day_means) && bridge(&mut means)).then_some(())?;
    let mut whole = y.to_vec();
    for (group, mean) in whole.chunks_exact_mut(cities).zip(day_means.into_iter().chain(means)) {
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

fn line(values: &[f64], place: f64) -> f64 {
    let place = place.clamp(0.0, (values.len() - 1) as f64);
    let left = (place.floor() as usize).min(values.len().saturating_sub(2));
    let right = (left + 1).min(values.len() - 1);
    values[left] + (values[right] - values[left]) * (place - left as f64)
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
    fn at_every_issue_hour_the_blocks_cover_the_detailed_hours_once() {
        for time in (1..=24).filter_map(Timetable::of) {
            let mut next = 0;
            for k in 0..time.blocks() {
                let (first, hours) = time.block(k);
                assert_eq!(first, next, "{time:?}");
                assert!(time.lead_of_block(k) < DETAILED);
                next += hours;
            }
            assert_eq!(next, time.detailed());
            assert_eq!((time.lead_of_block(0), time.lead_of_block(time.blocks() - 1)), (0, DETAILED - 1));
            assert_eq!(time.day(LEADS - 1).end, time.horizon());
        }
        assert_eq!([0, 25].map(Timetable::of), [None, None]);
    }

    #[test]
    fn a_city_takes_the_mean_of_the_others_and_a_missed_day_the_line_between_its_neighbours() {
        let cities = 4;
        let mut y = vec![0.5; Timetable::of(20).unwrap().count(cities)];
        y[0] = f64::NAN;
        assert_eq!(completed(&y, cities).map(|y| y[0]), Some(0.5));
        y[2 * cities..3 * cities].fill(0.9);
        y[cities..2 * cities - 1].fill(f64::NAN);
        let whole = completed(&y, cities).unwrap();
        assert!((whole[cities] - 0.7).abs() < 1e-12 && whole[2 * cities - 1] == 0.5, "{whole:?}");
    }

    #[test]
    fn an_issue_that_misses_three_days_trains_nothing() {
        let cities = 4;
        let missing = |days: usize| {
            let mut y = vec![0.5; Timetable::of(20).unwrap().count(cities)];
            y[..days * cities].fill(f64::NAN);
            completed(&y, cities).is_none()
        };
        assert_eq!([1, 2, 3].map(missing), [false, false, true]);
    }
}
