use super::case::Item;
use crate::History;
use standards::{AqiEdition, EvaluationRules, Limits};
use units::{Aqi, AqiLevel, BeijingDay, BeijingHour, Concentration, Pollutant};

/// What a day was, by the rules and the edition in force on it (实况日值).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObservedDay {
    /// Evaluated value in [`Pollutant::ALL`] order, unrounded: the mean, for ozone the largest 8 h mean.
    /// µg/m³, CO mg/m³.
    pub values: [Option<f64>; 6],
    /// The AQI; `None` where the edition gives none.
    pub aqi: Option<Aqi>,
    /// Primary pollutants, none when the AQI is at most 50.
    pub primary: Vec<Pollutant>,
}

impl ObservedDay {
    /// The value of an item.
    pub fn value(&self, item: Item) -> Option<f64> {
        match item {
            Item::Pollutant(pollutant) => self.values[pollutant.index()],
            Item::Aqi => self.aqi.map(|aqi| f64::from(aqi.get())),
        }
    }

    /// The level of the AQI.
    pub fn level(&self) -> Option<AqiLevel> {
        self.aqi.map(AqiLevel::of)
    }
}

/// The observed day of a city: a mean asks for 20 of 24 hours, ozone for 14 of 17 windows of 8 hours with 6 each,
/// as the evaluation rules in force on the day have it.
pub fn observed_day(history: &History, city: usize, day: BeijingDay) -> ObservedDay {
    let last = BeijingHour::of_day(day, 24).expect("every day has a 24th hour");
    observed_until(history, city, last)
}

/// The 24 hours that end with `last`, taken as a day.
pub(crate) fn observed_until(history: &History, city: usize, last: BeijingHour) -> ObservedDay {
    let one = |pollutant: Pollutant, back: usize| {
        Concentration::from_f64(history.value(pollutant, city, last - (23 - back as i64)), pollutant.unit())
    };
    let hours = Pollutant::ALL.map(|pollutant| std::array::from_fn(|back| one(pollutant, back)));
    let rules = EvaluationRules::in_force(last.day());
    let means = rules.day_means(&hours.each_ref(), Limits::in_force(last.day()));
    let report = AqiEdition::in_force(last.day()).day_aqi(&rules.round_day(&means));
    ObservedDay {
        values: Pollutant::ALL.map(|pollutant| means.evaluated(pollutant).map(|value| value.to_f64(pollutant.unit()))),
        aqi: report.aqi,
        primary: report.primary,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A day of 2018 with the same value of all pollutants in its first `hours` hours.
    fn day(hours: usize, value: f64) -> ObservedDay {
        let day: BeijingDay = "2018-01-02".parse().unwrap();
        let first = BeijingHour::of_day(day, 1).unwrap();
        let mut history = History::empty(vec!["x".into()], first, 24);
        for (pollutant, hour) in Pollutant::ALL.into_iter().flat_map(|p| day.hours().take(hours).map(move |h| (p, h))) {
            history.set(pollutant, 0, hour, if pollutant == Pollutant::Co { 1.0 } else { value });
        }
        observed_day(&history, 0, day)
    }

    #[test]
    fn twenty_hours_make_a_mean_and_nineteen_do_not() {
        assert_eq!(day(20, 80.0).values[Pollutant::Pm25.index()], Some(80.0));
        assert_eq!(day(19, 80.0).values[Pollutant::Pm25.index()], None);
    }

    #[test]
    fn the_index_is_of_the_edition_in_force() {
        // HJ 633-2012: PM2.5 80 is 100 + 50 / 40 * 5 = 106.25, rounded up; PM10 80 is 65.
        let found = day(24, 80.0);
        assert_eq!((found.aqi, found.primary.as_slice()), (Aqi::new(107).ok(), &[Pollutant::Pm25][..]));
        assert_eq!(found.level(), Some(AqiLevel::LightlyPolluted));
        assert_eq!(found.value(Item::Aqi), Some(107.0));
        assert_eq!(found.value(Item::Pollutant(Pollutant::O3)), Some(80.0));
    }

    #[test]
    fn a_day_outside_the_history_is_missing_throughout() {
        let history = History::empty(vec!["x".into()], BeijingHour::from_index(420_000), 24);
        let found = observed_day(&history, 0, BeijingDay::from_index(10_000));
        assert_eq!(found, ObservedDay::default());
    }
}
