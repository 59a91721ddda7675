//! PM2.5 of one city from the observed past into the members' futures, and the index it leads to.

use crate::figure::Figure;
use ::standards::{AqiEdition, Column, EvaluationRules};
use units::{Aqi, BeijingHour, Concentration, MassUnit, Pollutant};

/// Hours of a running mean; how many of them must be there is the rules' word.
const DAY: usize = 24;

/// The members' hourly PM2.5 of one city (µg/m³; NaN = missing), each with the observed hours before it.
///
/// Every line begins 23 hours before the first hour told, so that each told hour has its 24 h mean.
pub(crate) struct Courses {
    first: BeijingHour,
    lines: Vec<Vec<f64>>,
}

/// Five quantiles of each hour; NaN where there is no value.
pub(crate) struct Bands {
    pub q05: Vec<f64>,
    pub q25: Vec<f64>,
    pub q50: Vec<f64>,
    pub q75: Vec<f64>,
    pub q95: Vec<f64>,
}

impl Courses {
    /// Members of `city` for the `hours` hours after `known_until`; up to there, `observed` is taken and no
    /// member, so that a run made earlier is seen with what has become known since.
    pub(crate) fn after(
        run: &::forecast::Trajectories,
        city: usize,
        known_until: BeijingHour,
        hours: usize,
        observed: impl Fn(BeijingHour) -> f64,
    ) -> Courses {
        let first = known_until + 1;
        let past: Vec<f64> = (0..DAY as i64 - 1).map(|n| observed(known_until - (DAY as i64 - 2) + n)).collect();
        let future = |member: usize| (0..hours as i64).map(move |n| member_value(run, member, city, first + n));
        let lines = (0..run.members).map(|member| past.iter().copied().chain(future(member)).collect()).collect();
        Courses { first, lines }
    }

    /// The first hour told.
    pub(crate) fn first(&self) -> BeijingHour {
        self.first
    }

    /// One member's hourly values.
    pub(crate) fn member(&self, member: usize) -> &[f64] {
        &self.lines[member][DAY - 1..]
    }

    /// Quantiles over the members, hour by hour.
    pub(crate) fn hourly(&self) -> Bands {
        let lines: Vec<&[f64]> = (0..self.lines.len()).map(|member| self.member(member)).collect();
        bands(&lines)
    }

    /// Quantiles of the 24 h mean that ends with each hour.
    pub(crate) fn running(&self) -> Bands {
        let means: Vec<Vec<f64>> = self.lines.iter().map(|line| self.running_means(line)).collect();
        bands(&means.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    /// Means of 24 values (fewer than `line` is long, by 23), NaN where too few are there for a day's mean.
    fn running_means(&self, line: &[f64]) -> Vec<f64> {
        let needed = EvaluationRules::in_force(self.first.day()).day_hours();
        let mean = |day: &[f64]| {
            let valid = day.iter().filter(|value| value.is_finite());
            let (sum, count) = valid.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
            if count >= needed { sum / count as f64 } else { f64::NAN }
        };
        line.windows(DAY).map(mean).collect()
    }

    /// Share of members in which a 24 h mean within the next `hours` gives an index above `above`.
    pub(crate) fn share_above(&self, hours: usize, above: u16) -> f64 {
        let exceeds = |line: &Vec<f64>| {
            let means = self.running_means(line);
            let largest = means.iter().take(hours).copied().fold(f64::NAN, f64::max);
            index(largest, self.first).is_some_and(|aqi| aqi.get() > above)
        };
        let met = self.lines.iter().filter(|line| exceeds(line)).count();
        if self.lines.is_empty() { f64::NAN } else { met as f64 / self.lines.len() as f64 }
    }
}

/// The index of a 24 h mean of PM2.5 (µg/m³), rounded for report first, by the edition in force at `hour`.
pub(crate) fn index(mean: f64, hour: BeijingHour) -> Option<Aqi> {
    let mean = Concentration::from_f64(mean, MassUnit::Microgram)?.round_for_report(MassUnit::Microgram, 0);
    AqiEdition::in_force(hour.day()).iaqi(Column::Pm25Day, mean).map(Aqi::from)
}

/// The indices of a line of 24 h means that begins at `first`. An index rises with the mean, so that the
/// quantile of the index is the index of the quantile.
pub(crate) fn indices(means: &[f64], first: BeijingHour) -> Vec<Option<u16>> {
    means.iter().zip(0i64..).map(|(mean, n)| index(*mean, first + n).map(Aqi::get)).collect()
}

/// A line of PM2.5 as reported.
pub(crate) fn figures(line: &[f64]) -> Vec<Option<Figure>> {
    line.iter().map(|value| Figure::of(*value, Pollutant::Pm25)).collect()
}

fn member_value(run: &::forecast::Trajectories, member: usize, city: usize, hour: BeijingHour) -> f64 {
    match usize::try_from(hour - run.first_hour) {
        Ok(offset) => {
            let course = run.course(Pollutant::Pm25, member, city).and_then(|course| course.get(offset));
            course.map_or(f64::NAN, |value| f64::from(*value))
        }
        Err(_) => f64::NAN,
    }
}

fn bands(lines: &[&[f64]]) -> Bands {
    let hours = lines.first().map_or(0, |line| line.len());
    let sorted: Vec<Vec<f64>> = (0..hours)
        .map(|hour| {
            let mut values: Vec<f64> = lines.iter().map(|line| line[hour]).filter(|value| value.is_finite()).collect();
            values.sort_by(f64::total_cmp);
            values
        })
        .collect();
    let level = |q: f64| sorted.iter().map(|values| quantile(values, q)).collect();
    Bands { q05: level(0.05), q25: level(0.25), q50: level(0.5), q75: level(0.75), q95: level(0.95) }
}

/// Linear between neighbours; NaN of nothing.
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = q * last as f64;
    let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    low + (high - low) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two members of one city: 100 and 200 in each of 124 hours after 20:00.
    fn run(issue: BeijingHour) -> ::forecast::Trajectories {
        let pm25 = [100f32, 200.0].iter().flat_map(|value| vec![*value; 124]).collect();
        ::forecast::Trajectories::of_pm25(vec!["320100".into()], issue + 1, 124, 2, pm25)
    }

    fn issue() -> BeijingHour {
        "2018-01-13T20:00:00+08:00".parse().unwrap()
    }

    #[test]
    fn the_running_mean_goes_over_from_observed_to_member_hour_by_hour() {
        let courses = Courses::after(&run(issue()), 0, issue(), 48, |_| 0.0);
        let running = courses.running();
        assert_eq!((running.q50[0], running.q50[11], running.q50[23]), (150.0 / 24.0, 75.0, 150.0));
        assert_eq!(courses.hourly().q50[0], 150.0);
        assert_eq!(courses.first(), issue() + 1);
    }

    #[test]
    fn what_has_been_observed_since_the_issue_takes_the_members_place() {
        let known = issue() + 24;
        let courses = Courses::after(&run(issue()), 0, known, 24, |_| 10.0);
        assert_eq!(courses.running().q05[0], (23.0 * 10.0 + 105.0) / 24.0);
    }

    #[test]
    fn after_the_end_of_the_run_there_is_nothing() {
        let courses = Courses::after(&run(issue()), 0, issue() + 24, 120, |_| 10.0);
        let (hourly, running) = (courses.hourly(), courses.running());
        assert!(hourly.q50[99].is_finite() && hourly.q50[100].is_nan());
        assert!(running.q50[103].is_finite() && running.q50[104].is_nan(), "20 of 24 hours are enough, 19 are not");
        assert_eq!(figures(&hourly.q50[99..101]).iter().filter(|figure| figure.is_none()).count(), 1);
    }

    #[test]
    fn too_few_observed_hours_leave_the_first_means_empty() {
        let courses = Courses::after(&run(issue()), 0, issue(), 24, |_| f64::NAN);
        let running = courses.running();
        assert!(running.q50[18].is_nan() && running.q50[19] == 150.0);
    }

    #[test]
    fn the_share_counts_members_that_pass_the_index_once() {
        let courses = Courses::after(&run(issue()), 0, issue(), 120, |_| 0.0);
        assert_eq!([courses.share_above(72, 200), courses.share_above(18, 200)], [0.5, 0.0]);
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        assert_eq!(quantile(&[0.0, 10.0], 0.25), 2.5);
        assert!(quantile(&[], 0.5).is_nan());
        assert_eq!(index(150.4, issue()).map(Aqi::get), Some(200));
        assert_eq!(index(150.6, issue()).map(Aqi::get), Some(201));
    }
}
