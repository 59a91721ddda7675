use crate::targets::{EVENING, LEADS};
use serde::{Deserialize, Serialize};
use units::{BeijingDay, BeijingHour, Pollutant};

/// One forecast (一次起报): what was said at an issue time, from which model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The issue time; no observation of this label or later was used.
    pub issue: BeijingHour,
    /// Cities that are forecast.
    pub cities: Vec<String>,
    /// Cities of the model that had too few recent hours.
    pub left_out: Vec<String>,
    /// [`crate::Model::id`].
    pub model_id: String,
    /// [`crate::Model::trained_until`].
    pub trained_until: BeijingHour,
    /// Equally likely joint courses.
    pub trajectories: Trajectories,
    /// Day values, by city and lead.
    pub days: Vec<DayForecast>,
}

/// Equally likely joint courses of hourly PM2.5 over all cities (联合轨迹). µg/m³.
///
/// One member is one coherent story: its cities and hours belong together. From a 20:00 issue on day D
/// the hours run from label 21 of D to label 24 of D+5; `pm25` is laid out `[member][city][hour]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trajectories {
    /// Cities, in order.
    pub cities: Vec<String>,
    /// The first hour of every course.
    pub first_hour: BeijingHour,
    /// Hours of a course.
    pub hours: usize,
    /// Number of courses.
    pub members: usize,
    /// µg/m³; NaN = missing.
    pub pm25: Vec<f32>,
}

/// What is said of one city and day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DayForecast {
    /// City, as in [`Run::cities`].
    pub city: String,
    /// 1 to 5.
    pub lead_day: u8,
    /// The day.
    pub date: BeijingDay,
    /// Mean of the members, µg/m³.
    pub mean: f64,
    /// 5 % quantile, µg/m³.
    pub q05: f64,
    /// 25 % quantile.
    pub q25: f64,
    /// Median.
    pub q50: f64,
    /// 75 % quantile.
    pub q75: f64,
    /// 95 % quantile.
    pub q95: f64,
    /// Mean of the members' PM2.5 index.
    pub aqi_mean: f64,
    /// PM2.5 index of the five quantiles.
    pub aqi_quantiles: [u16; 5],
    /// Lower end of the AQI range.
    pub aqi_lo: u16,
    /// Upper end of the AQI range.
    pub aqi_hi: u16,
    /// PM2.5 when the index of the median is above 50, else none. Only PM2.5 is forecast.
    pub primary: Option<Pollutant>,
    /// Share of members whose PM2.5 index is above 150.
    pub p_aqi150: f64,
    /// Share of members whose PM2.5 index is above 200.
    pub p_aqi200: f64,
}

impl DayForecast {
    /// The five published quantiles, ascending, µg/m³.
    pub fn quantiles(&self) -> [f64; 5] {
        [self.q05, self.q25, self.q50, self.q75, self.q95]
    }
}

impl Trajectories {
    /// The course of one member and city.
    pub fn course(&self, member: usize, city: usize) -> &[f32] {
        let start = (member * self.cities.len() + city) * self.hours;
        &self.pm25[start..start + self.hours]
    }

    /// The hour of a column.
    pub fn hour(&self, column: usize) -> BeijingHour {
        self.first_hour + column as i64
    }
}

impl Run {
    /// Day means of one member and city, lead days one to five, µg/m³.
    pub fn day_means(&self, member: usize, city: usize) -> [f64; LEADS] {
        let course = self.trajectories.course(member, city);
        std::array::from_fn(|lead| {
            course[EVENING + 24 * lead..][..24].iter().map(|value| f64::from(*value)).sum::<f64>() / 24.0
        })
    }
}
