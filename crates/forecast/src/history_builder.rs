use crate::History;
use std::collections::BTreeMap;
use units::{BeijingDay, BeijingHour, Pollutant};

/// Six pollutants by 24 labels of one day, µg/m³, CO mg/m³; NaN = missing.
type Day = [f64; 144];

/// Gathers hourly values in any order into one gapless [`History`].
///
/// Holds only the days that have a value, so that a decade with holes is as small as its data.
#[derive(Clone, Debug, Default)]
pub struct HistoryBuilder {
    cities: BTreeMap<String, BTreeMap<BeijingDay, Box<Day>>>,
}

impl HistoryBuilder {
    /// Sets one value, µg/m³, CO mg/m³; a later one for the same hour replaces it.
    pub fn set(&mut self, city: &str, pollutant: Pollutant, hour: BeijingHour, value: f64) {
        if !self.cities.contains_key(city) {
            self.cities.insert(city.to_string(), BTreeMap::new());
        }
        let Some(days) = self.cities.get_mut(city) else { return };
        let day = days.entry(hour.day()).or_insert_with(|| Box::new([f64::NAN; 144]));
        day[pollutant.index() * 24 + usize::from(hour.label()) - 1] = value;
    }

    /// The history from the first to the last day with a value, cities in order of their names; `None` of nothing.
    pub fn finish(self) -> Option<History> {
        let days = || self.cities.values().flat_map(BTreeMap::keys);
        let (first, last) = (*days().min()?, *days().max()?);
        let hours = usize::try_from((last - first + 1) * 24).ok()?;
        let names = self.cities.keys().cloned().collect();
        let mut history = History::empty(names, BeijingHour::of_day(first, 1)?, hours);
        for (city, days) in self.cities.values().enumerate() {
            for (day, values) in days {
                let start = city * hours + ((*day - first) * 24) as usize;
                for (series, day) in history.series.iter_mut().zip(values.chunks_exact(24)) {
                    series[start..start + 24].copy_from_slice(day);
                }
            }
        }
        Some(history)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_in_any_order_become_one_axis_without_holes() {
        let hour = |text: &str| text.parse::<BeijingHour>().unwrap();
        let mut builder = HistoryBuilder::default();
        builder.set("320300", Pollutant::Co, hour("2018-01-03T01:00:00+08:00"), 1.2);
        builder.set("320100", Pollutant::Pm25, hour("2018-01-02T00:00:00+08:00"), 34.0);
        builder.set("320100", Pollutant::Pm25, hour("2018-01-02T00:00:00+08:00"), 35.0);
        let history = builder.finish().unwrap().checked().unwrap();
        assert_eq!((history.cities.clone(), history.hours), (vec!["320100".to_string(), "320300".to_string()], 72));
        assert_eq!(history.first_hour, hour("2018-01-01T01:00:00+08:00"));
        assert_eq!(history.value(Pollutant::Pm25, 0, hour("2018-01-02T00:00:00+08:00")), 35.0);
        assert_eq!(history.value(Pollutant::Co, 1, hour("2018-01-03T01:00:00+08:00")), 1.2);
        assert!(history.value(Pollutant::Pm25, 1, hour("2018-01-02T00:00:00+08:00")).is_nan());
        assert!(HistoryBuilder::default().finish().is_none());
    }
}
