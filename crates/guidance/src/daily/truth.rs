use forecast::History;
use standards::{AqiEdition, EvaluationRules, Limits};
use std::collections::BTreeMap;
use units::{BeijingDay, Concentration, Pollutant};

/// Observed day values by the rules in force on the day, computed once a city and day.
pub struct DayTruth<'h> {
    history: &'h History,
    cities: BTreeMap<String, usize>,
    days: BTreeMap<(usize, BeijingDay), BTreeMap<&'static str, f64>>,
}

impl<'h> DayTruth<'h> {
    /// Over hourly observations; `also` says under which other name a city may stand in a forecast table.
    pub fn new(history: &'h History, also: impl Fn(&str) -> Option<String>) -> DayTruth<'h> {
        let names = history.cities.iter().enumerate();
        let mut cities: BTreeMap<String, usize> =
            names.clone().filter_map(|(n, city)| Some((also(city)?, n))).collect();
        cities.extend(names.map(|(n, city)| (city.clone(), n)));
        DayTruth { history, cities, days: BTreeMap::new() }
    }

    /// The value of a day: a mean with enough hours, `O3_8h` the largest 8 h mean, `AQI` of all six; NaN else.
    pub fn value(&mut self, city: &str, day: BeijingDay, item: &str) -> f64 {
        let Some(city) = self.cities.get(city).copied() else { return f64::NAN };
        let history = self.history;
        let known = self.days.entry((city, day)).or_insert_with(|| of_day(history, city, day));
        known.get(item).copied().unwrap_or(f64::NAN)
    }
}

fn of_day(history: &History, city: usize, day: BeijingDay) -> BTreeMap<&'static str, f64> {
    let hours = Pollutant::ALL.map(|pollutant| {
        let mut hours =
            day.hours().map(|hour| Concentration::from_f64(history.value(pollutant, city, hour), pollutant.unit()));
        std::array::from_fn(|_| hours.next().flatten())
    });
    let rules = EvaluationRules::in_force(day);
    let means = rules.day_means(&hours.each_ref(), Limits::in_force(day));
    let items = [
        ("SO2", means.so2),
        ("NO2", means.no2),
        ("CO", means.co),
        ("O3_8h", means.o3_max_8h),
        ("PM10", means.pm10),
        ("PM2_5", means.pm25),
    ];
    let unit = |item: &str| if item == "CO" { Pollutant::Co.unit() } else { Pollutant::Pm25.unit() };
    let mut values: BTreeMap<&'static str, f64> =
        items.into_iter().filter_map(|(item, value)| Some((item, value?.to_f64(unit(item))))).collect();
    let report = AqiEdition::in_force(day).day_aqi(&rules.round_day(&means));
    values.extend(report.aqi.map(|aqi| ("AQI", f64::from(aqi.get()))));
    values
}
