//! HYSPLIT's concentration grid: one run is one source, its release is given, so concentration over release is the response.
//!
//! Traps: big-endian records; years of two digits; level 0 is deposition, the lowest other level counts; packed records list cells as
//! column, row (from 1) and value; spans of several hours are shared out over the hours of Beijing days.

use super::days::DayMeans;
use super::mask::describe;
use super::{Imported, Request};
use crate::matrix::{Basis, Cell, Matrix, Response, ResponsePerKilogramPerDay, Status};
use crate::source::{Precursor, Receptor, Source};
use crate::{Note, TransportError};
use modelfile::{Fault, Grid, MOST_STEPS, Projection, Records, Sampling, real, word_at as word};
use std::collections::BTreeMap;
use units::{BeijingDay, BeijingHour, Pollutant, RegionCode};

pub(super) const ID: &str = "hysplit-cdump";
/// Cells of the largest grid that is read: the globe at a twentieth of a degree.
const MOST_GRID_CELLS: u64 = 30_000_000;
const MICROGRAM_PER_KILOGRAM: f64 = 1e9;

/// The release of a run (释放), which the file does not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// Whose.
    pub source: Source,
    /// Of what.
    pub precursor: Precursor,
    /// Counted as which pollutant.
    pub pollutant: Pollutant,
    /// Mass units a day, in the unit of the run's concentrations.
    pub units_per_day: f64,
}

pub(super) fn detect(bytes: &[u8]) -> bool {
    let mut records = Records::of(bytes);
    let first = records.next().filter(|first| first.len() == 32);
    first.is_some_and(|first| word(first, 28).is_some_and(|packing| packing <= 1))
        && records.next().is_some_and(|second| second.len() == 32)
}

struct Header {
    run: BeijingHour,
    packed: bool,
    grid: Grid,
    /// Levels in the order of the records, metres.
    levels: Vec<u32>,
    species: usize,
}

pub(super) fn read(bytes: &[u8], request: &Request<'_>) -> Result<(Imported, Vec<Note>), TransportError> {
    let damaged = TransportError::file(ID);
    let mut records = Records::of(bytes);
    let header = header(&mut records).map_err(damaged)?;
    let given = TransportError::NotGiven {
        layout: ID,
        what: "what was released (source, precursor, pollutant, mass units a day)",
    };
    let release = request.release.ok_or(given)?;
    if !(release.units_per_day.is_finite() && release.units_per_day > 0.0) {
        return Err(TransportError::Negative { at: "the release of the run".into(), value: release.units_per_day });
    }
    let mut notes = vec![];
    let mut places: BTreeMap<usize, Vec<RegionCode>> = BTreeMap::new();
    for city in request.cities {
        match header.grid.cells(&city.place(), Sampling::Nearest).and_then(|cells| cells.first().copied()) {
            Some((row, column, _)) => places.entry(row * header.grid.columns + column).or_default().push(city.code),
            None => notes.push(Note::Outside(format!("city {}", city.code))),
        }
    }
    if places.is_empty() {
        return Err(TransportError::NoCity { layout: ID, asked: request.cities.len() });
    }
    let mut days = DayMeans::new();
    let mut steps = 0;
    while let Some(begin) = records.next() {
        steps += 1;
        if steps > MOST_STEPS {
            return Err(damaged(Fault::TooMany { what: "time steps", limit: MOST_STEPS }));
        }
        let cut = || damaged(Fault::Damaged(format!("output {steps} breaks off")));
        let begin = hour(begin, steps).map_err(damaged)?;
        let end = hour(records.next().ok_or_else(cut)?, steps).map_err(damaged)?;
        if end <= begin || end - begin > 24 * 31 {
            return Err(damaged(Fault::Time { text: format!("{begin} to {end}"), at: format!("output {steps}") }));
        }
        let values = surface(&mut records, &header, &places).map_err(damaged)?;
        for (cell, cities) in &places {
            for city in cities {
                days.add(city, begin, end, values.get(cell).copied().unwrap_or(0.0), &city.to_string())?;
            }
        }
    }
    if records.left() > 0 {
        return Err(damaged(Fault::Damaged(format!("{} bytes at the end are no whole record", records.left()))));
    }
    let (mut receptors, mut cells) = (vec![], vec![]);
    for (city, day, mean) in days.finish(ID, &mut notes)? {
        let value = ResponsePerKilogramPerDay(mean / release.units_per_day * MICROGRAM_PER_KILOGRAM);
        let response = Response { value, doubt: request.doubt() };
        if mean < 0.0 {
            return Err(TransportError::Negative { at: format!("{city} {day}"), value: mean });
        }
        cells.push(Cell { receptor: receptors.len() as u32, source: 0, precursor: release.precursor, response });
        receptors.push(Receptor { city, day, pollutant: release.pollutant });
    }
    let origin = request.origin("HYSPLIT", Some(header.run), describe(&header.grid), Status::Model, Basis::Dispersion);
    let matrix = Matrix::new(origin, receptors, vec![release.source.clone()], cells)?;
    Ok((Imported::Matrix(matrix), notes))
}

fn header(records: &mut Records<'_>) -> Result<Header, Fault> {
    let mut need = |what: &str| records.next().ok_or_else(|| Fault::Missing(format!("the record of {what}")));
    let first = need("the start")?;
    let run = hour_at(first, 4, 0)?;
    let (places, packing) = (word(first, 24).unwrap_or(0), word(first, 28).unwrap_or(0));
    if places as usize > 100_000 {
        return Err(Fault::TooMany { what: "starting places", limit: 100_000 });
    }
    for _ in 0..places {
        need("a starting place")?;
    }
    let grid = need("the grid")?;
    let [rows, columns] = [0, 4].map(|at| word(grid, at).unwrap_or(0));
    if rows == 0 || columns == 0 || u64::from(rows) * u64::from(columns) > MOST_GRID_CELLS {
        return Err(Fault::TooMany { what: "cells (or none at all)", limit: MOST_GRID_CELLS as usize });
    }
    let [dlat, dlon, lat, lon] = [8, 12, 16, 20].map(|at| real(grid, at));
    let whole =
        [dlat, dlon].iter().all(|step| step.is_finite() && *step > 0.0) && lat.abs() <= 90.0 && lon.abs() <= 360.0;
    if !whole {
        return Err(Fault::Grid(format!("a grid of {dlon} x {dlat} degrees from {lon}, {lat} is none of this earth")));
    }
    let list = |record: &[u8]| -> Vec<u32> { record.chunks_exact(4).skip(1).filter_map(|at| word(at, 0)).collect() };
    let levels = need("the levels")?;
    let species = need("the species")?;
    let (levels, species) = (list(levels), list(species).len());
    if levels.is_empty() || species == 0 || levels.len() * species > 1000 {
        return Err(Fault::Damaged(format!("{} levels and {species} species", levels.len())));
    }
    let grid = Grid {
        projection: Projection::Degrees,
        first: (lon, lat),
        step: (dlon, dlat),
        columns: columns as usize,
        rows: rows as usize,
    };
    Ok(Header { run, packed: packing == 1, grid, levels, species })
}

/// Values of the lowest level above the deposition at the places asked for, all species together.
fn surface(
    records: &mut Records<'_>,
    header: &Header,
    places: &BTreeMap<usize, Vec<RegionCode>>,
) -> Result<BTreeMap<usize, f64>, Fault> {
    let lowest = header.levels.iter().copied().filter(|level| *level > 0).min();
    let lowest = lowest.ok_or_else(|| Fault::Other("deposition only".into()))?;
    let mut values = BTreeMap::new();
    for _ in 0..header.species * header.levels.len() {
        let field = records.next().ok_or_else(|| Fault::Damaged("a field is missing at the end".into()))?;
        if word(field, 4) != Some(lowest) {
            continue;
        }
        let mut put = |cell: usize, value: f64| {
            if places.contains_key(&cell) {
                *values.entry(cell).or_insert(0.0) += value;
            }
        };
        if header.packed {
            let count = word(field, 8).unwrap_or(0) as usize;
            let listed = field.get(12..).unwrap_or_default();
            if listed.len() != count.saturating_mul(8) {
                return Err(Fault::Damaged(format!(
                    "a packed field says {count} cells and holds {}",
                    listed.len() / 8
                )));
            }
            for one in listed.chunks_exact(8) {
                let index = |at: usize| usize::from(u16::from_be_bytes([one[at], one[at + 1]]));
                let (column, row) = (index(0), index(2));
                if column == 0 || row == 0 || column > header.grid.columns || row > header.grid.rows {
                    return Err(Fault::Damaged(format!(
                        "a packed cell at column {column}, row {row}, outside the grid"
                    )));
                }
                put((row - 1) * header.grid.columns + column - 1, real(one, 4));
            }
        } else {
            let size = header.grid.columns * header.grid.rows;
            if field.len() != 8 + 4 * size {
                return Err(Fault::Damaged(format!("a field of {} bytes for {size} cells", field.len())));
            }
            places.keys().for_each(|cell| put(*cell, real(field, 8 + 4 * cell)));
        }
    }
    Ok(values)
}

fn hour(record: &[u8], step: usize) -> Result<BeijingHour, Fault> {
    if record.len() != 24 {
        return Err(Fault::Damaged(format!("output {step} does not begin with two times of 24 bytes")));
    }
    hour_at(record, 0, step)
}

/// Year, month, day, hour (UTC) from a place on; minutes are not used, outputs are on the hour.
fn hour_at(record: &[u8], at: usize, step: usize) -> Result<BeijingHour, Fault> {
    let [year, month, day, hour] = [0, 4, 8, 12].map(|n| word(record, at + n).unwrap_or(u32::MAX));
    let wrong = || Fault::Time { text: format!("{year} {month} {day} {hour}"), at: format!("output {step}") };
    let whole = match year {
        0..70 => 2000 + year,
        70..100 => 1900 + year,
        1900..=2200 => year,
        _ => return Err(wrong()),
    };
    let date = BeijingDay::from_ymd(whole as i32, month, day).filter(|_| hour <= 24).ok_or_else(wrong)?;
    Ok(BeijingHour::from_index(i64::from(date.index()) * 24 + i64::from(hour) + 8))
}
