use crate::rows::last_usable;
use crate::targets::Timetable;
use units::{BeijingDay, BeijingHour};

/// Hours of the last 24 that their mean needs.
const LAST_VALID: usize = 12;

/// A further predictor (附加预报因子): numbers known at the issue of each day, of each city, from outside the six pollutants.
///
/// Observed weather, or what a model of the weather or the air said of the days to come: one or more columns a city,
/// in any unit, roughly even about their mean (take the logarithm of a concentration). NaN = missing. Whoever
/// fills it answers for it that nothing in it was known only after the issue.
#[derive(Clone, Debug, PartialEq)]
pub struct Extra {
    name: String,
    cities: Vec<String>,
    columns: usize,
    first: BeijingDay,
    /// `[day][city][column]`
    values: Vec<f64>,
}

impl Extra {
    /// Takes the value of every issue day, city and column from `value`.
    pub fn new(
        name: &str,
        cities: Vec<String>,
        columns: usize,
        (first, days): (BeijingDay, usize),
        value: impl Fn(BeijingDay, usize, usize) -> f64,
    ) -> Extra {
        let mut values = vec![];
        for (day, city) in (0..days).flat_map(|day| (0..cities.len()).map(move |city| (day, city))) {
            values.extend((0..columns).map(|column| value(first + day as i32, city, column)));
        }
        Extra { name: name.to_string(), cities, columns, first, values }
    }

    /// From hourly observations, `[city * hours + hour]` from `first_hour` on: the mean of the last three hours and of
    /// the last 24 (at least 12 of them) before the issue. Nothing at or after the issue hour is looked at.
    ///
    /// `None` when `series` has not the length that cities and hours demand, or at no hour of the day (1 to 24).
    pub fn of_hours(
        name: &str,
        cities: Vec<String>,
        (first_hour, hours): (BeijingHour, usize),
        series: &[f64],
        issue_hour: u8,
    ) -> Option<Extra> {
        let time = Timetable::of(issue_hour)?;
        if cities.len().checked_mul(hours) != Some(series.len()) {
            return None;
        }
        let at = |city: usize, hour: BeijingHour| {
            let column = usize::try_from(hour - first_hour).ok().filter(|column| *column < hours);
            column.map_or(f64::NAN, |column| series[city * hours + column])
        };
        let mean = |day: BeijingDay, city: usize, column: usize| {
            let (hours, needed) = if column == 0 { (3, 1) } else { (24, LAST_VALID) };
            let last = last_usable(time.issue(day));
            let known: Vec<f64> = (0..hours).map(|back| at(city, last - back)).filter(|v| v.is_finite()).collect();
            if known.len() < needed { f64::NAN } else { known.iter().sum::<f64>() / known.len() as f64 }
        };
        let days = usize::try_from((first_hour + hours as i64).day() - first_hour.day() + 1).ok()?;
        Some(Extra::new(name, cities, 2, (first_hour.day(), days), mean))
    }

    /// Its name, under which a model asks for it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Values of a city at one issue.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The values of the named cities at an issue day, `[city * columns + column]`; a city without one takes the mean of
    /// the others. `None` when a column misses in more than half of the cities.
    pub(crate) fn of(&self, cities: &[String], day: BeijingDay) -> Option<Vec<f64>> {
        let row = usize::try_from(day - self.first).ok()?.checked_mul(self.cities.len() * self.columns)?;
        let row = self.values.get(row..)?.get(..self.cities.len() * self.columns)?;
        let place = |name: &String| self.cities.iter().position(|city| city == name);
        let places: Vec<Option<usize>> = cities.iter().map(place).collect();
        let mut values = vec![f64::NAN; cities.len() * self.columns];
        for column in 0..self.columns {
            let value = |place: &Option<usize>| place.map_or(f64::NAN, |place| row[place * self.columns + column]);
            let of_cities: Vec<f64> = places.iter().map(value).collect();
            let known: Vec<f64> = of_cities.iter().copied().filter(|value| value.is_finite()).collect();
            if known.is_empty() || 2 * known.len() < cities.len() {
                return None;
            }
            let mean = known.iter().sum::<f64>() / known.len() as f64;
            for (city, value) in of_cities.into_iter().enumerate() {
                values[city * self.columns + column] = if value.is_finite() { value } else { mean };
            }
        }
        Some(values)
    }
}

/// The values of all extras side by side; `None` when one of them is missing at the issue.
pub(crate) fn side_by_side(extras: &[&Extra], cities: &[String], day: BeijingDay) -> Option<Vec<f64>> {
    let parts = extras.iter().map(|extra| extra.of(cities, day)).collect::<Option<Vec<_>>>()?;
    Some(parts.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cities() -> Vec<String> {
        ["a", "b", "c"].map(String::from).to_vec()
    }

    fn day() -> BeijingDay {
        "2018-01-13".parse().unwrap()
    }

    #[test]
    fn a_city_without_a_value_takes_the_mean_of_the_others_and_two_of_three_are_too_many() {
        let extra = |missing: usize| {
            let value = move |_, city: usize, _| if city < missing { f64::NAN } else { city as f64 };
            Extra::new("wind", cities(), 1, (day(), 1), value).of(&cities(), day())
        };
        assert_eq!(extra(0), Some(vec![0.0, 1.0, 2.0]));
        assert_eq!(extra(1), Some(vec![1.5, 1.0, 2.0]));
        assert_eq!(extra(2), None);
    }

    #[test]
    fn cities_are_found_by_name_and_days_outside_are_missing() {
        let extra = Extra::new("wind", cities(), 2, (day(), 2), |d, city, column| {
            f64::from(d - day()) * 100.0 + (city * 10 + column) as f64
        });
        assert_eq!(extra.of(&["c".into(), "a".into()], day() + 1), Some(vec![120.0, 121.0, 100.0, 101.0]));
        assert_eq!([-1, 2].map(|n| extra.of(&cities(), day() + n)), [None, None]);
        assert_eq!(extra.of(&["x".into()], day()), None);
    }

    #[test]
    fn hours_count_up_to_the_one_before_the_issue() {
        let first = BeijingHour::of_day(day(), 1).unwrap();
        let mut series: Vec<f64> = (1..=24).map(f64::from).collect();
        let of = |series: &[f64]| {
            Extra::of_hours("wind", vec!["a".into()], (first, 24), series, 20).unwrap().of(&["a".into()], day())
        };
        assert_eq!(of(&series), Some(vec![18.0, 10.0]));
        series[19..].fill(9999.0);
        assert_eq!(of(&series), Some(vec![18.0, 10.0]));
        series[7..19].fill(f64::NAN);
        assert_eq!(of(&series), None);
        assert_eq!(Extra::of_hours("wind", cities(), (first, 24), &series, 20), None);
        assert_eq!(Extra::of_hours("wind", vec!["a".into()], (first, 24), &series, 25), None);
    }
}
