//! Cells of cities (城市网格掩膜), from a mask file such as ISAM's: one variable a region, 0 to 1.

use super::first_names;
use crate::source::City;
use crate::{Note, TransportError};
use modelfile::{Grid, Place, Sampling, ioapi};
use std::collections::BTreeMap;
use units::RegionCode;

const ID: &str = "isam-mask";

/// Cells and their weights by city, on one grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Mask {
    /// The grid in words.
    pub grid: String,
    cells: BTreeMap<RegionCode, Vec<(usize, f64)>>,
}

impl Mask {
    /// Reads a mask file; `city_of` knows the city of a variable's name.
    ///
    /// Refuses `X-103`, `X-104` (no variable is a known city), `X-110` and `X-112` (a share outside 0 to 1).
    pub fn read(
        bytes: &[u8],
        city_of: impl Fn(&str) -> Option<RegionCode>,
    ) -> Result<(Mask, Vec<Note>), TransportError> {
        let damaged = TransportError::file(ID);
        let bytes = modelfile::unpacked(bytes).ok_or(TransportError::Empty)?;
        let file = modelfile::open(&bytes).map_err(damaged)?;
        let file = file.filter(|file| ioapi::detect(&**file));
        let file = file.ok_or(TransportError::NoContribution { layout: ID, found: "no IOAPI file".into() })?;
        let grid = ioapi::grid(&*file).map_err(damaged)?;
        let (mut cells, mut notes) = (BTreeMap::new(), vec![]);
        for name in file.names().into_iter().filter(|name| name != "TFLAG") {
            let Some(city) = city_of(&name) else {
                notes.push(Note::Ignored(format!("the mask {name:?}, no known city,")));
                continue;
            };
            let shares = ioapi::surface(&*file, &name, 0).map_err(damaged)?;
            if let Some((cell, share)) =
                shares.iter().enumerate().find(|(_, share)| !(**share >= 0.0 && **share <= 1.0))
            {
                let (row, column) = (cell / grid.columns.max(1) + 1, cell % grid.columns.max(1) + 1);
                let (text, why) = (share.to_string(), "is no share of 0 to 1".to_string());
                let column = format!("{name}, row {row}, column {column}");
                return Err(TransportError::Cell { line: 0, column, text, why });
            }
            let inside: Vec<(usize, f64)> = shares.into_iter().enumerate().filter(|(_, share)| *share > 0.0).collect();
            if !inside.is_empty() {
                cells.insert(city, inside);
            }
        }
        if cells.is_empty() {
            return Err(TransportError::NoContribution { layout: ID, found: first_names(&*file) });
        }
        Ok((Mask { grid: describe(&grid), cells }, notes))
    }

    /// Cities that have cells.
    pub fn cities(&self) -> impl Iterator<Item = RegionCode> {
        self.cells.keys().copied()
    }

    /// Cells of a city, `row * columns + column` from 0, with their shares.
    pub fn cells(&self, city: RegionCode) -> &[(usize, f64)] {
        self.cells.get(&city).map_or(&[], Vec::as_slice)
    }
}

/// A grid in words, so that two can be compared.
pub(super) fn describe(grid: &Grid) -> String {
    let Grid { projection, first, step, columns, rows } = grid;
    format!("{columns} x {rows} cells of {} x {} from {}, {}, {projection:?}", step.0, step.1, first.0, first.1)
}

/// A city and its cells, `row * columns + column`, with weights.
pub(super) type CityCells = (RegionCode, Vec<(usize, f64)>);

/// Cells of each city with weights: of the mask, else the nearest. Refuses `X-107`, and `X-203` for a mask of another grid.
pub(super) fn cells_of(
    layout: &'static str,
    cities: &[City],
    mask: Option<&Mask>,
    grid: &str,
    columns: usize,
    nearest: impl Fn(&Place) -> Option<modelfile::Cells>,
    notes: &mut Vec<Note>,
) -> Result<Vec<CityCells>, TransportError> {
    if let Some(mask) = mask.filter(|mask| mask.grid != grid) {
        return Err(TransportError::OtherGrid { first: grid.to_string(), second: mask.grid.clone() });
    }
    let mut found = vec![];
    for city in cities {
        let own = mask.and_then(|mask| mask.cells.get(&city.code)).cloned();
        let near = || {
            Some(
                nearest(&city.place())?
                    .into_iter()
                    .map(|(row, column, weight)| (row * columns + column, weight))
                    .collect(),
            )
        };
        match own.or_else(near) {
            Some(cells) => found.push((city.code, cells)),
            None => notes.push(Note::Outside(format!("city {}", city.code))),
        }
    }
    if found.is_empty() { Err(TransportError::NoCity { layout, asked: cities.len() }) } else { Ok(found) }
}

/// The cells of each city on a regular grid.
pub(super) fn on_grid(
    layout: &'static str,
    request: &super::Request<'_>,
    grid: &Grid,
    notes: &mut Vec<Note>,
) -> Result<Vec<CityCells>, TransportError> {
    let near = |place: &Place| grid.cells(place, Sampling::Nearest);
    cells_of(layout, request.cities, request.mask, &describe(grid), grid.columns, near, notes)
}

/// The weighted mean over a city's cells; `None` past the end of the field.
pub(super) fn mean(field: &[f64], cells: &[(usize, f64)]) -> Option<f64> {
    let whole: f64 = cells.iter().map(|(_, weight)| weight).sum();
    let sum = cells.iter().try_fold(0.0, |sum, (cell, weight)| Some(sum + field.get(*cell)? * weight))?;
    Some(sum / whole)
}
