use crate::{DayMeans, EvaluationRules, Limits};
use units::{Concentration, Pollutant};

/// The 24 hourly means of one pollutant on one day, labels 1 to 24.
pub type DayHours = [Option<Concentration>; 24];

impl EvaluationRules {
    /// The means of a natural day from its hours, in the order of [`Pollutant::ALL`] (日均值).
    ///
    /// A pollutant with too few hours is `None`. `limits` decide the one exception: a largest 8 h mean of
    /// ozone that stands on too few windows still counts when it is above its limit. Not rounded.
    pub fn day_means(&self, hours: &[&DayHours; 6], limits: &Limits) -> DayMeans {
        let mean = |pollutant: Pollutant| mean_of(hours[pollutant.index()], self.day_hours());
        let ozone = hours[Pollutant::O3.index()];
        DayMeans {
            so2: mean(Pollutant::So2),
            no2: mean(Pollutant::No2),
            co: mean(Pollutant::Co),
            o3_max_1h: (count(ozone) >= self.validity.ozone_max_1h.hours).then(|| largest(ozone)).flatten(),
            o3_max_8h: self.ozone_max_8h(ozone, limits),
            pm10: mean(Pollutant::Pm10),
            pm25: mean(Pollutant::Pm25),
        }
    }

    /// The largest mean of eight hours that end within the day (臭氧日最大 8 小时平均).
    pub fn ozone_max_8h(&self, hours: &DayHours, limits: &Limits) -> Option<Concentration> {
        let rule = self.validity.ozone_max_8h();
        let windows = (rule.first_label..=rule.last_label)
            .filter_map(|label| mean_of(&hours[label - 8..label], self.ozone_8h_hours()));
        let (mut valid, mut top) = (0, None);
        for mean in windows {
            valid += 1;
            top = top.max(Some(mean));
        }
        let limit = limits.daily_class2(Pollutant::O3);
        let above = |mean: &Concentration| self.round_compliance(Pollutant::O3, *mean) > limit;
        top.filter(|mean| valid >= rule.means || (rule.kept_above_limit && above(mean)))
    }

    /// A city's day from the days of its points (城市日均值): the mean of the points' values, item by item,
    /// where enough points are valid. The city's ozone is the mean of the points' maxima, never the maximum
    /// of a mean series.
    pub fn city_day(&self, points: &[DayMeans]) -> DayMeans {
        let item = |field: fn(&DayMeans) -> Option<Concentration>| {
            let valid = points.iter().filter_map(field);
            let enough = valid.clone().count() >= self.city_points(points.len());
            enough.then(|| Concentration::mean(valid)).flatten()
        };
        DayMeans {
            so2: item(|day| day.so2),
            no2: item(|day| day.no2),
            co: item(|day| day.co),
            o3_max_1h: item(|day| day.o3_max_1h),
            o3_max_8h: item(|day| day.o3_max_8h),
            pm10: item(|day| day.pm10),
            pm25: item(|day| day.pm25),
        }
    }

    /// A day's means rounded to be turned into an index.
    pub fn round_day(&self, day: &DayMeans) -> DayMeans {
        let round =
            |pollutant, value: Option<Concentration>| value.map(|value| self.round_compliance(pollutant, value));
        DayMeans {
            so2: round(Pollutant::So2, day.so2),
            no2: round(Pollutant::No2, day.no2),
            co: round(Pollutant::Co, day.co),
            o3_max_1h: round(Pollutant::O3, day.o3_max_1h),
            o3_max_8h: round(Pollutant::O3, day.o3_max_8h),
            pm10: round(Pollutant::Pm10, day.pm10),
            pm25: round(Pollutant::Pm25, day.pm25),
        }
    }
}

impl DayMeans {
    /// The day's evaluated value of a pollutant: the daily mean, for ozone the largest 8 h mean.
    pub fn evaluated(&self, pollutant: Pollutant) -> Option<Concentration> {
        match pollutant {
            Pollutant::So2 => self.so2,
            Pollutant::No2 => self.no2,
            Pollutant::Co => self.co,
            Pollutant::O3 => self.o3_max_8h,
            Pollutant::Pm10 => self.pm10,
            Pollutant::Pm25 => self.pm25,
        }
    }
}

fn count(hours: &[Option<Concentration>]) -> usize {
    hours.iter().flatten().count()
}

fn largest(hours: &[Option<Concentration>]) -> Option<Concentration> {
    hours.iter().flatten().max().copied()
}

fn mean_of(hours: &[Option<Concentration>], needed: usize) -> Option<Concentration> {
    (count(hours) >= needed).then(|| Concentration::mean(hours.iter().flatten().copied())).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rules() -> &'static EvaluationRules {
        EvaluationRules::in_force("2026-06-01".parse().unwrap())
    }

    fn limits() -> &'static Limits {
        Limits::in_force("2026-06-01".parse().unwrap())
    }

    fn hours(value: impl Fn(usize) -> Option<i64>) -> DayHours {
        std::array::from_fn(|place| value(place + 1).map(Concentration::micrograms))
    }

    fn ozone(value: impl Fn(usize) -> Option<i64>) -> Option<Concentration> {
        rules().ozone_max_8h(&hours(value), limits())
    }

    #[test]
    fn a_daily_mean_needs_twenty_hours() {
        let day = |valid: usize| {
            let hours = hours(|label| (label <= valid).then_some(label as i64));
            rules().day_means(&[&hours; 6], limits()).pm25
        };
        assert_eq!(day(20), Some(Concentration::from_picograms(10_500_000)));
        assert_eq!(day(19), None);
    }

    #[test]
    fn an_8h_mean_needs_six_hours_of_the_eight() {
        let peak = |first: usize| ozone(move |label| (first..=16).contains(&label).then_some(161));
        assert_eq!((peak(11), peak(12)), (Some(Concentration::micrograms(161)), None));
    }

    #[test]
    fn the_maximum_needs_fourteen_windows_unless_it_is_above_the_limit() {
        // Hours from label h on: the first window with six valid hours ends at h + 5.
        let from = |first: usize, value: i64| ozone(move |label| (label >= first).then_some(value));
        assert_eq!(from(6, 160), Some(Concentration::micrograms(160))); // windows 11 to 24: fourteen
        assert_eq!(from(7, 160), None); // thirteen
        assert_eq!(from(7, 161), Some(Concentration::micrograms(161)));
        assert_eq!(from(20, 500), None); // no window at all
    }

    #[test]
    fn windows_end_at_eight_at_the_earliest() {
        // Labels 1 to 6 alone would mean 200; the first window that counts is 1 to 8.
        let night = |label| match label {
            1..=6 => Some(200),
            7 | 8 => Some(100),
            _ => None,
        };
        assert_eq!(ozone(night), Some(Concentration::micrograms(175)));
    }

    #[test]
    fn a_city_needs_three_points_of_four_and_means_their_maxima() {
        let point = |o3: Option<i64>| DayMeans { o3_max_8h: o3.map(Concentration::micrograms), ..DayMeans::default() };
        let city = |points: [Option<i64>; 4]| rules().city_day(&points.map(point)).o3_max_8h;
        assert_eq!(city([Some(100), Some(120), Some(140), None]), Some(Concentration::micrograms(120)));
        assert_eq!(city([Some(100), Some(120), None, None]), None);
    }

    proptest! {
        #[test]
        fn means_lie_within_the_hours_they_come_from(values in prop::array::uniform24(prop::option::of(0i64..1000))) {
            let hours = hours(|label| values[label - 1]);
            let day = rules().day_means(&[&hours; 6], limits());
            let (low, high) = (hours.iter().flatten().min(), largest(&hours));
            for mean in [day.pm25, day.o3_max_8h, day.o3_max_1h].into_iter().flatten() {
                prop_assert!(low.copied() <= Some(mean) && Some(mean) <= high);
            }
        }
    }
}
