//! `qingkong aqi`: concentrations in, the same rows with indices, level and primary pollutants out.

use crate::failure::Failure;
use crate::hourly_csv::{self, Cell, ITEMS, O3_8H, Row, Table, TableError};
use crate::output::{Output, cell};
use standards::evaluate::Standard;
use standards::{AqiReport, Column, DayMeans, HourMeans};
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::PathBuf;
use units::{AqiLevel, Concentration, Pollutant};

/// Arguments of `qingkong aqi`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// CSV with time,site and any of SO2,NO2,CO,O3,O3_8h,PM10,PM2_5 (µg/m³, CO mg/m³); - is standard input
    #[arg(default_value = "-", value_name = "FILE")]
    input: PathBuf,
    /// Edition of HJ 633: 2012, 2026, or auto for the one in force on each row's date
    #[arg(long, default_value = "auto")]
    standard: Standard,
    /// Day values (time is YYYY-MM-DD) or hour values (time is RFC 3339, the end of the hour)
    #[arg(long, value_enum, default_value_t = Period::Day)]
    period: Period,
    /// Write here instead of standard output; the file appears only when it is complete
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Period {
    /// Day values: means, and the daily maximum 8 h mean of ozone.
    Day,
    /// Hour values.
    Hour,
}

/// Runs the command.
pub fn run(args: Args) -> Result<(), Failure> {
    let table = hourly_csv::open(&args.input)?;
    let mut output = Output::create(args.output.as_deref())?;
    let warnings = convert(table, args.standard, args.period, &mut output).map_err(|error| {
        let kept = if output.is_file() { "nothing was written" } else { "the rows before it were passed on" };
        Failure::refused(format_args!("{}; {kept}", Failure::from(error)))
    })?;
    output.finish()?;
    for warning in warnings {
        eprintln!("{warning}");
    }
    Ok(())
}

/// Why rows could not be converted.
#[derive(Debug, thiserror::Error)]
enum ConvertError {
    #[error(transparent)]
    Table(#[from] TableError),
    #[error("S-310 the result could not be written")]
    Write(#[from] csv::Error),
}

/// Converts all rows; returns what the reader of the result should know.
fn convert<R: Read>(
    mut table: Table<R>,
    standard: Standard,
    period: Period,
    output: impl Write,
) -> Result<Vec<String>, ConvertError> {
    let mut writer = csv::Writer::from_writer(output);
    let mut unused: BTreeSet<(&'static str, &'static str)> = BTreeSet::new();
    write_header(&mut writer, &table.columns().names)?;
    let unknown: Vec<String> = table.columns().unknown().into_iter().map(str::to_string).collect();
    while let Some(row) = table.next_row()? {
        row.site()?;
        let values = Values::read(&row)?;
        let report = values.report(&row, standard, period)?;
        unused.extend(values.unused(&report).map(|item| (item, report.standard)));
        write_row(&mut writer, &row, &report)?;
    }
    writer.flush().map_err(csv::Error::from)?;
    let unknown = unknown.into_iter().map(|name| format!("column {name} is not known; it was passed through"));
    let unused = unused.iter().map(|(item, id)| format!("column {item} has no part in this report of {id}"));
    Ok(unknown.chain(unused).collect())
}

/// The seven concentrations of a row and what is outside the monitoring programme.
struct Values {
    items: [Option<Concentration>; 7],
    not_monitored: Vec<Pollutant>,
}

impl Values {
    fn read(row: &Row) -> Result<Self, TableError> {
        let mut values = Values { items: [None; 7], not_monitored: Vec::new() };
        for (place, item) in ITEMS.iter().enumerate() {
            match row.concentration(place)? {
                Cell::Value(value) => values.items[place] = Some(value),
                Cell::NotMonitored => values.not_monitored.push(item.pollutant),
                Cell::Missing => {}
            }
        }
        Ok(values)
    }

    fn report(&self, row: &Row, standard: Standard, period: Period) -> Result<AqiReport, TableError> {
        let [so2, no2, co, o3, o3_8h, pm10, pm25] = self.items;
        Ok(match period {
            Period::Day => {
                let means = DayMeans { so2, no2, co, o3_max_1h: o3, o3_max_8h: o3_8h, pm10, pm25 };
                standard.edition(row.day()?).day_aqi_without(&means, &self.not_monitored)
            }
            Period::Hour => {
                let means = HourMeans { so2, no2, co, o3, o3_8h, pm10, pm25 };
                standard.edition(row.hour()?.day()).hour_aqi_without(&means, &self.not_monitored)
            }
        })
    }

    /// Columns with a value that the report has no item for.
    fn unused(&self, report: &AqiReport) -> impl Iterator<Item = &'static str> {
        let used = |place: usize| report.indices.iter().any(|(column, _)| place_of(*column) == place);
        let unused: Vec<&'static str> = (0..ITEMS.len())
            .filter(|place| self.items[*place].is_some() && !used(*place))
            .map(|place| ITEMS[place].code)
            .collect();
        unused.into_iter()
    }
}

/// Position in [`ITEMS`] of the column an index belongs to.
fn place_of(column: Column) -> usize {
    match column {
        Column::So2Day | Column::So2Hour => 0,
        Column::No2Day | Column::No2Hour => 1,
        Column::CoDay | Column::CoHour => 2,
        Column::O3Hour => 3,
        Column::O3EightHours => O3_8H,
        Column::Pm10Day => 5,
        Column::Pm25Day => 6,
    }
}

fn write_header(writer: &mut csv::Writer<impl Write>, names: &[String]) -> Result<(), csv::Error> {
    let indices = ITEMS.iter().map(|item| format!("iaqi_{}", item.code));
    let rest = ["aqi", "level", "category", "primary", "standard", "note"].map(str::to_string);
    writer.write_record(names.iter().cloned().chain(indices).chain(rest))
}

fn write_row(writer: &mut csv::Writer<impl Write>, row: &Row, report: &AqiReport) -> Result<(), csv::Error> {
    for cell in row.cells() {
        writer.write_field(cell)?;
    }
    for place in 0..ITEMS.len() {
        let index = report.indices.iter().find(|(column, _)| place_of(*column) == place).and_then(|(_, index)| *index);
        writer.write_field(cell(index))?;
    }
    let primary: Vec<&str> = report.primary.iter().map(|pollutant| pollutant.code()).collect();
    writer.write_field(cell(report.aqi))?;
    writer.write_field(cell(report.level.map(AqiLevel::number)))?;
    writer.write_field(report.level.map_or("", AqiLevel::category))?;
    writer.write_field(primary.join("|"))?;
    writer.write_field(report.standard)?;
    writer.write_field(report.note.as_deref().unwrap_or(""))?;
    writer.write_record(None::<&[u8]>)
}

#[cfg(test)]
#[path = "aqi_tests.rs"]
mod tests;
