//! The reduced-form kernel (简化核): an indicative matrix where no model output is there.
//!
//! A Gaussian plume in the vertical, spread evenly over a sector of the hour's wind; straight, steady, flat ground. What goes
//! through any circle about the source, with what was lost and converted on the way, is what was emitted; tests hold it to that.
//! For a source at distance r, wind u, bearing density g(θ), vertical density v(0):
//! `response = f(t) · g(θ) · v(0) / (r · u)`, `t = r / u`, `∫ g dθ = 1`, `∫₀ʰ v dz = 1`; f is what is left, or what was made.

mod chemistry;
mod plume;
mod settings;
mod weather;

pub use chemistry::Fate;
pub use plume::{bearing_density, vertical_density};
pub use settings::{Chain, Settings, Stability};
pub use weather::{Hour, Weather};

use crate::matrix::{Basis, Cell, Doubt, Matrix, Origin, Response, ResponsePerKilogramPerDay, Status};
use crate::source::{City, Precursor, Receptor, SourceSite, way};
use crate::{Note, TransportError};
use units::{BeijingDay, Pollutant};

/// µg/kg over s/d: kg/d to µg/s.
const MICROGRAM_PER_SECOND: f64 = 1e9 / 86_400.0;
/// Sources, cities and days together: more are refused before anything is computed.
const MOST_PATHS: usize = 20_000_000;
/// Nearer than this a source counts as this far away.
const NEAREST_M: f64 = 200.0;
/// Beyond this many radii a city is a point; nearer, the mean over its disc.
const POINT_FROM_RADII: f64 = 5.0;

/// What a precursor does to a pollutant.
#[derive(Clone, Copy, PartialEq)]
enum Effect {
    Primary,
    Secondary,
}

/// Pollutants each precursor reaches: itself, and what is made of it.
fn effects(precursor: Precursor) -> &'static [(Pollutant, Effect)] {
    use Effect::{Primary, Secondary};
    match precursor {
        Precursor::So2 => &[(Pollutant::So2, Primary), (Pollutant::Pm10, Secondary), (Pollutant::Pm25, Secondary)],
        Precursor::Nox => &[(Pollutant::No2, Primary), (Pollutant::Pm10, Secondary), (Pollutant::Pm25, Secondary)],
        Precursor::Nh3 | Precursor::Voc => &[(Pollutant::Pm10, Secondary), (Pollutant::Pm25, Secondary)],
        Precursor::Pm25 => &[(Pollutant::Pm10, Primary), (Pollutant::Pm25, Primary)],
        Precursor::Pmc => &[(Pollutant::Pm10, Primary)],
        Precursor::Co => &[(Pollutant::Co, Primary)],
    }
}

/// Makes the matrix of these sources, cities, days and pollutants (简化核计算).
///
/// Only precursors that a source emits are given. Steady: an emission that lasts as long as the plume needs. Ozone is never given.
/// Refuses `X-114` (too many paths), `X-302` (no weather for a day).
pub fn matrix(
    settings: &Settings,
    weather: &Weather,
    sites: &[SourceSite],
    cities: &[City],
    days: &[BeijingDay],
    pollutants: &[Pollutant],
) -> Result<(Matrix, Vec<Note>), TransportError> {
    let points: usize = sites.iter().map(|site| site.points.len().max(1)).sum();
    let paths = points.saturating_mul(cities.len()).saturating_mul(days.len());
    if paths > MOST_PATHS {
        return Err(TransportError::TooMany { what: "sources x cities x days", count: paths, limit: MOST_PATHS });
    }
    let receptors: Vec<Receptor> = cities
        .iter()
        .flat_map(|city| days.iter().map(move |day| (city.code, *day)))
        .flat_map(|(city, day)| pollutants.iter().map(move |pollutant| Receptor { city, day, pollutant: *pollutant }))
        .collect();
    let mut cells = vec![];
    for (city_at, city) in cities.iter().enumerate() {
        let disc = disc(city, settings.city_radius_m());
        for (day_at, day) in days.iter().enumerate() {
            let hours = weather.of(city.code, *day)?;
            let ahead = (city_at * days.len() + day_at) * pollutants.len();
            for (source, site) in sites.iter().enumerate() {
                let reached = reached(settings, hours, site, city, &disc);
                for precursor in site.base.iter().filter(|(_, base)| base.0 > 0.0).map(|(precursor, _)| *precursor) {
                    let fate = reached.of(precursor);
                    for (pollutant, effect) in effects(precursor) {
                        let Some(place) = pollutants.iter().position(|asked| asked == pollutant) else { continue };
                        let value = if *effect == Effect::Primary { fate.left } else { fate.made };
                        if value > 0.0 {
                            let doubt = doubt(settings, precursor, *effect);
                            let response = Response { value: ResponsePerKilogramPerDay(value), doubt };
                            let (receptor, source) = ((ahead + place) as u32, source as u32);
                            cells.push(Cell { receptor, source, precursor, response });
                        }
                    }
                }
            }
        }
    }
    let origin = Origin {
        model: settings.id().to_string(),
        files: vec![],
        run: None,
        grid: "cities as discs".to_string(),
        status: Status::Indicative,
        basis: Basis::ReducedForm,
    };
    let sources = sites.iter().map(|site| site.source.clone()).collect();
    let told = "built-in kernel, straight steady plumes: indicative; output of a model of these days goes before it";
    Ok((Matrix::new(origin, receptors, sources, cells)?, vec![Note::Assumed(told.to_string())]))
}

fn doubt(settings: &Settings, precursor: Precursor, effect: Effect) -> Doubt {
    match (effect, precursor) {
        (Effect::Primary, _) => settings.primary_doubt(),
        (_, Precursor::Nh3 | Precursor::Voc) => settings.bent_doubt(),
        _ => settings.secondary_doubt(),
    }
}

/// What arrives of one kg/d of each precursor, and what is made of it, µg/m³.
struct Reached([Fate; 7]);

impl Reached {
    fn of(&self, precursor: Precursor) -> Fate {
        self.0[precursor as usize]
    }
}

/// The mean over the hours of a day and the points of source and city.
fn reached(settings: &Settings, hours: &[Hour], site: &SourceSite, city: &City, disc: &[(f64, f64)]) -> Reached {
    let mut sums = [Fate::default(); 7];
    let centre = [(city.lon, city.lat)];
    for point in &site.points {
        let (away, _) = way((point.lon, point.lat), centre[0]);
        let near = away < POINT_FROM_RADII * settings.city_radius_m();
        let targets = if near { disc } else { &centre[..] };
        for target in targets {
            let (metres, bearing) = way((point.lon, point.lat), *target);
            let metres = metres.max(NEAREST_M);
            for hour in hours {
                let Some((travel_s, dilution)) = dilution(settings, hour, site.height_m, metres, bearing) else {
                    continue;
                };
                let share = point.share * dilution * MICROGRAM_PER_SECOND / (hours.len() * targets.len()) as f64;
                for precursor in Precursor::ALL.into_iter().filter(|precursor| site.base.contains_key(precursor)) {
                    let fate = chemistry::fate(settings.chain(precursor), travel_s / 3600.0);
                    sums[precursor as usize].left += fate.left * share;
                    sums[precursor as usize].made += fate.made * share;
                }
            }
        }
    }
    Reached(sums)
}

/// Travel time in seconds, and µg/m³ on the ground per µg/s; `None` when the plume of this hour does not get there.
fn dilution(settings: &Settings, hour: &Hour, height_m: f64, metres: f64, bearing: f64) -> Option<(f64, f64)> {
    let calm = hour.speed_ms < settings.calm_ms();
    let blows_to = (!calm).then_some((hour.from_degrees + 180.0).rem_euclid(360.0));
    let density = bearing_density(blows_to, bearing, settings.spread_degrees());
    if density == 0.0 {
        return None;
    }
    let speed = settings.speed_at(hour.speed_ms.max(settings.calm_ms()), hour.stability, height_m);
    let travel_s = metres / speed;
    if travel_s > settings.longest_hours() * 3600.0 {
        return None;
    }
    // A plume above the lid is taken to be mixed down within its own height: later mixing layers reach it.
    let lid = hour.mixing_height_m.max(height_m);
    let vertical = vertical_density(settings.spread_m(hour.stability, metres), height_m, lid, 0.0);
    Some((travel_s, density * vertical / (metres * speed)))
}

/// Nineteen points of a city's disc, evenly by area.
fn disc(city: &City, radius_m: f64) -> Vec<(f64, f64)> {
    const GOLDEN: f64 = 2.399_963_229_728_653;
    let metres_per_degree = 111_195.0;
    let narrow = city.lat.to_radians().cos().max(0.01);
    let point = |n: usize| {
        let (radius, angle) = (radius_m * ((n as f64 + 0.5) / 19.0).sqrt(), GOLDEN * n as f64);
        let (east, north) = (radius * angle.cos(), radius * angle.sin());
        (city.lon + east / (metres_per_degree * narrow), city.lat + north / metres_per_degree)
    };
    (0..19).map(point).collect()
}

#[cfg(test)]
mod tests;
