//! The frame of WRF's files on netCDF.
//!
//! Traps: values are of the moment; the lowest of the layers is the surface; `XLAT` and `XLONG` may move with time, so those of
//! the first step count.

use crate::grid::{Cells, Place, Sampling, cells};
use crate::{Dataset, Fault, time};
use units::BeijingHour;

/// Whether a netCDF file is of this frame.
pub fn detect(file: &dyn Dataset) -> bool {
    ["Times", "XLAT", "XLONG"].iter().all(|name| file.has(name))
}

/// The hour of every step.
pub fn hours(file: &dyn Dataset) -> Result<Vec<(usize, BeijingHour)>, Fault> {
    let one = |(step, text): (usize, String)| match time::utc_text(&text) {
        Some(hour) => Ok((step, hour)),
        None => Err(Fault::Time { text, at: format!("step {}", step + 1) }),
    };
    file.lines("Times")?.into_iter().enumerate().map(one).collect()
}

/// When the run began, as the file says.
pub fn started(file: &dyn Dataset) -> Option<BeijingHour> {
    let text = |name| file.text(None, name);
    time::utc_text(&text("SIMULATION_START_DATE").or_else(|| text("START_DATE"))?)
}

/// A surface field of one step: rows and columns, of the lowest layer where there are layers.
pub fn surface(file: &dyn Dataset, variable: &str, step: usize) -> Result<Vec<f64>, Fault> {
    match file.shape(variable).as_deref() {
        Some([_, (_, rows), (_, columns)]) => file.slab(variable, &[step, 0, 0], &[1, *rows, *columns]),
        Some([_, _, (_, rows), (_, columns)]) => file.slab(variable, &[step, 0, 0, 0], &[1, 1, *rows, *columns]),
        Some(_) => Err(Fault::Damaged(format!("{variable} is not over time, rows and columns"))),
        None => Err(Fault::Missing(variable.to_string())),
    }
}

/// Centres of the cells of a grid that is regular in no simple way.
pub struct Centres {
    longitude: Vec<f64>,
    latitude: Vec<f64>,
    /// Rows.
    pub rows: usize,
    /// Cells along a row.
    pub columns: usize,
}

impl Centres {
    /// Those of the first step.
    pub fn of(file: &dyn Dataset) -> Result<Centres, Fault> {
        let shape = file.shape("XLAT").ok_or(Fault::Missing("XLAT".into()))?;
        let [.., (_, rows), (_, columns)] = shape.as_slice() else {
            return Err(Fault::Damaged("XLAT has fewer than two dimensions".into()));
        };
        let plane = |name: &str| match shape.len() {
            2 => file.slab(name, &[0, 0], &[*rows, *columns]),
            3 => file.slab(name, &[0, 0, 0], &[1, *rows, *columns]),
            _ => Err(Fault::Damaged(format!("{name} has more than three dimensions"))),
        };
        Ok(Centres { longitude: plane("XLONG")?, latitude: plane("XLAT")?, rows: *rows, columns: *columns })
    }

    /// Degrees east and north of a centre.
    pub fn at(&self, row: usize, column: usize) -> Option<(f64, f64)> {
        let cell = (column < self.columns && row < self.rows).then(|| row * self.columns + column)?;
        Some((*self.longitude.get(cell)?, *self.latitude.get(cell)?))
    }

    /// The nearest centre, then the place between it and its neighbours by the local steps of the grid.
    pub fn cells(&self, place: &Place, sampling: Sampling) -> Option<Cells> {
        let (row, column) = self.nearest(place)?;
        let here = self.at(row, column)?;
        let step = |to: Option<(f64, f64)>, back: Option<(f64, f64)>| match (to, back) {
            (Some(to), _) => Some((to.0 - here.0, to.1 - here.1)),
            (None, Some(back)) => Some((here.0 - back.0, here.1 - back.1)),
            _ => None,
        };
        let before = |n: usize| n.checked_sub(1);
        let across = step(self.at(row, column + 1), before(column).and_then(|column| self.at(row, column)))?;
        let up = step(self.at(row + 1, column), before(row).and_then(|row| self.at(row, column)))?;
        let (east, north) = (place.lon - here.0, place.lat - here.1);
        let area = across.0 * up.1 - across.1 * up.0;
        let in_columns = (east * up.1 - north * up.0) / area;
        let in_rows = (north * across.0 - east * across.1) / area;
        cells(row as f64 + in_rows, column as f64 + in_columns, self.rows, self.columns, sampling)
    }

    fn nearest(&self, place: &Place) -> Option<(usize, usize)> {
        let narrow = place.lat.to_radians().cos();
        let distance = |cell: usize| {
            ((self.longitude[cell] - place.lon) * narrow).powi(2) + (self.latitude[cell] - place.lat).powi(2)
        };
        let all = 0..self.latitude.len().min(self.longitude.len());
        let nearest = all.min_by(|a, b| distance(*a).total_cmp(&distance(*b)))?;
        Some((nearest / self.columns, nearest % self.columns))
    }
}
