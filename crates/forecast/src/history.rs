use crate::ForecastError;
use serde::{Deserialize, Serialize};
use units::{BeijingDay, BeijingHour, Pollutant};

/// Hourly observations of several cities (历史实况), the only input of the forecast.
///
/// µg/m³, CO mg/m³; NaN = missing. `series` is in the order of [`Pollutant::ALL`], each laid out
/// `[city * hours + hour]`; hour 0 is `first_hour`. Hours without any record are NaN, so that the
/// time axis has no holes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Names as in the observations, or region codes.
    pub cities: Vec<String>,
    /// The hour of the first column.
    pub first_hour: BeijingHour,
    /// Columns of every city.
    pub hours: usize,
    /// One series a pollutant.
    pub series: [Vec<f64>; 6],
}

impl History {
    /// A history in which everything is missing.
    pub fn empty(cities: Vec<String>, first_hour: BeijingHour, hours: usize) -> Self {
        let length = cities.len() * hours;
        History { cities, first_hour, hours, series: std::array::from_fn(|_| vec![f64::NAN; length]) }
    }

    /// Refuses `F-101` when a series has not the length that cities and hours demand.
    pub fn checked(self) -> Result<Self, ForecastError> {
        let (cities, hours) = (self.cities.len(), self.hours);
        match self.series.iter().map(Vec::len).find(|found| *found != cities * hours) {
            Some(found) => Err(ForecastError::Shape { cities, hours, found }),
            None => Ok(self),
        }
    }

    /// The hour after the last column.
    pub fn end(&self) -> BeijingHour {
        self.first_hour + self.hours as i64
    }

    /// One value; NaN outside the history.
    pub fn value(&self, pollutant: Pollutant, city: usize, hour: BeijingHour) -> f64 {
        match self.column(hour) {
            Some(column) => self.series[pollutant.index()][city * self.hours + column],
            None => f64::NAN,
        }
    }

    /// Sets one value; hours outside the history are left out.
    pub fn set(&mut self, pollutant: Pollutant, city: usize, hour: BeijingHour, value: f64) {
        if let Some(column) = self.column(hour) {
            self.series[pollutant.index()][city * self.hours + column] = value;
        }
    }

    /// The same cities from `from` up to, not including, `until`; hours outside are missing.
    pub fn window(&self, from: BeijingHour, until: BeijingHour) -> History {
        let hours = usize::try_from(until - from).unwrap_or(0);
        let mut cut = History::empty(self.cities.clone(), from, hours);
        for (pollutant, city) in Pollutant::ALL.iter().flat_map(|p| (0..self.cities.len()).map(move |c| (*p, c))) {
            for column in 0..hours {
                let hour = from + column as i64;
                cut.series[pollutant.index()][city * hours + column] = self.value(pollutant, city, hour);
            }
        }
        cut
    }

    /// The named cities in the named order; a city that is not here is missing throughout.
    pub fn of_cities(&self, cities: &[String]) -> History {
        let mut cut = History::empty(cities.to_vec(), self.first_hour, self.hours);
        for (to, name) in cities.iter().enumerate() {
            let Some(from) = self.cities.iter().position(|city| city == name) else { continue };
            for (target, source) in cut.series.iter_mut().zip(&self.series) {
                let hours = self.hours;
                target[to * hours..(to + 1) * hours].copy_from_slice(&source[from * hours..(from + 1) * hours]);
            }
        }
        cut
    }

    /// The same history with every hour of the days `from..=to` missing, for leave-one-period-out studies.
    pub fn without(&self, from: BeijingDay, to: BeijingDay) -> History {
        let mut cut = self.clone();
        let hidden = |column: &usize| (from..=to).contains(&(self.first_hour + *column as i64).day());
        for column in (0..self.hours).filter(hidden) {
            for series in &mut cut.series {
                series.iter_mut().skip(column).step_by(self.hours).for_each(|value| *value = f64::NAN);
            }
        }
        cut
    }

    fn column(&self, hour: BeijingHour) -> Option<usize> {
        usize::try_from(hour - self.first_hour).ok().filter(|column| *column < self.hours)
    }
}
