use crate::rows::last_usable;
use crate::targets::{LEADS, Timetable};
use std::collections::BTreeMap;
use units::{BeijingDay, BeijingHour};

/// Hours of the last 24 that their mean needs.
const LAST_VALID: usize = 12;
/// Hours after which a forecast from outside is too old to be used.
const OLDEST_FORECAST: i64 = 48;
/// Values of a day that its mean needs: six-hourly output is enough.
const DAY_VALID: u32 = 4;

/// One value of a forecast from outside (外部预报值), of a city and hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Foretold {
    /// Place of the city among those of the predictor.
    pub city: usize,
    /// When it became known.
    pub issued: BeijingHour,
    /// The hour it is of.
    pub time: BeijingHour,
    /// In any unit.
    pub value: f64,
}

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

/// Sum and count of one forecast's values, by city and day.
type DaySums = BTreeMap<(usize, BeijingDay), (f64, u32)>;

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

    /// From forecasts: the mean of each day ahead, one column a lead day, from the newest forecast that was out before
    /// the issue hour and not 48 hours old; a day needs four values.
    ///
    /// As many lead days as half of the issue days with a forecast reach, or `leads` of them: a model asks for the
    /// columns it was trained with. `None` when not one day ahead is reached, or at no hour of the day (1 to 24).
    pub fn of_forecasts(
        name: &str,
        cities: Vec<String>,
        told: &[Foretold],
        leads: Option<usize>,
        issue_hour: u8,
    ) -> Option<Extra> {
        let time = Timetable::of(issue_hour)?;
        let mut runs: BTreeMap<BeijingHour, DaySums> = BTreeMap::new();
        for one in told.iter().filter(|one| one.city < cities.len() && one.value.is_finite()) {
            let sum = runs.entry(one.issued).or_default().entry((one.city, one.time.day())).or_default();
            *sum = (sum.0 + one.value, sum.1 + 1);
        }
        let mean = |day: BeijingDay, city: usize, lead: usize| {
            let last = last_usable(time.issue(day));
            let run = runs.range(last - OLDEST_FORECAST..=last).next_back();
            let sum = run.and_then(|(_, days)| days.get(&(city, day + 1 + lead as i32)));
            sum.filter(|sum| sum.1 >= DAY_VALID).map_or(f64::NAN, |(sum, count)| sum / f64::from(*count))
        };
        let (first, last) = (runs.keys().next()?.day(), runs.keys().next_back()?.day() + 2);
        let days = usize::try_from(last - first + 1).ok()?;
        let all = || (0..days).map(|n| first + n as i32);
        let reached = |lead: usize| {
            let told = |day: &BeijingDay| (0..cities.len()).any(|city| mean(*day, city, lead).is_finite());
            all().filter(told).count()
        };
        let reach = reached(0);
        let leads = leads.unwrap_or_else(|| (0..LEADS).take_while(|lead| 2 * reached(*lead) > reach).count());
        (reach > 0 && leads > 0).then(|| Extra::new(name, cities, leads, (first, days), mean))
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

    /// A run issued at 08:00 of the day `n` says `10 n + days ahead` of the next `reach` days, every sixth hour.
    fn told(n: i32, reach: i32) -> Vec<Foretold> {
        let issued = BeijingHour::of_day(day() + n, 8).unwrap();
        let hours = (1..=reach).flat_map(|ahead| [6, 12, 18, 24].map(|label| (ahead, label)));
        let value = |(ahead, label): (i32, u8)| Foretold {
            city: 0,
            issued,
            time: BeijingHour::of_day(day() + n + ahead, label).unwrap(),
            value: f64::from(10 * n + ahead),
        };
        hours.map(value).collect()
    }

    #[test]
    fn the_newest_forecast_that_was_out_speaks_of_the_days_ahead() {
        let all = [told(0, 3), told(1, 3)].concat();
        let of = |issue_hour: u8, n: i32| {
            let extra = Extra::of_forecasts("wind", vec!["a".into()], &all, Some(2), issue_hour).unwrap();
            extra.of(&["a".into()], day() + n)
        };
        assert_eq!((of(20, 0), of(20, 1)), (Some(vec![1.0, 2.0]), Some(vec![11.0, 12.0])));
        assert_eq!(of(8, 1), Some(vec![2.0, 3.0]), "what comes out at the issue hour is not yet known");
        assert_eq!(of(9, 1), Some(vec![11.0, 12.0]));
        assert_eq!(of(20, 2), Some(vec![12.0, 13.0]), "36 hours old");
        assert_eq!(of(20, 3), None, "60 hours old");
    }

    #[test]
    fn as_many_lead_days_are_columns_as_most_forecasts_reach() {
        let columns = |told: &[Foretold], leads| {
            Extra::of_forecasts("wind", vec!["a".into()], told, leads, 20).map(|extra| extra.columns())
        };
        let all: Vec<Foretold> = (0..10).flat_map(|n| told(n, if n == 0 { 7 } else { 3 })).collect();
        assert_eq!((columns(&all, None), columns(&all, Some(5))), (Some(3), Some(5)));
        let mut thin = all;
        thin.retain(|one| one.time.label() != 24);
        assert_eq!((columns(&thin, None), columns(&[], None)), (None, None), "three values are no day");
        assert!(Extra::of_forecasts("wind", vec!["a".into()], &thin, None, 25).is_none());
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
