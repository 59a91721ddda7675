//! Writes the training matrix of PM2.5 and what the engine says of its last rows as NumPy files, so that another
//! learner can be tried on the same rows: see `benches/forecast/lightgbm.sh`.
//!
//! `cargo run --release -p qingkong-forecast --example matrix -- DIR UNTIL FILE…` writes into DIR `days.npy` (days since
//! 1970), `x.npy`, `y.npy` and `level.npy` (see `TrainingMatrix`), and from a model trained on what lies before the day
//! UNTIL `ours.npy`: of every later row its day and the five quantiles of each `lead * cities + city`, µg/m³. Prints
//! the seconds its training took.

#[path = "files/mod.rs"]
mod files;

use forecast::{History, ISSUE_LABEL, LEADS, Model, TrainingMatrix, issue, train};
use std::error::Error;
use std::path::Path;
use units::{BeijingDay, BeijingHour, Pollutant};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().ok_or("usage: matrix DIR UNTIL FILE…")?;
    let until: BeijingDay = args.next().ok_or("usage: matrix DIR UNTIL FILE…")?.parse()?;
    let history = files::history(args)?;
    let matrix = TrainingMatrix::of(&history, Pollutant::Pm25, ISSUE_LABEL)?;
    let begun = on_cpu();
    let model = train(&history, BeijingHour::of_day(until, 1).ok_or("no such hour")?, ISSUE_LABEL, 1)?;
    if let Some((after, before)) = on_cpu().zip(begun) {
        println!("{:.3}", after - before);
    }
    let later = matrix.days.iter().filter(|day| **day >= until);
    let ours: Vec<Vec<f64>> = later.filter_map(|day| said(&model, &history, *day)).collect();
    let days: Vec<Vec<f64>> = matrix.days.iter().map(|day| vec![f64::from(day.index())]).collect();
    let all = [("days", &days), ("x", &matrix.predictors), ("y", &matrix.targets), ("level", &matrix.level)];
    for (name, rows) in all.into_iter().chain([("ours", &ours)]) {
        std::fs::write(Path::new(&folder).join(format!("{name}.npy")), npy(rows))?;
    }
    Ok(())
}

/// The day and its quantiles; `None` where no run can be made.
fn said(model: &Model, history: &History, day: BeijingDay) -> Option<Vec<f64>> {
    let run = issue(model, history, BeijingHour::of_day(day, ISSUE_LABEL)?, 200).ok()?;
    let mut row = vec![f64::from(day.index())];
    for (lead, city) in (1..=LEADS).flat_map(|lead| history.cities.iter().map(move |city| (lead, city))) {
        let said = run.days.iter().find(|day| &day.city == city && usize::from(day.lead_day) == lead);
        row.extend(said.and_then(|day| day.value(Pollutant::Pm25)).map_or([f64::NAN; 5], |value| value.quantiles));
    }
    Some(row)
}

/// Seconds this process has run, where the system tells.
fn on_cpu() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
}

/// Rows of equal length in NumPy's own format, version 1.0.
fn npy(rows: &[Vec<f64>]) -> Vec<u8> {
    let columns = rows.first().map_or(0, Vec::len);
    let shape = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({}, {columns}), }}", rows.len());
    let header = format!("{shape:<117}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(rows.iter().flatten().flat_map(|value| value.to_le_bytes()));
    bytes
}
