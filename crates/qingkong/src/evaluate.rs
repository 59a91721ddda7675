//! `qingkong evaluate`: hourly observations in, the evaluation of a period by HJ 663 out.

use crate::failure::Failure;
use crate::hourly_csv::{self, Cell, ITEMS, O3_8H, Row, Table, TableError};
use crate::output::{Output, cell};
use standards::evaluate::{AreaEvaluation, Evaluation, Request, Standard, evaluate};
use standards::{DustConvention, DustDays, Hours, Inserted, Weights};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use units::{BeijingDay, Pollutant, SiteCode};

/// Arguments of `qingkong evaluate`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Hourly CSV with time,site and any of SO2,NO2,CO,O3,PM10,PM2_5; a column city makes cities from points
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    observations: Vec<PathBuf>,
    /// First day, YYYY-MM-DD
    #[arg(long)]
    from: BeijingDay,
    /// Last day, YYYY-MM-DD
    #[arg(long)]
    to: BeijingDay,
    /// Edition of HJ 633: 2012, 2026, or auto for the one in force on each day
    #[arg(long, default_value = "auto")]
    standard: Standard,
    /// One row per area and pollutant instead of JSON
    #[arg(long)]
    csv: bool,
    /// Decided sand-dust days: CSV with day,site
    #[arg(long, value_name = "FILE")]
    dust: Option<PathBuf>,
    /// Convention of the main figures: dust-kept, bulletin, assessment or deducted-day
    #[arg(long, default_value = "dust-kept", requires = "dust", value_parser = DustConvention::by_id)]
    dust_convention: &'static DustConvention,
    /// Use the unverified weighted variant of the composite index
    #[arg(long)]
    weighted: bool,
    /// Write here instead of standard output; the file appears only when it is complete
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: Args) -> Result<(), Failure> {
    let mut hours = Hours::new(args.from, args.to)?;
    let mut read = ReadCounts::default();
    for path in &args.observations {
        read_file(path, &mut hours, &mut read)
            .map_err(|error| Failure::refused(format_args!("{error}; nothing was evaluated")))?;
    }
    if hours.is_empty() {
        let reason = format!("S-311 no value lies between {} and {}; nothing was evaluated", args.from, args.to);
        return Err(Failure::refused(reason));
    }
    let dust = args.dust.as_deref().map_or_else(|| Ok(DustDays::default()), read_dust)?;
    let weights = if args.weighted { Weights::Variant } else { Weights::Plain };
    let request = Request { standard: args.standard, weights, dust: &dust, convention: args.dust_convention };
    let evaluation = evaluate(&hours, &request);
    write(&evaluation, args.csv, args.output.as_deref())?;
    read.report();
    Ok(())
}

/// What was read beside the values that were used.
#[derive(Debug, Default, PartialEq, Eq)]
struct ReadCounts {
    repeated: u64,
    outside: u64,
}

impl ReadCounts {
    fn report(&self) {
        if self.outside > 0 {
            eprintln!("{} values lie outside the period and were left out", self.outside);
        }
        if self.repeated > 0 {
            eprintln!("{} values were there twice, with the same value", self.repeated);
        }
    }
}

fn warn_of_unread(columns: &hourly_csv::Columns, path: &Path) {
    let running = columns.has(O3_8H).then_some(ITEMS[O3_8H].code);
    for name in columns.unknown().into_iter().chain(running) {
        eprintln!("{}: column {name} has no part in the evaluation; it was left unread", path.display());
    }
}

fn read_file(path: &Path, hours: &mut Hours, read: &mut ReadCounts) -> Result<(), TableError> {
    let table = hourly_csv::open(path)?;
    warn_of_unread(table.columns(), path);
    read_hours(table, hours, read)
}

/// Feeds every value of a table into `hours`; a repeated row is harmless, a contradicting one is refused.
fn read_hours<R: Read>(mut table: Table<R>, hours: &mut Hours, read: &mut ReadCounts) -> Result<(), TableError> {
    let mut last: Option<(String, usize)> = None;
    while let Some(row) = table.next_row()? {
        let hour = row.hour()?;
        let place = match &last {
            Some((text, place)) if text == row.site_text() => *place,
            _ => hours.site(&row.site()?),
        };
        if let Some(city) = row.city()? {
            hours.set_city(place, &city);
        }
        for item in (0..ITEMS.len()).filter(|item| *item != O3_8H) {
            let Cell::Value(value) = row.concentration(item)? else { continue };
            match hours.insert_at(place, ITEMS[item].pollutant, hour, value) {
                Ok(Inserted::New) => {}
                Ok(Inserted::Repeated) => read.repeated += 1,
                Ok(Inserted::OutsidePeriod) => read.outside += 1,
                Err(reason) => return Err(row.refuse_item(item, reason)),
            }
        }
        remember(&mut last, &row, place);
    }
    Ok(())
}

/// Rows of one site usually follow each other; its place is looked up once.
fn remember(last: &mut Option<(String, usize)>, row: &Row, place: usize) {
    if last.as_ref().is_none_or(|(text, _)| text != row.site_text()) {
        *last = Some((row.site_text().to_string(), place));
    }
}

fn read_dust(path: &Path) -> Result<DustDays, Failure> {
    let file = path.display();
    let mut reader = csv::Reader::from_path(path)?;
    let header = reader.headers()?.clone();
    let place = |wanted: &str| {
        let missing = || Failure::refused(format_args!("S-302 {file} line 1: column \"{wanted}\" is missing"));
        header.iter().position(|name| name.trim() == wanted).ok_or_else(missing)
    };
    let (day, site) = (place("day")?, place("site")?);
    let mut dust = DustDays::default();
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        let refuse = |column: &str, reason: &dyn std::fmt::Display| {
            Failure::refused(format_args!("S-304 {file} line {line}, column {column}: {reason}; nothing was evaluated"))
        };
        let area: SiteCode = record[site].parse().map_err(|reason| refuse("site", &reason))?;
        dust.insert(area, record[day].parse().map_err(|reason| refuse("day", &reason))?);
    }
    Ok(dust)
}

fn write(evaluation: &Evaluation, csv: bool, path: Option<&Path>) -> Result<(), Failure> {
    let mut output = Output::create(path)?;
    if csv {
        write_csv(evaluation, &mut output)?;
    } else {
        serde_json::to_writer_pretty(&mut output, evaluation)?;
        output.write_all(b"\n")?;
    }
    output.finish()
}

const CSV_HEADER: [&str; 18] = [
    "area",
    "kind",
    "pollutant",
    "mean",
    "percentile",
    "valid_days",
    "valid",
    "attained",
    "exceedance_multiple",
    "good_days",
    "counted_days",
    "good_ratio",
    "heavy_days",
    "composite_index",
    "rank",
    "standard",
    "limits",
    "dust_convention",
];

/// One row per area and pollutant; what belongs to the area is repeated.
fn write_csv(evaluation: &Evaluation, output: impl Write) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(output);
    writer.write_record(CSV_HEADER)?;
    for area in &evaluation.areas {
        for pollutant in Pollutant::ALL {
            writer.write_record(csv_row(evaluation, area, pollutant))?;
        }
    }
    writer.flush().map_err(csv::Error::from)
}

fn csv_row(evaluation: &Evaluation, area: &AreaEvaluation, pollutant: Pollutant) -> [String; 18] {
    let of = &area.pollutants[pollutant.code()];
    [
        area.area.to_string(),
        area.kind.code().to_string(),
        pollutant.code().to_string(),
        cell(of.mean),
        cell(of.percentile),
        of.valid_days.to_string(),
        of.valid.to_string(),
        cell(of.attained),
        cell(of.exceedance_multiple),
        area.good_days.to_string(),
        area.valid_days.to_string(),
        cell(area.good_ratio),
        area.heavy_days.to_string(),
        cell(area.composite_index),
        cell(area.rank),
        evaluation.standard.clone(),
        evaluation.limits.to_string(),
        evaluation.dust_convention.to_string(),
    ]
}

#[cfg(test)]
#[path = "evaluate_tests.rs"]
mod tests;
