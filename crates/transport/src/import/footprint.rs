//! What STILT and FLEXPART share: the sensitivity of one receptor to what is emitted in each cell of a grid of degrees.

use super::Request;
use crate::matrix::{Cell, Response, ResponsePerKilogramPerDay};
use crate::source::{City, Precursor, SourceSite, cell_area_m2, way};
use crate::{Note, TransportError};
use modelfile::{Grid, Place, Sampling};
use units::{Pollutant, RegionCode};

/// Receptors farther from every city than this are nobody's.
const NEAR_CITY_M: f64 = 50_000.0;
const SECONDS_PER_DAY: f64 = 86_400.0;

/// What travels without chemistry: a footprint says nothing of what is made on the way.
const INERT: [(Precursor, Pollutant); 5] = [
    (Precursor::So2, Pollutant::So2),
    (Precursor::Co, Pollutant::Co),
    (Precursor::Pm25, Pollutant::Pm25),
    (Precursor::Pm25, Pollutant::Pm10),
    (Precursor::Pmc, Pollutant::Pm10),
];

pub(super) fn pollutants() -> impl Iterator<Item = Pollutant> {
    [Pollutant::So2, Pollutant::Co, Pollutant::Pm10, Pollutant::Pm25].into_iter()
}

/// The city a receptor lies at. Refuses `X-108`.
pub(super) fn city_at(cities: &[City], lon: f64, lat: f64, at: &str) -> Result<RegionCode, TransportError> {
    let away = |city: &City| way((city.lon, city.lat), (lon, lat)).0;
    let nearest = cities.iter().min_by(|a, b| away(a).total_cmp(&away(b))).filter(|city| away(city) <= NEAR_CITY_M);
    let unknown = || TransportError::UnknownCity { at: at.to_string(), city: format!("{lon:.3} E {lat:.3} N") };
    nearest.map(|city| city.code).ok_or_else(unknown)
}

/// Responses of every site: `sensitivity(row, column)` in µg/m³ per kg/(m² s), shared over the site's points.
///
/// `first` is the position of the receptors in the order of [`pollutants`]. Sites with no point on the grid are noted.
pub(super) fn cells(
    request: &Request<'_>,
    sites: &[SourceSite],
    grid: &Grid,
    first: usize,
    at: &str,
    sensitivity: impl Fn(usize, usize) -> Option<f64>,
    notes: &mut Vec<Note>,
) -> Result<Vec<Cell>, TransportError> {
    let mut cells = vec![];
    for (source, site) in sites.iter().enumerate() {
        let (mut sum, mut on_grid) = (0.0, false);
        for point in &site.points {
            let place = Place { name: String::new(), lon: point.lon, lat: point.lat };
            let Some((row, column, _)) = grid.cells(&place, Sampling::Nearest).and_then(|cells| cells.first().copied())
            else {
                continue;
            };
            let value = sensitivity(row, column).unwrap_or(f64::NAN);
            let where_ = || format!("{at}, cell at row {}, column {}", row + 1, column + 1);
            if !value.is_finite() {
                return Err(TransportError::NotFinite { at: where_() });
            }
            if value < 0.0 {
                return Err(TransportError::Negative { at: where_(), value });
            }
            let latitude = grid.first.1 + row as f64 * grid.step.1;
            on_grid = true;
            sum += point.share * value / cell_area_m2(latitude, grid.step.0, grid.step.1) / SECONDS_PER_DAY;
        }
        if !on_grid {
            notes.push(Note::Outside(format!("source {}", site.source)));
            continue;
        }
        for (place, pollutant) in pollutants().enumerate() {
            let emitted =
                INERT.iter().filter(|(precursor, reached)| *reached == pollutant && site.base.contains_key(precursor));
            cells.extend(emitted.map(|(precursor, _)| {
                let response = Response { value: ResponsePerKilogramPerDay(sum), doubt: request.doubt() };
                Cell { receptor: (first + place) as u32, source: source as u32, precursor: *precursor, response }
            }));
        }
    }
    Ok(cells)
}
