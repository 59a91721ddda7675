//! `forecast.csv`, `trajectories.csv` and `pairs.csv`, written.

use crate::failure::Failure;
use crate::output::Output;
use ::forecast::{DayForecast, DayValue, Run};
use csv::Writer;
pub use guidance::daily::COLUMNS;
use std::path::Path;
use units::Pollutant;

/// Pollutants of the hourly courses, in the order of their columns.
const COURSES: [Pollutant; 6] =
    [Pollutant::Pm25, Pollutant::Pm10, Pollutant::O3, Pollutant::No2, Pollutant::So2, Pollutant::Co];

/// A forecast table under way; the file appears when it is finished.
pub struct ForecastTable(Writer<Output>);

impl ForecastTable {
    /// Begins a table at a path, or on standard output.
    pub fn create(path: Option<&Path>) -> Result<Self, Failure> {
        let mut writer = Writer::from_writer(Output::create(path)?);
        writer.write_record(COLUMNS)?;
        Ok(ForecastTable(writer))
    }

    /// Rows of a city and day: each forecast pollutant (µg/m³, CO mg/m³), then the AQI.
    pub fn write(&mut self, run: &Run) -> Result<(), Failure> {
        let issue = run.issue.day().to_string();
        for day in &run.days {
            for pollutant in Pollutant::ALL {
                if let Some(value) = day.value(pollutant) {
                    self.0.write_record(value_row(&issue, day, pollutant, value, &run.model_id))?;
                }
            }
            self.0.write_record(aqi_row(&issue, day, &run.model_id))?;
        }
        Ok(())
    }

    /// Everything is written.
    pub fn finish(self) -> Result<(), Failure> {
        finish(self.0)
    }
}

fn value_row(issue: &str, day: &DayForecast, pollutant: Pollutant, value: &DayValue, model: &str) -> [String; 16] {
    let number = |value: f64| shown(pollutant, value);
    let [q05, q25, q50, q75, q95] = value.quantiles.map(number);
    let (city, lead, none) = (day.city.clone(), day.lead_day.to_string(), String::new);
    [
        issue.into(),
        city,
        lead,
        column(pollutant).into(),
        number(value.mean),
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

/// The name of a pollutant's rows: a day of ozone is its largest 8 h mean.
fn column(pollutant: Pollutant) -> &'static str {
    if pollutant == Pollutant::O3 { "O3_8h" } else { pollutant.code() }
}

fn aqi_row(issue: &str, day: &DayForecast, model: &str) -> [String; 16] {
    let [q05, q25, q50, q75, q95] = day.aqi.quantiles.map(|index| index.to_string());
    let (city, lead) = (day.city.clone(), day.lead_day.to_string());
    let codes: Vec<&str> = day.aqi.primary.iter().map(|primary| primary.code()).collect();
    let primary = codes.join("|");
    let (low, high) = (day.aqi.lo.to_string(), day.aqi.hi.to_string());
    let [p150, p200] = [day.aqi.p_aqi150, day.aqi.p_aqi200].map(|share| format!("{share:.4}"));
    [
        issue.into(),
        city,
        lead,
        "AQI".into(),
        tenths(day.aqi.mean),
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
        let columns = ["member", "city", "time"].into_iter().chain(COURSES.map(Pollutant::code));
        writer.write_record(columns.chain(with_issue.then_some("issue_date")))?;
        Ok(TrajectoryTable { writer, with_issue })
    }

    /// All courses of a run, µg/m³ to a tenth, CO mg/m³ to a thousandth; empty where there is no value.
    pub fn write(&mut self, run: &Run) -> Result<(), Failure> {
        let courses = &run.trajectories;
        let times: Vec<String> = (0..courses.hours).map(|column| courses.hour(column).to_string()).collect();
        let issue = run.issue.day().to_string();
        for member in 0..courses.members {
            let number = (member + 1).to_string();
            for (city, name) in courses.cities.iter().enumerate() {
                let of_city = COURSES.map(|pollutant| courses.course(pollutant, member, city));
                for (hour, time) in times.iter().enumerate() {
                    let value = |(course, pollutant): (&Option<&[f32]>, Pollutant)| {
                        let value = course.map(|course| f64::from(course[hour])).filter(|value| value.is_finite());
                        value.map_or_else(String::new, |value| shown(pollutant, value))
                    };
                    self.writer.write_field(&number)?;
                    self.writer.write_field(name)?;
                    self.writer.write_field(time)?;
                    for cell in of_city.iter().zip(COURSES).map(value) {
                        self.writer.write_field(cell)?;
                    }
                    if self.with_issue {
                        self.writer.write_field(&issue)?;
                    }
                    self.writer.write_record(None::<&[u8]>)?;
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

/// A table of the probability of two heavy days in a row under way.
pub struct PairTable(Writer<Output>);

impl PairTable {
    /// Begins a table.
    pub fn create(path: &Path) -> Result<Self, Failure> {
        let mut writer = Writer::from_writer(Output::create(Some(path))?);
        writer.write_record(["issue_date", "city", "lead_day", "p_members", "p_calibrated", "model"])?;
        Ok(PairTable(writer))
    }

    /// A row of every city and first day of the two; `lead_day` is its lead.
    pub fn write(&mut self, run: &Run) -> Result<(), Failure> {
        let issue = run.issue.day().to_string();
        for event in &run.events {
            let [raw, calibrated] = [event.raw, event.calibrated].map(|share| format!("{share:.4}"));
            let lead = event.first_lead.to_string();
            self.0.write_record([&issue, &event.city, &lead, &raw, &calibrated, &run.model_id])?;
        }
        Ok(())
    }

    /// Everything is written.
    pub fn finish(self) -> Result<(), Failure> {
        finish(self.0)
    }
}

fn finish(writer: Writer<Output>) -> Result<(), Failure> {
    // An error of the last flush carries the writer; only its cause is told.
    let output = writer.into_inner().map_err(|failed| Failure::refused(failed.error()))?;
    output.finish()
}

/// A concentration with the digits that mean something: CO runs from 0.1 to a few mg/m³.
fn shown(pollutant: Pollutant, value: f64) -> String {
    if pollutant == Pollutant::Co { format!("{value:.3}") } else { tenths(value) }
}

fn tenths(value: f64) -> String {
    format!("{value:.1}")
}
