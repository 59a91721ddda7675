//! `forecast.csv` and `trajectories.csv`, written.

use crate::failure::Failure;
use crate::output::Output;
use ::forecast::{DayForecast, Run};
use csv::Writer;
use std::path::Path;
use units::Pollutant;

/// Columns of `forecast.csv`, in order.
pub const COLUMNS: [&str; 16] = [
    "issue_date",
    "city",
    "lead_day",
    "pollutant",
    "mean",
    "q05",
    "q25",
    "q50",
    "q75",
    "q95",
    "aqi_lo",
    "aqi_hi",
    "primary",
    "p_aqi150",
    "p_aqi200",
    "model",
];

/// A forecast table under way; the file appears when it is finished.
pub struct ForecastTable(Writer<Output>);

impl ForecastTable {
    /// Begins a table at a path, or on standard output.
    pub fn create(path: Option<&Path>) -> Result<Self, Failure> {
        let mut writer = Writer::from_writer(Output::create(path)?);
        writer.write_record(COLUMNS)?;
        Ok(ForecastTable(writer))
    }

    /// Two rows a city and day: PM2.5 in µg/m³, then the AQI.
    pub fn write(&mut self, run: &Run) -> Result<(), Failure> {
        let issue = run.issue.day().to_string();
        for day in &run.days {
            self.0.write_record(pm25_row(&issue, day, &run.model_id))?;
            self.0.write_record(aqi_row(&issue, day, &run.model_id))?;
        }
        Ok(())
    }

    /// Everything is written.
    pub fn finish(self) -> Result<(), Failure> {
        finish(self.0)
    }
}

fn pm25_row(issue: &str, day: &DayForecast, model: &str) -> [String; 16] {
    let [q05, q25, q50, q75, q95] = day.quantiles().map(tenths);
    let (city, lead, none) = (day.city.clone(), day.lead_day.to_string(), String::new);
    let pollutant = Pollutant::Pm25.code().to_string();
    [
        issue.into(),
        city,
        lead,
        pollutant,
        tenths(day.mean),
        q05,
        q25,
        q50,
        q75,
        q95,
        none(),
        none(),
        none(),
        none(),
        none(),
        model.into(),
    ]
}

fn aqi_row(issue: &str, day: &DayForecast, model: &str) -> [String; 16] {
    let [q05, q25, q50, q75, q95] = day.aqi_quantiles.map(|index| index.to_string());
    let (city, lead) = (day.city.clone(), day.lead_day.to_string());
    let primary = day.primary.map_or_else(String::new, |primary| primary.code().to_string());
    let (low, high) = (day.aqi_lo.to_string(), day.aqi_hi.to_string());
    let [p150, p200] = [day.p_aqi150, day.p_aqi200].map(|share| format!("{share:.4}"));
    [
        issue.into(),
        city,
        lead,
        "AQI".into(),
        tenths(day.aqi_mean),
        q05,
        q25,
        q50,
        q75,
        q95,
        low,
        high,
        primary,
        p150,
        p200,
        model.into(),
    ]
}

/// A table of hourly courses under way.
pub struct TrajectoryTable {
    writer: Writer<Output>,
    with_issue: bool,
}

impl TrajectoryTable {
    /// Begins a table; `with_issue` puts a column `issue_date` at the end, for more than one issue in a file.
    pub fn create(path: &Path, with_issue: bool) -> Result<Self, Failure> {
        let mut writer = Writer::from_writer(Output::create(Some(path))?);
        let columns = ["member", "city", "time", "PM2_5", "issue_date"];
        writer.write_record(&columns[..if with_issue { 5 } else { 4 }])?;
        Ok(TrajectoryTable { writer, with_issue })
    }

    /// All courses of a run, µg/m³ to a tenth.
    pub fn write(&mut self, run: &Run) -> Result<(), Failure> {
        let courses = &run.trajectories;
        let times: Vec<String> = (0..courses.hours).map(|column| courses.hour(column).to_string()).collect();
        let issue = run.issue.day().to_string();
        for member in 0..courses.members {
            let number = (member + 1).to_string();
            for (city, name) in courses.cities.iter().enumerate() {
                for (time, value) in times.iter().zip(courses.course(member, city)) {
                    let row = [number.as_str(), name, time, &tenths(f64::from(*value)), &issue];
                    self.writer.write_record(&row[..if self.with_issue { 5 } else { 4 }])?;
                }
            }
        }
        Ok(())
    }

    /// Everything is written.
    pub fn finish(self) -> Result<(), Failure> {
        finish(self.writer)
    }
}

fn finish(writer: Writer<Output>) -> Result<(), Failure> {
    // An error of the last flush carries the writer; only its cause is told.
    let output = writer.into_inner().map_err(|failed| Failure::refused(failed.error()))?;
    output.finish()
}

fn tenths(value: f64) -> String {
    format!("{value:.1}")
}
