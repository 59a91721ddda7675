use crate::events::PairEvent;
use crate::flag::Flag;
use crate::scale::day_value;
use crate::targets::{LEADS, Timetable};
use serde::{Deserialize, Serialize};
use units::{AqiLevel, BeijingDay, BeijingHour, Pollutant};

/// One forecast (一次起报): what was said at an issue time, from which model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The issue time; no observation of this label or later was used.
    pub issue: BeijingHour,
    /// Cities that are forecast.
    pub cities: Vec<String>,
    /// Cities of the model that had too few recent hours.
    pub left_out: Vec<String>,
    /// What a reader must know of this run.
    pub flags: Vec<Flag>,
    /// [`crate::Model::id`].
    pub model_id: String,
    /// [`crate::Model::trained_until`].
    pub trained_until: BeijingHour,
    /// Equally likely joint courses.
    pub trajectories: Trajectories,
    /// Day values, by city and lead.
    pub days: Vec<DayForecast>,
    /// Two heavy days in a row, by city and lead of the first.
    pub events: Vec<PairEvent>,
}

/// Equally likely joint hourly courses of all pollutants over all cities (联合轨迹). µg/m³, CO mg/m³.
///
/// One member is one coherent story: its pollutants, cities and hours belong together. From a 20:00 issue on
/// day D the hours run from label 21 of D to label 24 of D+7. Hours are forecast one by one to the end of
/// D+3; from D+4 on they carry the day's value on a typical daily course.
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
    /// In the order of [`Pollutant::ALL`], each laid out `[member][city][hour]`; NaN = missing, empty when the
    /// pollutant is not forecast.
    pub series: [Vec<f32>; 6],
}

/// The day values of one pollutant (日评价值): 24 h mean, for ozone the largest 8 h mean. µg/m³, CO mg/m³.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DayValue {
    /// Mean of the members.
    pub mean: f64,
    /// 5, 25, 50, 75 and 95 % quantile of the members.
    pub quantiles: [f64; 5],
}

/// What is said of one city and day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DayForecast {
    /// City, as in [`Run::cities`].
    pub city: String,
    /// 1 to 7.
    pub lead_day: u8,
    /// The day.
    pub date: BeijingDay,
    /// In the order of [`Pollutant::ALL`]; `None` when the pollutant is not forecast here.
    pub values: [Option<DayValue>; 6],
    /// The index, from all forecast pollutants of each member.
    pub aqi: DayAqi,
}

/// The AQI part of a day, from the members by the edition in force on the day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DayAqi {
    /// Edition, for example `HJ 633-2012`.
    pub standard: String,
    /// Mean of the members.
    pub mean: f64,
    /// 5, 25, 50, 75 and 95 % quantile of the members.
    pub quantiles: [u16; 5],
    /// Lower end of the published range.
    pub lo: u16,
    /// Upper end of the published range.
    pub hi: u16,
    /// The levels the range touches, ascending (级别集合).
    pub levels: Vec<AqiLevel>,
    /// The pollutants likely to lead, most likely first; empty when the range stays within 50.
    pub primary: Vec<Pollutant>,
    /// Share of members above 50 that each pollutant leads, in the order of [`Pollutant::ALL`]; ties count for all.
    pub primary_share: [f64; 6],
    /// Share of members with an AQI above 100.
    pub p_aqi100: f64,
    /// Above 150.
    pub p_aqi150: f64,
    /// Above 200.
    pub p_aqi200: f64,
    /// Above 300.
    pub p_aqi300: f64,
}

impl DayForecast {
    /// What is said of one pollutant.
    pub fn value(&self, pollutant: Pollutant) -> Option<&DayValue> {
        self.values[pollutant.index()].as_ref()
    }
}

impl Trajectories {
    /// Courses of PM2.5 alone, laid out `[member][city][hour]`, µg/m³.
    pub fn of_pm25(
        cities: Vec<String>,
        first_hour: BeijingHour,
        hours: usize,
        members: usize,
        pm25: Vec<f32>,
    ) -> Trajectories {
        let mut series: [Vec<f32>; 6] = std::array::from_fn(|_| vec![]);
        series[Pollutant::Pm25.index()] = pm25;
        Trajectories { cities, first_hour, hours, members, series }
    }

    /// The course of one pollutant, member and city; `None` when the pollutant is not forecast.
    pub fn course(&self, pollutant: Pollutant, member: usize, city: usize) -> Option<&[f32]> {
        let start = (member * self.cities.len() + city) * self.hours;
        self.series[pollutant.index()].get(start..start + self.hours).filter(|_| city < self.cities.len())
    }

    /// The hour of a column.
    pub fn hour(&self, column: usize) -> BeijingHour {
        self.first_hour + column as i64
    }

    /// The value of a day by which a pollutant is judged, of one member and city; `None` when the day does not
    /// lie within the courses or a value is missing.
    pub fn day_value(&self, pollutant: Pollutant, member: usize, city: usize, day: BeijingDay) -> Option<f64> {
        let column = usize::try_from(BeijingHour::of_day(day, 1)? - self.first_hour).ok()?;
        let hours = self.course(pollutant, member, city)?.get(column..column + 24)?;
        let hours: [f64; 24] = std::array::from_fn(|hour| f64::from(hours[hour]));
        Some(day_value(pollutant, &hours)).filter(|value| value.is_finite())
    }

    /// Whether every series has the length that members, cities and hours demand.
    pub fn fits(&self) -> bool {
        let length = self.members.checked_mul(self.cities.len()).and_then(|rows| rows.checked_mul(self.hours));
        self.series.iter().all(|series| series.is_empty() || Some(series.len()) == length)
    }
}

impl Run {
    /// PM2.5 means of the lead days of one member and city, µg/m³; NaN when missing.
    pub fn day_means(&self, member: usize, city: usize) -> [f64; LEADS] {
        let day = |lead: usize| {
            let day = self.issue.day() + lead as i32 + 1;
            self.trajectories.day_value(Pollutant::Pm25, member, city, day).unwrap_or(f64::NAN)
        };
        std::array::from_fn(day)
    }

    /// Whether its parts fit each other; what comes from a file may not.
    pub(crate) fn fits(&self) -> bool {
        let cities = self.trajectories.cities.len();
        let hours = Timetable::of(self.issue.label()).map(Timetable::horizon);
        self.trajectories.fits() && hours == Some(self.trajectories.hours) && self.days.len() == cities * LEADS
    }
}
