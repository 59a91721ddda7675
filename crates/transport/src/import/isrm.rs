//! InMAP's source-receptor matrix: `PrimaryPM25`, `SOA`, `pNH4`, `pNO3`, `pSO4` over layer, source and receptor, µg/m³ per µg/s.
//!
//! Annual means, so that the matrix is indicative for any one day; the days it is to stand for are given. Three layers: released below
//! 57 m, to 379 m, above. Cells are rectangles N, S, E, W. Written from the layout.

use super::{Imported, Request};
use crate::matrix::{Basis, Cell, Matrix, Response, ResponsePerKilogramPerDay, Status};
use crate::source::{Precursor, Receptor};
use crate::{Note, TransportError};
use modelfile::{Dataset, Fault};
use units::Pollutant;

pub(super) const ID: &str = "inmap-isrm";
/// The layers' tops for effective heights, metres; the third has none.
const TOPS_M: [f64; 2] = [57.0, 379.0];
/// µg/s in one kg/d.
const MICROGRAM_PER_SECOND: f64 = 1e9 / 86_400.0;
const MOST_CELLS: usize = 2_000_000;

/// Variables, what is emitted, and the mass of the precursor as it is told here.
const FIELDS: [(&str, Precursor); 5] = [
    ("PrimaryPM25", Precursor::Pm25),
    ("SOA", Precursor::Voc),
    ("pNH4", Precursor::Nh3),
    ("pNO3", Precursor::Nox),
    ("pSO4", Precursor::So2),
];

pub(super) fn detect(file: &dyn Dataset) -> bool {
    FIELDS.iter().any(|(name, _)| file.has(name)) && ["N", "S", "E", "W"].iter().all(|name| file.has(name))
}

pub(super) fn read(file: &dyn Dataset, request: &Request<'_>) -> Result<(Imported, Vec<Note>), TransportError> {
    let damaged = TransportError::file(ID);
    let sites = request.sites(ID)?;
    if request.days.is_empty() {
        return Err(TransportError::NotGiven { layout: ID, what: "the days its annual means are to stand for" });
    }
    let boxes = Boxes::of(file, request)?;
    let mut notes =
        vec![Note::Assumed("annual means stand for single days: for planning over years, not for an episode".into())];
    let mut places = vec![];
    for city in request.cities {
        match boxes.cell(city.lon, city.lat) {
            Some(cell) => places.push((city.code, cell)),
            None => notes.push(Note::Outside(format!("city {}", city.code))),
        }
    }
    if places.is_empty() {
        return Err(TransportError::NoCity { layout: ID, asked: request.cities.len() });
    }
    let receptors: Vec<Receptor> = places
        .iter()
        .flat_map(|(city, _)| {
            request.days.iter().map(|day| Receptor { city: *city, day: *day, pollutant: Pollutant::Pm25 })
        })
        .collect();
    let mut cells = vec![];
    for (name, precursor) in FIELDS {
        let Some(shape) = file.shape(name) else { continue };
        let [(_, layers), (_, from), (_, to)] = shape.as_slice() else {
            return Err(damaged(Fault::Damaged(format!("{name} is not over layer, source and receptor"))));
        };
        // Single values are read below; that the file is whole shows at the last.
        let last = [layers.saturating_sub(1), from.saturating_sub(1), to.saturating_sub(1)];
        file.slab(name, &last, &[1, 1, 1]).map_err(damaged)?;
        let unit = file.text(Some(name), "units").unwrap_or_default();
        let plain =
            unit.replace(['μ', 'µ'], "u").replace([' ', '^'], "").replace("m-3", "/m3").replace("ugs-1", "/ug/s");
        if !["ug/m3/ug/s", "ug/m3/(ug/s)", "(ug/m3)/(ug/s)", "ug/m3per/ug/s", "ug/m3perug/s"].contains(&plain.as_str())
        {
            return Err(TransportError::Unit { what: name.into(), unit, need: "μg m-3 per μg s-1" });
        }
        for (source, site) in sites.iter().enumerate().filter(|(_, site)| site.base.contains_key(&precursor)) {
            let layer = TOPS_M.iter().filter(|top| site.height_m >= **top).count().min(layers.saturating_sub(1));
            for (number, (city, receptor)) in places.iter().enumerate() {
                let mut sum = 0.0;
                for point in &site.points {
                    let Some(from) = boxes.cell(point.lon, point.lat) else {
                        notes.push(Note::Outside(format!("a point of source {}", site.source)));
                        continue;
                    };
                    let value = file.slab(name, &[layer, from, *receptor], &[1, 1, 1]).map_err(damaged)?;
                    let value = value.first().copied().unwrap_or(f64::NAN);
                    let at = || format!("{name}, layer {layer}, from cell {from} to {receptor} ({city})");
                    if !value.is_finite() {
                        return Err(TransportError::NotFinite { at: at() });
                    }
                    if value < 0.0 {
                        return Err(TransportError::Negative { at: at(), value });
                    }
                    sum += point.share * value;
                }
                let value = ResponsePerKilogramPerDay(sum * MICROGRAM_PER_SECOND);
                let response = Response { value, doubt: request.doubt() };
                let first = number * request.days.len();
                cells.extend((first..first + request.days.len()).map(|receptor| Cell {
                    receptor: receptor as u32,
                    source: source as u32,
                    precursor,
                    response,
                }));
            }
        }
    }
    notes.sort();
    notes.dedup();
    let origin = request.origin(
        "InMAP ISRM",
        None,
        format!("{} cells", boxes.west.len()),
        Status::Indicative,
        Basis::AnnualMean,
    );
    let sources = sites.iter().map(|site| site.source.clone()).collect();
    Ok((Imported::Matrix(Matrix::new(origin, receptors, sources, cells)?), notes))
}

/// Rectangles of cells, in degrees or in the metres of a projection that is given.
struct Boxes<'r> {
    west: Vec<f64>,
    east: Vec<f64>,
    south: Vec<f64>,
    north: Vec<f64>,
    request: &'r Request<'r>,
}

impl<'r> Boxes<'r> {
    fn of(file: &dyn Dataset, request: &'r Request<'r>) -> Result<Boxes<'r>, TransportError> {
        let damaged = TransportError::file(ID);
        let edge = |name: &str| match file.shape(name).as_deref() {
            Some([(_, count)]) if *count <= MOST_CELLS => file.all(name).map_err(damaged),
            Some([(_, count)]) => Err(TransportError::TooMany { what: "cells", count: *count, limit: MOST_CELLS }),
            _ => Err(damaged(Fault::Damaged(format!("{name} is not one value a cell")))),
        };
        let boxes = Boxes { west: edge("W")?, east: edge("E")?, south: edge("S")?, north: edge("N")?, request };
        let same = [&boxes.east, &boxes.south, &boxes.north].iter().all(|edge| edge.len() == boxes.west.len());
        if !same {
            return Err(damaged(Fault::Damaged("N, S, E and W have different lengths".into())));
        }
        let metres = boxes.north.iter().chain(&boxes.east).any(|edge| edge.abs() > 360.0);
        if metres && request.projection.is_none() {
            return Err(damaged(Fault::Grid("cells in metres need the projection, which must be given".into())));
        }
        Ok(boxes)
    }

    /// The cell around a place.
    fn cell(&self, lon: f64, lat: f64) -> Option<usize> {
        let (x, y) = self.request.projection.map_or((lon, lat), |projection| projection.forward(lon, lat));
        (0..self.west.len())
            .find(|n| self.west[*n] <= x && x < self.east[*n] && self.south[*n] <= y && y < self.north[*n])
    }
}
