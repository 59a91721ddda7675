//! STILT footprints: `foot(time, lat, lon)` in ppm per (µmol m⁻² s⁻¹), one receptor hour a file.
//!
//! Traps: the receptor is a JSON attribute of `foot` in files of PYSTILT and nowhere in older ones, where its hour and city are given; times
//! are the beginnings of hours; a grid that is not in degrees names `y` and `x` and is refused. A mole fraction becomes a concentration
//! with 24.465 L/mol (25 °C, 1013.25 hPa), and the molar mass M falls out: 1 kg/(m² s) is 10⁹/M µmol/(m² s), 1 ppm is M/0.024465 µg/m³.
//! Written from the layout: PYSTILT's own writer was read, its files are not in the collection.

use super::footprint::{cells, city_at, pollutants};
use super::mask::describe;
use super::{Imported, Request, first_names};
use crate::matrix::{Basis, Matrix, Status};
use crate::source::Receptor;
use crate::{Note, TransportError};
use modelfile::{Dataset, Fault, Grid, Projection, time};
use units::{BeijingHour, RegionCode};

pub(super) const ID: &str = "stilt";
/// µg/m³ per kg/(m² s), for a footprint of one ppm per µmol/(m² s).
const PER_KG: f64 = 1e9 / 0.024_465;

pub(super) fn detect(file: &dyn Dataset) -> bool {
    file.has("foot")
}

pub(super) fn read(file: &dyn Dataset, request: &Request<'_>) -> Result<(Imported, Vec<Note>), TransportError> {
    let damaged = TransportError::file(ID);
    let unit = file.text(Some("foot"), "units").unwrap_or_default();
    // The older spelling has the same meaning.
    if !["ppm m2 s umol-1", "ppm (umol-1 m2 s)", "ppm/(umol m-2 s-1)"].contains(&unit.as_str()) {
        return Err(TransportError::Unit { what: "foot".into(), unit, need: "ppm m2 s umol-1" });
    }
    let shape = file.shape("foot").unwrap_or_default();
    let [(_, hours), (lat, rows), (lon, columns)] = shape.as_slice() else {
        return Err(damaged(Fault::Damaged("foot is not over time, latitude and longitude".into())));
    };
    if !(lat.starts_with("lat") && lon.starts_with("lon")) {
        return Err(damaged(Fault::Grid(format!(
            "a grid over {lat} and {lon} is not in degrees; {}",
            first_names(file)
        ))));
    }
    let grid = degrees(&file.all(lat).map_err(damaged)?, &file.all(lon).map_err(damaged)?).map_err(damaged)?;
    if (grid.rows, grid.columns) != (*rows, *columns) {
        return Err(damaged(Fault::Damaged("foot is not on the grid of its latitudes and longitudes".into())));
    }
    let sites = request.sites(ID)?;
    let (hour, city) = receptor(file, request)?;
    let field = file.slab("foot", &[0, 0, 0], &[*hours, *rows, *columns]).map_err(damaged)?;
    let plane = rows * columns;
    let summed = |row: usize, column: usize| {
        let at = row * columns + column;
        Some((0..*hours).map(|hour| field.get(hour * plane + at).copied().unwrap_or(f64::NAN)).sum::<f64>() * PER_KG)
    };
    let mut notes = vec![Note::Assumed(format!(
        "{hour} stands for one of 24 hours of its day; average the footprints of the others with it"
    ))];
    let receptors = pollutants().map(|pollutant| Receptor { city, day: hour.day(), pollutant }).collect();
    let cells = cells(request, sites, &grid, 0, "foot", summed, &mut notes)?;
    let origin = request.origin("STILT", None, describe(&grid), Status::Model, Basis::Footprint);
    let sources = sites.iter().map(|site| site.source.clone()).collect();
    Ok((Imported::Matrix(Matrix::new(origin, receptors, sources, cells)?), notes))
}

/// When and where. Refuses `X-108`, `X-116`.
fn receptor(file: &dyn Dataset, request: &Request<'_>) -> Result<(BeijingHour, RegionCode), TransportError> {
    let said = file
        .text(Some("foot"), "stilt_receptor")
        .and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
    if let Some(said) = said {
        let number = |name: &str| said[name].as_f64();
        let hour = said["time"].as_str().and_then(hour_of);
        if let (Some(hour), Some(lon), Some(lat)) = (request.run.or(hour), number("longitude"), number("latitude")) {
            return Ok((hour, city_at(request.cities, lon, lat, "the receptor of foot")?));
        }
    }
    match (request.run, request.cities) {
        (Some(hour), [only]) => Ok((hour, only.code)),
        _ => Err(TransportError::NotGiven { layout: ID, what: "its receptor (the hour, and one city)" }),
    }
}

/// `2026-01-16T04:00:00`, with or without a mark of UTC; minutes are dropped, the hour that ends then or later is meant.
fn hour_of(text: &str) -> Option<BeijingHour> {
    let plain = text.trim_end_matches("+00:00").trim_end_matches('Z');
    time::utc_text(plain.split_once('.').map_or(plain, |(whole, _)| whole))
}

/// A grid from the centres of its rows and columns, which must be evenly spaced.
pub(super) fn degrees(latitudes: &[f64], longitudes: &[f64]) -> Result<Grid, Fault> {
    let even = |axis: &[f64]| -> Option<f64> {
        let (first, last) = (axis.first()?, axis.last()?);
        let step = if axis.len() > 1 { (last - first) / (axis.len() - 1) as f64 } else { return None };
        let near = |(n, at): (usize, &f64)| (at - (first + n as f64 * step)).abs() < 0.01 * step.abs();
        (step.is_finite() && step != 0.0 && axis.iter().enumerate().all(near)).then_some(step)
    };
    let wrong = || Fault::Grid("latitudes and longitudes are not evenly spaced".to_string());
    let step = (even(longitudes).ok_or_else(wrong)?, even(latitudes).ok_or_else(wrong)?);
    let first = (longitudes[0], latitudes[0]);
    Ok(Grid { projection: Projection::Degrees, first, step, columns: longitudes.len(), rows: latitudes.len() })
}
