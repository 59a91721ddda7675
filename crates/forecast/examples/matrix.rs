//! Writes the training matrix of one pollutant as NumPy files, so that other learners can be tried on the same rows.
//!
//! `cargo run --release -p qingkong-forecast --example matrix -- POLLUTANT DIR FILE…` writes `days.npy` (days
//! since 1970), `x.npy`, `y.npy` (`[row, lead * cities + city]`) and `level.npy` into DIR.

mod files;

use forecast::{ISSUE_LABEL, TrainingMatrix};
use std::error::Error;
use std::path::Path;
use units::Pollutant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let pollutant: Pollutant = args.next().ok_or("no pollutant")?.parse()?;
    let folder = args.next().ok_or("no folder")?;
    let matrix = TrainingMatrix::of(&files::history(args)?, pollutant, ISSUE_LABEL)?;
    let days: Vec<Vec<f64>> = matrix.days.iter().map(|day| vec![f64::from(day.index())]).collect();
    for (name, rows) in [("days", &days), ("x", &matrix.predictors), ("y", &matrix.targets), ("level", &matrix.level)] {
        std::fs::write(Path::new(&folder).join(format!("{name}.npy")), npy(rows))?;
    }
    Ok(())
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
