//! From hours to days and from points to cities, with the validity that the rules in force ask for.
//!
//! The minima are those of [`standards::EvaluationRules`]; here stands only what turns readings, with
//! their flags and gaps, into what the rules take.

use crate::Observation;
use standards::{DayHours, DayMeans, EvaluationRules, Limits};
use units::{BeijingDay, Concentration, Missing, Pollutant, Reading};

/// A day's means of one site, and how many hours they stand on.
#[derive(Clone, Debug, PartialEq)]
pub struct Day {
    /// The day.
    pub day: BeijingDay,
    /// Means; `None` where too few hours are usable.
    pub means: DayMeans,
    /// Usable hours of the 24, in the order of [`Pollutant::ALL`].
    pub valid_hours: [usize; 6],
}

/// Running 24 h means (24 小时滑动平均) of consecutive hours: position n is the mean of the hours up to and
/// including n. `Missing` where fewer than a day's hours are usable.
pub fn running_mean_24h(series: &[Reading], rules: &EvaluationRules) -> Vec<Reading> {
    running_mean(series, 24, rules.day_hours())
}

/// Running 8 h means (8 小时滑动平均) of consecutive hours; as [`running_mean_24h`].
pub fn running_mean_8h(series: &[Reading], rules: &EvaluationRules) -> Vec<Reading> {
    running_mean(series, 8, rules.ozone_8h_hours())
}

/// The mean of usable values, when at least `needed` of them are there.
pub fn mean_of_enough(usable: impl Iterator<Item = Concentration> + Clone, needed: usize) -> Option<Concentration> {
    (usable.clone().count() >= needed).then(|| Concentration::mean(usable)).flatten()
}

/// The hours of one day out of a site's observations; others are passed over, unusable ones are gaps.
pub fn day_hours<'o>(day: BeijingDay, observations: impl IntoIterator<Item = &'o Observation>) -> [DayHours; 6] {
    let mut hours = [[None; 24]; 6];
    for observation in observations.into_iter().filter(|observation| observation.hour.day() == day) {
        let label = usize::from(observation.hour.label());
        hours[observation.pollutant.index()][label - 1] = observation.reading.usable();
    }
    hours
}

/// A site's means of one day by the rules and limits in force on it.
pub fn day_means(day: BeijingDay, hours: &[DayHours; 6]) -> Day {
    let (rules, limits) = (EvaluationRules::in_force(day), Limits::in_force(day));
    Day {
        day,
        means: rules.day_means(&hours.each_ref(), limits),
        valid_hours: hours.map(|hours| hours.iter().flatten().count()),
    }
}

/// A city's value in one hour: the mean of its points where enough of them are usable (城市小时均值).
pub fn city_hour(points: &[Reading], rules: &EvaluationRules) -> Reading {
    let usable = points.iter().filter_map(|reading| reading.usable());
    mean_of_enough(usable, rules.city_points(points.len()))
        .map_or(Reading::Missing(Missing::TooFewSites), Reading::Valid)
}

/// A city's hours from its points, one parallel series of consecutive hours a point.
///
/// Series that are shorter than the longest one are missing at their end.
pub fn city_from_stations(points: &[&[Reading]], rules: &EvaluationRules) -> Vec<Reading> {
    let hours = points.iter().map(|series| series.len()).max().unwrap_or(0);
    let at = |hour: usize| -> Vec<Reading> {
        points.iter().map(|series| series.get(hour).copied().unwrap_or(Reading::Missing(Missing::Absent))).collect()
    };
    (0..hours).map(|hour| city_hour(&at(hour), rules)).collect()
}

/// A city's day from the days of its points; ozone is the mean of the points' maxima.
pub fn city_day(day: BeijingDay, points: &[Day]) -> DayMeans {
    let means: Vec<DayMeans> = points.iter().map(|point| point.means).collect();
    EvaluationRules::in_force(day).city_day(&means)
}

/// Share of hours with a usable value, per pollutant, in hundredths of a percent rounded down (有效率).
pub fn completeness<'o>(observations: impl IntoIterator<Item = &'o Observation>, hours_due: usize) -> [u32; 6] {
    let mut counts = [0usize; 6];
    for observation in observations.into_iter().filter(|observation| observation.reading.usable().is_some()) {
        counts[observation.pollutant.index()] += 1;
    }
    Pollutant::ALL.map(|pollutant| (counts[pollutant.index()].min(hours_due) * 10_000 / hours_due.max(1)) as u32)
}

fn running_mean(series: &[Reading], width: usize, needed: usize) -> Vec<Reading> {
    let mean = |end: usize| {
        let window = &series[(end + 1).saturating_sub(width)..=end];
        let usable = window.iter().filter_map(|reading| reading.usable());
        mean_of_enough(usable, needed).map_or(Reading::Missing(Missing::TooFewHours), Reading::Valid)
    };
    (0..series.len()).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use units::{BeijingHour, Flag};

    fn rules() -> &'static EvaluationRules {
        EvaluationRules::in_force("2018-01-13".parse().unwrap())
    }

    fn valid(value: i64) -> Reading {
        Reading::Valid(Concentration::micrograms(value))
    }

    const GAP: Reading = Reading::Missing(Missing::NotReported);

    #[test]
    fn a_running_day_needs_twenty_hours() {
        let series: Vec<Reading> = (1..=24).map(valid).collect();
        let means = running_mean_24h(&series, rules());
        assert_eq!(means[18], Reading::Missing(Missing::TooFewHours));
        assert_eq!(means[19].usable().unwrap(), Concentration::from_picograms(10_500_000));
        assert_eq!(means[23].usable().unwrap(), Concentration::from_picograms(12_500_000));
    }

    #[test]
    fn eight_hours_need_six_and_invalid_ones_are_gaps() {
        let bad = Reading::Invalid(Concentration::micrograms(9999), Flag::OutOfRange);
        let six = [valid(10), valid(10), bad, GAP, valid(10), valid(10), valid(10), valid(10)];
        assert_eq!(running_mean_8h(&six, rules())[7], valid(10));
        let five = [valid(10), bad, bad, GAP, valid(10), valid(10), valid(10), valid(10)];
        assert_eq!(running_mean_8h(&five, rules())[7], Reading::Missing(Missing::TooFewHours));
    }

    #[test]
    fn a_suspect_value_counts_until_it_is_reviewed() {
        let points = [valid(40), valid(50), Reading::Suspect(Concentration::micrograms(60), Flag::Spike), GAP];
        assert_eq!(city_hour(&points, rules()), valid(50));
        assert_eq!(city_hour(&[valid(40), valid(50), GAP, GAP], rules()), Reading::Missing(Missing::TooFewSites));
        assert_eq!(city_hour(&[], rules()), Reading::Missing(Missing::TooFewSites));
    }

    #[test]
    fn a_day_holds_labels_one_to_twentyfour() {
        let day: BeijingDay = "2018-01-13".parse().unwrap();
        let first = BeijingHour::of_day(day, 1).unwrap();
        let observation = |n: i64| Observation {
            site: "320100".parse().unwrap(),
            pollutant: Pollutant::Pm25,
            hour: first + n,
            reading: valid(100 + n),
        };
        // The hour before the day and the one after it are passed over.
        let observations: Vec<Observation> = (-1..=24).map(observation).collect();
        let found = day_means(day, &day_hours(day, &observations));
        assert_eq!(found.valid_hours, [0, 0, 0, 0, 0, 24]);
        assert_eq!(found.means.pm25, Some(Concentration::from_picograms(111_500_000)));
        assert_eq!(found.means.so2, None);
        assert_eq!(completeness(&observations[..13], 24), [0, 0, 0, 0, 0, 5416]);
    }

    #[test]
    fn stations_make_a_city_hour_by_hour() {
        let [a, b] = [[valid(10), valid(20)], [valid(30), GAP]];
        let city = city_from_stations(&[&a, &b, &a[..1]], rules());
        // Three points need two; at the second hour only one is left.
        let first = Concentration::mean([10, 30, 10].map(Concentration::micrograms)).unwrap();
        assert_eq!(city, [Reading::Valid(first), Reading::Missing(Missing::TooFewSites)]);
    }

    proptest! {
        #[test]
        fn a_running_mean_lies_within_its_window(values in prop::collection::vec(prop::option::of(0i64..1000), 0..60)) {
            let series: Vec<Reading> = values.iter().map(|value| value.map_or(GAP, valid)).collect();
            for (end, mean) in running_mean_8h(&series, rules()).into_iter().enumerate() {
                let window = series[end.saturating_sub(7)..=end].iter().filter_map(|reading| reading.usable());
                match mean.usable() {
                    Some(mean) => prop_assert!(window.clone().min() <= Some(mean) && Some(mean) <= window.max()),
                    None => prop_assert!(window.count() < 6),
                }
            }
        }
    }
}
