//! The long form (长表): one row a response or contribution, as CSV or Parquet. What this program writes, and the neutral door for
//! whatever no reader knows.

mod columnar;
mod row;

pub use columnar::{is_parquet, write_parquet};

use crate::import::Imported;
use crate::matrix::Origin;
use crate::{Cell, Matrix, Note, Receptor, TransportError, Whose};
use row::Collector;
use std::io;
use units::RegionCode;

/// The columns, in order; `city` to `unit` and, for responses, the two of doubt are required.
pub const COLUMNS: [&str; 18] = [
    "kind",
    "city",
    "day",
    "pollutant",
    "region",
    "sector",
    "stack",
    "precursor",
    "value",
    "unit",
    "relative_uncertainty",
    "trusted_share",
    "status",
    "basis",
    "model",
    "run",
    "grid",
    "file",
];

/// Unit of a response.
pub const RESPONSE_UNIT: &str = "ug/m3 per kg/d";
/// Unit of a contribution or total.
pub const CONTRIBUTION_UNIT: &str = "ug/m3";

/// Reads the long form from CSV.
///
/// `known` are the cities that may be receptors, or empty for any. Refuses `X-106` to `X-114` naming line and column.
pub fn read_csv(bytes: &[u8], known: &[RegionCode]) -> Result<(Imported, Vec<Note>), TransportError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let broken = |line: u64, cause: csv::Error| TransportError::Cell {
        line: cause.position().map_or(line, csv::Position::line),
        column: "whole row".into(),
        text: String::new(),
        why: cause.to_string(),
    };
    let header = reader.headers().map_err(|cause| broken(1, cause))?.clone();
    let (mut collector, place) = Collector::of(header.iter(), known)?;
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|cause| broken(0, cause))? {
        let line = record.position().map_or(0, csv::Position::line);
        collector.row(line, |column| place[column].and_then(|at| record.get(at)).unwrap_or_default())?;
    }
    collector.finish()
}

/// Reads the long form from Parquet, with the same columns and the same checks; `line` is the row, the first is 1.
pub fn read_parquet(bytes: &[u8], known: &[RegionCode]) -> Result<(Imported, Vec<Note>), TransportError> {
    columnar::read(bytes, known)
}

/// Writes the long form as CSV, in order.
pub fn write_csv(imported: &Imported, out: impl io::Write) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(COLUMNS)?;
    each_row(imported, |cells| writer.write_record(cells))?;
    writer.flush()?;
    Ok(())
}

/// Calls with the cells of every row, in order.
pub(crate) fn each_row<E>(imported: &Imported, mut put: impl FnMut(&[String; 18]) -> Result<(), E>) -> Result<(), E> {
    let mut cells: [String; 18] = Default::default();
    match imported {
        Imported::Matrix(matrix) => {
            origin_cells(matrix.origin(), &mut cells);
            for cell in matrix.cells() {
                response_cells(matrix, cell, &mut cells);
                put(&cells)?;
            }
        }
        Imported::Contributions(contributions) => {
            origin_cells(&contributions.origin, &mut cells);
            for row in &contributions.rows {
                receptor_cells(&row.receptor, &mut cells);
                let (kind, region, sector, stack) = match &row.whose {
                    Whose::Source(source) => {
                        ("contribution", source.region.to_string(), source.sector.as_str(), source.stack.as_str())
                    }
                    Whose::Background(background) => ("background", String::new(), background.code(), ""),
                };
                let precursor = row.precursor.map_or("", |precursor| precursor.code());
                cells[0] = kind.into();
                cells[4] = region;
                set(&mut cells, 5, &[sector, stack, precursor]);
                cells[8] = row.ug_m3.to_string();
                cells[9] = CONTRIBUTION_UNIT.into();
                put(&cells)?;
            }
            set(&mut cells, 4, &["", "", "", ""]);
            for (receptor, total) in &contributions.totals {
                receptor_cells(receptor, &mut cells);
                cells[0] = "total".into();
                cells[8] = total.to_string();
                cells[9] = CONTRIBUTION_UNIT.into();
                put(&cells)?;
            }
        }
    }
    Ok(())
}

fn set(cells: &mut [String; 18], from: usize, texts: &[&str]) {
    for (cell, text) in cells[from..].iter_mut().zip(texts) {
        cell.clear();
        cell.push_str(text);
    }
}

fn origin_cells(origin: &Origin, cells: &mut [String; 18]) {
    let run = origin.run.map_or_else(String::new, |run| run.to_string());
    let files = origin.files.join("|");
    set(cells, 12, &[origin.status.code(), origin.basis.code(), &origin.model, &run, &origin.grid, &files]);
}

fn receptor_cells(receptor: &Receptor, cells: &mut [String; 18]) {
    cells[1] = receptor.city.to_string();
    cells[2] = receptor.day.to_string();
    set(cells, 3, &[receptor.pollutant.code()]);
}

fn response_cells(matrix: &Matrix, cell: &Cell, cells: &mut [String; 18]) {
    let source = &matrix.sources()[cell.source as usize];
    receptor_cells(&matrix.receptors()[cell.receptor as usize], cells);
    set(cells, 0, &["response"]);
    cells[4] = source.region.to_string();
    set(cells, 5, &[&source.sector, &source.stack, cell.precursor.code()]);
    cells[8] = cell.response.value.0.to_string();
    set(cells, 9, &[RESPONSE_UNIT]);
    cells[10] = cell.response.doubt.relative_uncertainty.to_string();
    cells[11] = cell.response.doubt.trusted_share.to_string();
}

#[cfg(test)]
mod tests;
