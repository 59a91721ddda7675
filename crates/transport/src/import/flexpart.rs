//! FLEXPART, backward: `spec001_mr(nageclass, pointspec, time, height, latitude, longitude)`, one point a receptor.
//!
//! Traps: only sensitivities in seconds (IND_SOURCE 1, IND_RECEPTOR 1) are read, the other three kinds are refused by their unit; the lowest
//! layer is divided by its depth; the times of a receptor are seconds from the beginning of the run, which backward is its latest moment.
//! Written from the layout.

use super::footprint::{cells, city_at, pollutants};
use super::mask::describe;
use super::stilt::degrees;
use super::{Imported, Request};
use crate::matrix::{Basis, Matrix, Status};
use crate::source::Receptor;
use crate::{Note, TransportError};
use modelfile::{Dataset, Fault, MOST_STEPS, time};
use std::collections::BTreeMap;

pub(super) const ID: &str = "flexpart";
const FIELD: &str = "spec001_mr";
const MICROGRAM_PER_KILOGRAM: f64 = 1e9;
const MOST_RECEPTORS: usize = 1_000;

pub(super) fn detect(file: &dyn Dataset) -> bool {
    file.has(FIELD)
}

pub(super) fn read(file: &dyn Dataset, request: &Request<'_>) -> Result<(Imported, Vec<Note>), TransportError> {
    let damaged = TransportError::file(ID);
    let unit = file.text(Some(FIELD), "units").unwrap_or_default();
    if unit != "s" {
        return Err(TransportError::Unit {
            what: FIELD.into(),
            unit,
            need: "s (IND_SOURCE 1, IND_RECEPTOR 1, backward)",
        });
    }
    let shape = file.shape(FIELD).unwrap_or_default();
    let [(_, 1), (_, points), (_, times), (_, layers), (_, rows), (_, columns)] = shape.as_slice() else {
        return Err(damaged(Fault::Damaged(format!(
            "{FIELD} is not one age class over receptors, times, heights, rows and columns"
        ))));
    };
    for (what, count, limit) in
        [("receptors", *points, MOST_RECEPTORS), ("time steps", *times, MOST_STEPS), ("heights", *layers, 1000)]
    {
        if count > limit {
            return Err(TransportError::TooMany { what, count, limit });
        }
    }
    let depth = file.all("height").map_err(damaged)?.first().copied().filter(|depth| *depth > 0.0 && depth.is_finite());
    let depth = depth.ok_or_else(|| damaged(Fault::Missing("the depth of the lowest layer (height)".into())))?;
    let grid =
        degrees(&file.all("latitude").map_err(damaged)?, &file.all("longitude").map_err(damaged)?).map_err(damaged)?;
    if (grid.rows, grid.columns) != (*rows, *columns) {
        return Err(damaged(Fault::Damaged(format!("{FIELD} is not on the grid of latitude and longitude"))));
    }
    let since = file.text(Some("time"), "units").unwrap_or_default();
    let wrong = || damaged(Fault::Time { text: since.clone(), at: "units of time".into() });
    let (begin, _) = time::since(&since).ok_or_else(wrong)?;
    let sites = request.sites(ID)?;
    let at_receptor = |name: &str| file.all(name).map_err(damaged).and_then(|values| whole(values, *points, name));
    let (west, east, south, north) =
        (at_receptor("RELLNG1")?, at_receptor("RELLNG2")?, at_receptor("RELLAT1")?, at_receptor("RELLAT2")?);
    let (start, end) = (at_receptor("RELSTART")?, at_receptor("RELEND")?);
    let mut notes = vec![];
    let mut by_receptor: BTreeMap<_, Vec<Matrix>> = BTreeMap::new();
    let sources: Vec<_> = sites.iter().map(|site| site.source.clone()).collect();
    let origin = request.origin("FLEXPART", Some(begin), describe(&grid), Status::Model, Basis::Footprint);
    for point in 0..*points {
        let name = format!("receptor {}", point + 1);
        let (lon, lat) = ((west[point] + east[point]) / 2.0, (south[point] + north[point]) / 2.0);
        let city = city_at(request.cities, lon, lat, &name)?;
        let latest = start[point].max(end[point]) / 3600.0;
        let inside = latest.is_finite() && latest.abs() < 24.0 * 366.0;
        let hour = inside.then(|| begin + latest.ceil() as i64).ok_or_else(wrong)?;
        let mut summed: Vec<f64> = vec![];
        for step in 0..*times {
            let field =
                file.slab(FIELD, &[0, point, step, 0, 0, 0], &[1, 1, 1, 1, *rows, *columns]).map_err(damaged)?;
            if summed.is_empty() {
                summed = field;
            } else {
                summed.iter_mut().zip(&field).for_each(|(sum, value)| *sum += value);
            }
        }
        let sensitivity = |row: usize, column: usize| {
            summed.get(row * columns + column).map(|sum| sum / depth * MICROGRAM_PER_KILOGRAM)
        };
        let cells = cells(request, sites, &grid, 0, &name, sensitivity, &mut notes)?;
        let receptors = pollutants().map(|pollutant| Receptor { city, day: hour.day(), pollutant }).collect();
        by_receptor.entry((city, hour.day())).or_default().push(Matrix::new(
            origin.clone(),
            receptors,
            sources.clone(),
            cells,
        )?);
    }
    let mut joined: Option<(Vec<Receptor>, Vec<crate::Cell>)> = None;
    for ((city, day), matrices) in by_receptor {
        notes.push(Note::Assumed(format!(
            "{city} {day}: the mean of {} receptor times stands for the day",
            matrices.len()
        )));
        let Some(mean) = Matrix::mean(matrices)? else { continue };
        let (receptors, cells) = joined.get_or_insert_default();
        let ahead = receptors.len() as u32;
        receptors.extend(mean.receptors());
        // `mean` has its sources in order; so have those below, which are the same.
        cells.extend(mean.cells().iter().map(|cell| crate::Cell { receptor: cell.receptor + ahead, ..*cell }));
    }
    notes.sort();
    notes.dedup();
    let (receptors, cells) = joined.ok_or_else(|| damaged(Fault::Missing("any receptor".into())))?;
    let mut in_order = sources;
    in_order.sort();
    in_order.dedup();
    Ok((Imported::Matrix(Matrix::new(origin, receptors, in_order, cells)?), notes))
}

fn whole(values: Vec<f64>, points: usize, name: &str) -> Result<Vec<f64>, TransportError> {
    let short = || TransportError::File {
        layout: ID,
        fault: Fault::Damaged(format!("{name} has {} values, not {points}", values.len())),
    };
    if values.len() == points { Ok(values) } else { Err(short()) }
}
