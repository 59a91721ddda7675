//! CAMS fields on a longitude and latitude grid, classic netCDF.
//!
//! Traps: PM is kg/m³ while gases are kg/kg; numbers are packed with a scale and an offset; latitude falls; the
//! longitude may run from 0 to 360; model levels count from the top; the issue time is only in some of the files.

use super::sampled::{Field, fill_or_flag, nothing, spots};
use super::{Layout, Request, Source};
use crate::flag::{Flag, FlagKind};
use crate::member::Collector;
use crate::{GuidanceError, Member};
use modelfile::{Air, Classic, MOST_STEPS, Place, Variable, cells, time};
use units::{BeijingHour, Pollutant};

const ID: &str = "cams-grid";
pub(super) const LAYOUT: Layout = Layout { id: ID, title: "CAMS fields, classic netCDF", detect, read };

const NAMES: [(Pollutant, &[&str]); 6] = [
    (Pollutant::So2, &["so2", "so2_conc"]),
    (Pollutant::No2, &["no2", "no2_conc"]),
    (Pollutant::Co, &["co", "co_conc"]),
    (Pollutant::O3, &["go3", "o3", "o3_conc"]),
    (Pollutant::Pm10, &["pm10", "pm10_conc"]),
    (Pollutant::Pm25, &["pm2p5", "pm2p5_conc"]),
];
const LATITUDE: [&str; 2] = ["latitude", "lat"];
const LONGITUDE: [&str; 2] = ["longitude", "lon"];
const TIME: [&str; 3] = ["time", "valid_time", "forecast_period"];
const LEVEL: [&str; 4] = ["level", "model_level", "hybrid", "pressure_level"];

fn detect(source: &Source<'_>) -> bool {
    let one_of = |file: &Classic<'_>, names: &[&str]| names.iter().any(|name| file.variable(name).is_some());
    source.classic.as_ref().is_some_and(|file| one_of(file, &LATITUDE) && one_of(file, &LONGITUDE))
}

fn read(source: &Source<'_>, request: &Request<'_>) -> Result<Vec<Member>, GuidanceError> {
    let file = source.classic(ID)?;
    let (latitude, longitude) = (axis(file, &LATITUDE)?, axis(file, &LONGITUDE)?);
    let hours = hours(file)?;
    let run = request.run.or_else(|| issued(file)).ok_or(GuidanceError::NoIssue { layout: ID })?;
    let mut collector = Collector::new(request.model.unwrap_or("CAMS"), run, 1);
    let labels = "values of the moment; taken for the hour that ends then";
    collector.flags.push(Flag::whole(FlagKind::Labels, labels));
    let locate = |place: &Place| {
        let east = |turn: f64| fraction(&longitude, place.lon + turn);
        let column = east(0.0).or_else(|| east(360.0)).or_else(|| east(-360.0))?;
        cells(fraction(&latitude, place.lat)?, column, latitude.len(), longitude.len(), request.sampling)
    };
    let spots = spots(ID, request, &mut collector, locate)?;
    let air = |step: usize, row: usize, column: usize| {
        let [kelvin, pascal] = ["t2m", "sp"].map(|name| value(file, file.variable(name)?, step, row, column));
        Some(Air { kelvin: kelvin?, pascal: pascal? })
    };
    let mut filled = 0;
    for (pollutant, names) in NAMES {
        let found = names.iter().find_map(|name| Some((*name, file.variable(name)?)));
        let Some((name, variable)) = found else { continue };
        let field = Field {
            pollutant,
            name,
            unit: variable.word("units").unwrap_or_default(),
            value: &|step, row, column| value(file, variable, step, row, column),
            air: &air,
        };
        filled += usize::from(fill_or_flag(&mut collector, &spots, &hours, &field));
    }
    if filled == 0 { Err(nothing(ID, &collector, file.names())) } else { Ok(vec![collector.finish(ID)?]) }
}

/// The coordinates of an axis.
fn axis(file: &Classic<'_>, names: &[&str]) -> Result<Vec<f64>, GuidanceError> {
    let missing = || GuidanceError::Missing { layout: ID, what: format!("an axis {}", names[0]) };
    let variable = names.iter().find_map(|name| file.variable(name)).ok_or_else(missing)?;
    // The first value past the end of the file ends the axis, whatever length the header states.
    let length = variable.shape.first().filter(|_| variable.shape.len() == 1).map_or(0, |(_, length)| *length);
    Ok((0..length).map_while(|n| file.scaled(variable, &[n])).collect())
}

/// The position of a coordinate between the values of a rising or falling axis, half a step beyond its ends.
fn fraction(axis: &[f64], at: f64) -> Option<f64> {
    let (first, last) = (*axis.first()?, *axis.last()?);
    let step = (last - first) / (axis.len() as f64 - 1.0);
    let place = (at - first) / step;
    (place.is_finite() && (-0.5..axis.len() as f64 - 0.5).contains(&place)).then_some(place)
}

fn hours(file: &Classic<'_>) -> Result<Vec<(usize, BeijingHour)>, GuidanceError> {
    let missing = || GuidanceError::Missing { layout: ID, what: "time or valid_time with its unit".to_string() };
    let variable = ["valid_time", "time"].iter().find_map(|name| file.variable(name)).ok_or_else(missing)?;
    let (first, an_hour) = variable.word("units").and_then(time::since).ok_or_else(missing)?;
    let steps = variable.shape.iter().map(|(_, length)| *length).fold(1usize, usize::saturating_mul);
    if steps > MOST_STEPS {
        return Err(GuidanceError::TooMany { layout: ID, what: "time steps", limit: MOST_STEPS });
    }
    let one = |step: usize| {
        let mut indices = vec![0; variable.shape.len()];
        let axis = variable.axis(&TIME);
        axis.into_iter().for_each(|axis| indices[axis] = step);
        let count = file.at(variable, &indices).unwrap_or(f64::NAN) / an_hour;
        let whole = (count.fract() == 0.0 && count.abs() < 1e8).then_some(count as i64);
        let hour = whole.and_then(|count| time::bounded(first.index() + count));
        let wrong = || GuidanceError::Time { layout: ID, text: count.to_string(), at: format!("step {}", step + 1) };
        Ok((step, hour.ok_or_else(wrong)?))
    };
    (0..steps).map(one).collect()
}

fn issued(file: &Classic<'_>) -> Option<BeijingHour> {
    let variable = file.variable("forecast_reference_time")?;
    let (first, an_hour) = variable.word("units").and_then(time::since)?;
    let count = file.at(variable, &vec![0; variable.shape.len()])? / an_hour;
    time::bounded(first.index().checked_add(count as i64)?)
}

/// A value with each axis by its name; other axes at their first entry, levels at the one nearest the ground.
fn value(file: &Classic<'_>, variable: &Variable, step: usize, row: usize, column: usize) -> Option<f64> {
    let index = |(name, _): &(String, usize)| match name.as_str() {
        name if LATITUDE.contains(&name) => row,
        name if LONGITUDE.contains(&name) => column,
        name if TIME.contains(&name) => step,
        name if LEVEL.contains(&name) => ground(file, name),
        _ => 0,
    };
    file.scaled(variable, &variable.shape.iter().map(index).collect::<Vec<usize>>())
}

/// Levels count from the top of the air, and pressure grows downwards: the largest is the ground.
fn ground(file: &Classic<'_>, name: &str) -> usize {
    let levels = axis(file, &[name]).unwrap_or_default();
    let largest = levels.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    largest.map_or(0, |(n, _)| n)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::import::read;
    use modelfile::testing::{NetCdf, Value};

    /// Two steps on 3 x 3 cells of 0.4 degrees, latitude falling, longitude east of Greenwich.
    pub(crate) fn sample(particles: &str) -> Vec<u8> {
        let dims = [("longitude", 3), ("latitude", 3), ("time", 2), ("forecast_reference_time", 1)];
        let unit = |unit: &str| ("units", Value::Text(unit.into()));
        let space = ["time", "latitude", "longitude"];
        let hours = "hours since 1900-01-01 00:00:00.0";
        // 2020-01-01 00:00 UTC
        let first = 1_051_896;
        NetCdf::new(&dims)
            .variable("longitude", &["longitude"], &[], Value::Floats(vec![118.4, 118.8, 119.2]))
            .variable("latitude", &["latitude"], &[], Value::Floats(vec![32.4, 32.0, 31.6]))
            .variable("time", &["time"], &[unit(hours)], Value::Ints(vec![first + 3, first + 6]))
            .variable("forecast_reference_time", &["forecast_reference_time"], &[unit(hours)], Value::Ints(vec![first]))
            .variable("pm2p5", &space, &[unit(particles)], Value::Doubles((0..18).map(|n| 1e-9 * n as f64).collect()))
            .variable(
                "go3",
                &space,
                &[
                    unit("kg kg**-1"),
                    ("scale_factor", Value::Doubles(vec![1e-9])),
                    ("_FillValue", Value::Ints(vec![7])),
                ],
                Value::Ints((0..18).collect()),
            )
            .bytes(0)
    }

    fn nanjing() -> [Place; 1] {
        [Place { name: "南京".into(), lon: 118.75, lat: 32.05 }]
    }

    #[test]
    fn kilograms_in_air_and_by_air_are_told_apart() {
        let member = &read(&sample("kg m**-3"), &Request { places: &nanjing(), ..Request::default() }).unwrap()[0];
        assert_eq!((member.run.label(), member.hours[0].label()), (8, 11));
        assert!((member.value(Pollutant::Pm25, 0, 0) - 4.0).abs() < 1e-9);
        assert!((member.value(Pollutant::O3, 0, 1) - 13.0 * 28.9647 / 24.465).abs() < 1e-3);
    }

    #[test]
    fn particles_by_mass_of_air_without_temperature_are_refused_by_name() {
        let member = &read(&sample("kg kg**-1"), &Request { places: &nanjing(), ..Request::default() }).unwrap()[0];
        assert!(!member.values.contains_key(&Pollutant::Pm25));
        let refusal = member.flags.iter().find(|flag| flag.kind == FlagKind::Refused).unwrap().to_string();
        assert!(refusal.contains("need temperature and pressure"), "{refusal}");
    }

    #[test]
    fn the_fill_value_is_missing() {
        let places = [Place { name: "x".into(), lon: 118.8, lat: 31.6 }];
        let member = &read(&sample("kg m**-3"), &Request { places: &places, ..Request::default() }).unwrap()[0];
        assert!(member.value(Pollutant::O3, 0, 0).is_nan() && member.value(Pollutant::O3, 0, 1).is_finite());
    }

    #[test]
    fn longitudes_meet_across_greenwich() {
        assert_eq!(fraction(&[350.0, 355.0, 360.0], -5.0 + 360.0), Some(1.0));
        assert_eq!((fraction(&[1.0], 1.0), fraction(&[], 1.0)), (None, None));
    }
}
