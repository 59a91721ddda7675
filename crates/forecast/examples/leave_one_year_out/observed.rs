use forecast::History;
use forecast::measures::{QUANTILES, quantile};
use standards::{AqiEdition, EvaluationRules, Limits};
use units::{Aqi, BeijingDay, Concentration, Pollutant};

/// A day as the standards make it from its hours.
#[derive(Clone, Default)]
pub struct Day {
    /// Day values in the order of the pollutants, µg/m³, CO mg/m³.
    pub values: [Option<f64>; 6],
    pub aqi: Option<Aqi>,
    pub primary: Vec<Pollutant>,
}

/// Every observed city day, made once: all folds and leads look at the same days.
pub struct Observed {
    cities: Vec<String>,
    first: BeijingDay,
    days: Vec<Vec<Day>>,
}

impl Observed {
    pub fn of(history: &History) -> Observed {
        let (first, last) = (history.first_hour.day(), history.end().day());
        let city = |city: usize| {
            (first.index()..=last.index()).map(|day| made(history, city, BeijingDay::from_index(day))).collect()
        };
        let days = (0..history.cities.len()).map(city).collect();
        Observed { cities: history.cities.clone(), first, days }
    }

    pub fn day(&self, city: &str, day: BeijingDay) -> Option<&Day> {
        let city = self.cities.iter().position(|name| name == city)?;
        self.days[city].get(usize::try_from(day - self.first).ok()?)
    }

    /// Quantiles of the thirty days before an issue.
    pub fn climatology(&self, city: &str, p: Pollutant, issue: BeijingDay) -> Option<[f64; 5]> {
        let value = |back: i32| self.day(city, issue - back)?.values[p.index()];
        let mut month: Vec<f64> = (1..=30).filter_map(value).collect();
        month.sort_by(f64::total_cmp);
        (!month.is_empty()).then(|| QUANTILES.map(|share| quantile(&month, share)))
    }
}

fn made(history: &History, city: usize, day: BeijingDay) -> Day {
    let hours = Pollutant::ALL.map(|p| {
        let mut hours = day.hours().map(|hour| Concentration::from_f64(history.value(p, city, hour), p.unit()));
        std::array::from_fn(|_| hours.next().flatten())
    });
    let rules = EvaluationRules::in_force(day);
    let means = rules.day_means(&hours.each_ref(), Limits::in_force(day));
    let report = AqiEdition::in_force(day).day_aqi(&rules.round_day(&means));
    Day {
        values: Pollutant::ALL.map(|p| means.evaluated(p).map(|value| value.to_f64(p.unit()))),
        aqi: report.aqi,
        primary: report.primary,
    }
}
