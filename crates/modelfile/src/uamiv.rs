//! The UAM-IV container of CAMx: average, instantaneous and tracer files.
//!
//! Traps: each letter of a name fills four bytes; dates are `YYDDD`; the clock has its own time zone, hours west
//! of Greenwich; a header of the old kind names no projection; a run of records that is cut off keeps its whole steps.

use crate::{Fault, Grid, MOST_STEPS, Projection, Records, letters, real, time, word_at as word};
use std::collections::BTreeMap;
use units::BeijingHour;

/// Whether the bytes begin as such a file, or as one of CAMx's weather files, does.
pub fn detect(bytes: &[u8]) -> bool {
    Records::of(bytes).next().is_some_and(|first| {
        first.len() == 304 && ["AVERAGE", "INSTANT", "AIRQUALITY"].contains(&letters(&first[..40]).as_str())
    }) || is_meteorology(bytes)
}

/// A whole record first, then floats under a date: height, humidity, temperature and the like.
fn is_meteorology(bytes: &[u8]) -> bool {
    let first = Records::of(bytes).next();
    bytes.first() == Some(&0) && first.is_some_and(|first| first.len() % 4 == 0 && !first.is_empty())
}

/// The header (文件头).
pub struct Header {
    /// Hourly means, not values of the moment.
    pub average: bool,
    /// Hours west of Greenwich of the file's clock.
    pub zone: i64,
    /// As the newer header says.
    pub projection: Option<Projection>,
    /// Centre of the first cell.
    pub first: (f64, f64),
    /// From cell to cell.
    pub step: (f64, f64),
    /// Cells along a row.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
    /// Layers, the lowest first.
    pub layers: usize,
    /// Names, in the order of the records.
    pub species: Vec<String>,
}

impl Header {
    /// Reads the four records of the header.
    pub fn of(records: &mut Records<'_>) -> Result<Header, Fault> {
        let damaged = |what: &str| Fault::Damaged(what.to_string());
        let title = records.next().filter(|title| title.len() == 304);
        let title = title.ok_or_else(|| Fault::Other("records of weather or land".into()))?;
        let grid =
            records.next().filter(|grid| grid.len() == 60).ok_or_else(|| damaged("no grid record of 60 bytes"))?;
        records.next().ok_or_else(|| damaged("no segment record"))?;
        let names = records.next().ok_or_else(|| damaged("no record of species"))?;
        let species: Vec<String> = names.chunks_exact(40).map(letters).collect();
        let count = |at: usize| word(grid, at).map_or(0, |count| count as usize);
        let [columns, rows, layers] = [28, 32, 36].map(count);
        if species.is_empty() || word(title, 284) != Some(species.len() as u32) || columns == 0 || rows == 0 {
            return Err(damaged("the number of species or the size of the grid"));
        }
        let zone = word(title, 280).map_or(0, |zone| i64::from(zone as i32));
        if !(-14..=14).contains(&zone) {
            return Err(damaged("a time zone of this earth"));
        }
        Ok(Header {
            average: letters(&title[..40]) != "INSTANT",
            zone,
            projection: projection(grid),
            first: (real(grid, 12) + real(grid, 20) / 2.0, real(grid, 16) + real(grid, 24) / 2.0),
            step: (real(grid, 20), real(grid, 24)),
            columns,
            rows,
            layers: layers.max(1),
            species,
        })
    }

    /// The grid; `given` counts before what the file says.
    pub fn grid(&self, given: Option<Projection>) -> Result<Grid, Fault> {
        let unknown = || {
            let what = "the header names no projection for a grid in metres; it must be given";
            Fault::Grid(what.into())
        };
        let projection = given.or(self.projection).ok_or_else(unknown)?;
        Ok(Grid { projection, first: self.first, step: self.step, columns: self.columns, rows: self.rows })
    }
}

/// The projection of the newer header: 0 degrees, 2 Lambert, 5 Mercator. Metres under mark 0 are the old header.
fn projection(grid: &[u8]) -> Option<Projection> {
    let (meridian, origin) = (real(grid, 0), real(grid, 4));
    let (first, second) = (real(grid, 48), real(grid, 52));
    match word(grid, 40)? {
        0 if real(grid, 20).abs() <= 20.0 && real(grid, 24).abs() <= 20.0 => Some(Projection::Degrees),
        2 => Some(Projection::Lambert { first, second, meridian, origin }),
        5 => Some(Projection::Mercator { latitude: first, meridian, origin }),
        _ => None,
    }
}

/// One time step: its hours and the records of its species, the lowest layer first.
pub struct Step<'a> {
    /// When the step begins, as the end of the hour before.
    pub begin: BeijingHour,
    /// When it ends.
    pub end: BeijingHour,
    fields: BTreeMap<usize, &'a [u8]>,
}

impl Step<'_> {
    /// A value of the lowest layer; `None` past the record.
    pub fn value(&self, header: &Header, species: usize, row: usize, column: usize) -> Option<f64> {
        let cell = row.checked_mul(header.columns)?.checked_add(column)?;
        let at = cell.checked_mul(4)?.checked_add(44)?;
        let field = self.fields.get(&species)?;
        Some(f64::from(f32::from_bits(word(field, at)?)))
    }
}

/// Whole steps; a last one that is cut off is left out.
pub fn steps<'a>(records: &mut Records<'a>, header: &Header) -> Result<Vec<Step<'a>>, Fault> {
    let mut steps = vec![];
    while let Some(stamp) = records.next() {
        if steps.len() == MOST_STEPS {
            return Err(Fault::TooMany { what: "time steps", limit: MOST_STEPS });
        }
        let hour = |at: usize| {
            let (date, clock) = (word(stamp, at)?, real(stamp, at + 4));
            let whole = (clock.fract() == 0.0 && (0.0..=24.0).contains(&clock)).then_some(clock as i64)?;
            time::utc(time::julian(century(i64::from(date)))?, whole + header.zone)
        };
        let wrong = || {
            let text = format!("{} {}", word(stamp, 0).unwrap_or(0), real(stamp, 4));
            Fault::Time { text, at: format!("step {}", steps.len() + 1) }
        };
        let (begin, end) = hour(0).zip(hour(8)).ok_or_else(wrong)?;
        let mut fields = BTreeMap::new();
        'fields: for species in 0..header.species.len() {
            for layer in 0..header.layers {
                let Some(field) = records.next() else { break 'fields };
                if layer == 0 {
                    fields.insert(species, field);
                }
            }
        }
        if fields.len() == header.species.len() {
            steps.push(Step { begin, end, fields });
        }
    }
    Ok(steps)
}

/// `YYDDD` to `YYYYDDD`; two-digit years from 70 on are of the last century.
pub fn century(date: i64) -> i64 {
    match date {
        0..70_000 => date + 2_000_000,
        70_000..100_000 => date + 1_900_000,
        longer => longer,
    }
}
