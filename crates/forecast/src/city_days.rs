use crate::History;
use units::{BeijingDay, BeijingHour, Pollutant};

/// Fewest valid hours of a day mean (HJ 663: 20 of 24).
const FEWEST_HOURS: usize = 20;

/// Day values of several cities (城市日值), observed or expected.
///
/// µg/m³ or index points as the caller says; NaN = missing. Laid out `[city * days + day]`.
#[derive(Clone, Debug, PartialEq)]
pub struct CityDays {
    cities: Vec<String>,
    first: BeijingDay,
    days: usize,
    values: Vec<f64>,
}

impl CityDays {
    /// Takes the value of every city and day from `value`.
    pub fn new(
        cities: Vec<String>,
        first: BeijingDay,
        days: usize,
        value: impl Fn(usize, BeijingDay) -> f64,
    ) -> CityDays {
        let day = |d: usize| first + d as i32;
        let values = (0..cities.len()).flat_map(|city| (0..days).map(move |d| (city, d)));
        let values = values.map(|(city, d)| value(city, day(d))).collect();
        CityDays { cities, first, days, values }
    }

    /// Day means of an hourly history with at least 20 of 24 hours, in the unit of the history.
    pub fn means(history: &History, pollutant: Pollutant) -> CityDays {
        let first = history.first_hour.day();
        let days = usize::try_from(history.end().day() - first + 1).unwrap_or(0);
        let value = |city: usize, day: BeijingDay| mean(day.hours().map(|hour| history.value(pollutant, city, hour)));
        CityDays::new(history.cities.clone(), first, days, value)
    }

    /// Cities, in order.
    pub fn cities(&self) -> &[String] {
        &self.cities
    }

    /// The first day.
    pub fn first(&self) -> BeijingDay {
        self.first
    }

    /// The day after the last.
    pub fn end(&self) -> BeijingDay {
        self.first + self.days as i32
    }

    /// The value of a city and day; NaN outside.
    pub fn value(&self, city: usize, day: BeijingDay) -> f64 {
        let column = usize::try_from(day - self.first).ok().filter(|column| *column < self.days);
        column.map_or(f64::NAN, |column| self.values[city * self.days + column])
    }

    /// All days of one city.
    pub fn city(&self, city: usize) -> &[f64] {
        &self.values[city * self.days..][..self.days]
    }

    /// The days before `end` alone: what was known when that day began.
    pub fn before(&self, end: BeijingDay) -> CityDays {
        self.span(self.first, end.min(self.end()).max(self.first))
    }

    /// The days from `from` up to, not including, `end`; days outside are missing.
    pub fn span(&self, from: BeijingDay, end: BeijingDay) -> CityDays {
        let days = usize::try_from(end - from).unwrap_or(0);
        CityDays::new(self.cities.clone(), from, days, |city, day| self.value(city, day))
    }

    /// The named cities in the named order; a city that is not here is missing throughout.
    pub fn of_cities(&self, cities: &[String]) -> CityDays {
        let places: Vec<Option<usize>> =
            cities.iter().map(|name| self.cities.iter().position(|city| city == name)).collect();
        let value = |city: usize, day| places[city].map_or(f64::NAN, |place| self.value(place, day));
        CityDays::new(cities.to_vec(), self.first, self.days, value)
    }
}

/// Joint day courses of an ensemble (成员日值): every member's day values of every city.
///
/// Unit as of [`CityDays`]; NaN = missing. Laid out `[member][city][day]`.
#[derive(Clone, Debug, PartialEq)]
pub struct DayCourses {
    cities: Vec<String>,
    first: BeijingDay,
    days: usize,
    members: usize,
    values: Vec<f32>,
}

impl DayCourses {
    /// Takes the value of every member, city and day from `value`.
    pub fn new(
        cities: Vec<String>,
        (first, days): (BeijingDay, usize),
        members: usize,
        value: impl Fn(usize, usize, BeijingDay) -> f64,
    ) -> DayCourses {
        let mut values = Vec::new();
        for (member, city) in (0..members).flat_map(|m| (0..cities.len()).map(move |city| (m, city))) {
            values.extend((0..days).map(|d| value(member, city, first + d as i32) as f32));
        }
        DayCourses { cities, first, days, members, values }
    }

    /// Day means of hourly courses, each beginning at `first_hour`; `seen` gives the hours before it.
    ///
    /// The day of issue is half observed and half forecast: both halves are in its mean. Days with fewer
    /// than 20 hours, such as the last one of a course that ends at noon, are missing.
    pub fn means<'a>(
        cities: Vec<String>,
        first_hour: BeijingHour,
        members: usize,
        course: impl Fn(usize, usize) -> &'a [f32],
        seen: impl Fn(usize, BeijingHour) -> f64,
    ) -> DayCourses {
        let hours = if cities.is_empty() || members == 0 { 0 } else { course(0, 0).len() };
        let first = first_hour.day();
        let last = (first_hour + hours as i64 - 1).day();
        let days = if hours == 0 { 0 } else { usize::try_from(last - first + 1).unwrap_or(0) };
        let hour = |member: usize, city: usize, hour: BeijingHour| match usize::try_from(hour - first_hour) {
            Ok(column) => course(member, city).get(column).map_or(f64::NAN, |value| f64::from(*value)),
            Err(_) => seen(city, hour),
        };
        DayCourses::new(cities, (first, days), members, |m, city, day| mean(day.hours().map(|h| hour(m, city, h))))
    }

    /// Cities, in order.
    pub fn cities(&self) -> &[String] {
        &self.cities
    }

    /// The first day.
    pub fn first(&self) -> BeijingDay {
        self.first
    }

    /// The day after the last.
    pub fn end(&self) -> BeijingDay {
        self.first + self.days as i32
    }

    /// Number of members.
    pub fn members(&self) -> usize {
        self.members
    }

    /// The days of one member and city.
    pub fn course(&self, member: usize, city: usize) -> &[f32] {
        &self.values[(member * self.cities.len() + city) * self.days..][..self.days]
    }

    /// The mean course of the members, by city and day.
    pub fn mean(&self) -> CityDays {
        CityDays::new(self.cities.clone(), self.first, self.days, |city, day| {
            let column = (day - self.first) as usize;
            let all = (0..self.members).map(|member| f64::from(self.course(member, city)[column]));
            let valid: Vec<f64> = all.filter(|value| value.is_finite()).collect();
            if valid.is_empty() { f64::NAN } else { valid.iter().sum::<f64>() / valid.len() as f64 }
        })
    }
}

/// Mean of the 24 hours of a day, NaN with fewer than [`FEWEST_HOURS`].
fn mean(hours: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = hours.filter(|v| v.is_finite()).fold((0.0, 0), |(sum, count), v| (sum + v, count + 1));
    if count < FEWEST_HOURS { f64::NAN } else { sum / count as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> BeijingDay {
        text.parse().unwrap()
    }

    #[test]
    fn the_day_of_issue_is_half_observed_and_half_forecast() {
        let first = BeijingHour::of_day(day("2018-01-13"), 21).unwrap();
        let course = vec![40.0f32; 28];
        let days = DayCourses::means(vec!["a".into()], first, 1, |_, _| &course, |_, _| 10.0);
        assert_eq!((days.first(), days.end()), (day("2018-01-13"), day("2018-01-15")));
        assert_eq!(days.course(0, 0), [15.0, 40.0]);
    }

    #[test]
    fn nineteen_hours_are_no_day() {
        let first = BeijingHour::of_day(day("2018-01-13"), 1).unwrap();
        let of = |hours| {
            let course = vec![40.0f32; hours];
            DayCourses::means(vec!["a".into()], first, 1, |_, _| &course, |_, _| f64::NAN).mean().city(0)[0]
        };
        assert!(of(19).is_nan());
        assert_eq!(of(20), 40.0);
    }

    #[test]
    fn what_was_known_before_a_day_ends_the_day_before() {
        let days = CityDays::new(vec!["a".into()], day("2018-01-01"), 3, |_, day| f64::from(day.index()));
        let known = days.before(day("2018-01-03"));
        assert_eq!((known.end(), known.city(0).len()), (day("2018-01-03"), 2));
        assert!(known.value(0, day("2018-01-03")).is_nan());
        assert_eq!(days.before(day("2017-12-01")).city(0).len(), 0);
    }

    #[test]
    fn a_city_that_is_not_there_is_missing() {
        let days = CityDays::new(vec!["a".into()], day("2018-01-01"), 1, |_, _| 5.0);
        let chosen = days.of_cities(&["b".into(), "a".into()]);
        assert!(chosen.city(0)[0].is_nan());
        assert_eq!(chosen.city(1), [5.0]);
    }
}
