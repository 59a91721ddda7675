//! WRF-Chem: `wrfout` files in classic netCDF.
//!
//! Traps: gases are ppmv, dry PM2.5 µg/m³; values are of the moment; the lowest of the layers is the surface;
//! `XLAT` and `XLONG` may move with time, so those of the first step count; a plain WRF file has no pollutant.
//! No public WRF-Chem output was found: the tests write files from the layout.

use super::sampled::{Field, fill_or_flag, nothing, spots};
use super::{Layout, Request, Source};
use crate::flag::{Flag, FlagKind};
use crate::member::Collector;
use crate::{GuidanceError, Member};
use modelfile::{Air, Classic, Variable, wrf};
use units::Pollutant;

const ID: &str = "wrf-chem";
pub(super) const LAYOUT: Layout = Layout { id: ID, title: "WRF-Chem wrfout, classic netCDF", detect, read };

const NAMES: [(Pollutant, &str); 6] = [
    (Pollutant::So2, "so2"),
    (Pollutant::No2, "no2"),
    (Pollutant::Co, "co"),
    (Pollutant::O3, "o3"),
    (Pollutant::Pm10, "PM10"),
    (Pollutant::Pm25, "PM2_5_DRY"),
];

fn detect(source: &Source<'_>) -> bool {
    source.classic.as_ref().is_some_and(|file| wrf::detect(file))
}

fn read(source: &Source<'_>, request: &Request<'_>) -> Result<Vec<Member>, GuidanceError> {
    let file = source.classic(ID)?;
    if !NAMES.iter().any(|(_, name)| file.variable(name).is_some()) {
        return Err(GuidanceError::NoPollutant {
            layout: ID,
            found: file.names().take(12).collect::<Vec<_>>().join(", "),
        });
    }
    let wrong = |fault| GuidanceError::of(ID, fault);
    let hours = wrf::hours(file).map_err(wrong)?;
    let run = request.run.or_else(|| wrf::started(file)).ok_or(GuidanceError::NoIssue { layout: ID })?;
    let mut collector = Collector::new(request.model.unwrap_or("WRF-Chem"), run, 1);
    let labels = "values of the moment; taken for the hour that ends then";
    collector.flags.push(Flag::whole(FlagKind::Labels, labels));
    let centres = wrf::Centres::of(file).map_err(wrong)?;
    let spots = spots(ID, request, &mut collector, |place| centres.cells(place, request.sampling))?;
    let air = |step: usize, row: usize, column: usize| {
        let [kelvin, pascal] = ["T2", "PSFC"].map(|name| value(file, file.variable(name)?, step, row, column));
        Some(Air { kelvin: kelvin?, pascal: pascal? })
    };
    let mut filled = 0;
    for (pollutant, name) in NAMES {
        let Some(variable) = file.variable(name) else { continue };
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

/// At the surface: a variable over time, row, column, with or without layers.
fn value(file: &Classic<'_>, variable: &Variable, step: usize, row: usize, column: usize) -> Option<f64> {
    match variable.shape.len() {
        3 => file.scaled(variable, &[step, row, column]),
        4 => file.scaled(variable, &[step, 0, row, column]),
        _ => None,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::import::read;
    use modelfile::testing::{NetCdf, Value};
    use modelfile::{Place, Sampling};

    /// Two hours on 3 x 4 cells of a quarter degree from 118 E 31.5 N, two layers.
    pub(crate) fn sample(gas_unit: &str) -> Vec<u8> {
        let dims = [("Time", 0), ("DateStrLen", 19), ("west_east", 4), ("south_north", 3), ("bottom_top", 2)];
        let unit = |unit: &str| [("units", Value::Text(unit.into()))];
        let plane = ["Time", "south_north", "west_east"];
        let space = ["Time", "bottom_top", "south_north", "west_east"];
        let over =
            |value: &dyn Fn(usize, usize) -> f32| Value::Floats((0..24).map(|n| value(n % 12 / 4, n % 4)).collect());
        let layers = |surface: f32, aloft: f32| {
            Value::Floats((0..48).map(|n| if n / 12 % 2 == 0 { surface + n as f32 / 100.0 } else { aloft }).collect())
        };
        NetCdf::new(&dims)
            .attribute("SIMULATION_START_DATE", Value::Text("2018-09-12_12:00:00".into()))
            .variable(
                "Times",
                &["Time", "DateStrLen"],
                &[],
                Value::Text("2018-09-13_00:00:002018-09-13_01:00:00".into()),
            )
            .variable("XLAT", &plane, &[], over(&|row, _| 31.5 + 0.25 * row as f32))
            .variable("XLONG", &plane, &[], over(&|_, column| 118.0 + 0.25 * column as f32))
            .variable("PM2_5_DRY", &space, &unit("ug m^-3"), layers(50.0, 5.0))
            .variable("o3", &space, &unit(gas_unit), layers(0.04, 0.08))
            .bytes(2)
    }

    #[test]
    fn the_lowest_layer_at_the_nearest_centre_in_beijing_time() {
        let places = [Place { name: "南京".into(), lon: 118.45, lat: 31.77 }];
        let member = &read(&sample("ppmv"), &Request { places: &places, ..Request::default() }).unwrap()[0];
        assert_eq!((member.run.to_string().as_str(), member.hours[0].label()), ("2018-09-12T20:00:00+08:00", 8));
        assert!((member.value(Pollutant::Pm25, 0, 0) - 50.06).abs() < 1e-3);
        let ozone = member.value(Pollutant::O3, 0, 1) / ((0.04 + 0.30) * 1000.0 * 47.998 / 24.465);
        assert!((ozone - 1.0).abs() < 1e-4);
    }

    #[test]
    fn bilinear_between_centres_and_nothing_beyond_the_edge() {
        let place = |lon, lat| [Place { name: "x".into(), lon, lat }];
        let read_at = |places: &[Place]| {
            read(&sample("ppmv"), &Request { places, sampling: Sampling::Bilinear, ..Request::default() })
        };
        let member = &read_at(&place(118.125, 31.5)).unwrap()[0];
        assert!((member.value(Pollutant::Pm25, 0, 0) - 50.005).abs() < 1e-3);
        assert!(read_at(&place(119.0, 31.5)).unwrap_err().to_string().starts_with("J-110"));
    }

    #[test]
    fn a_plain_weather_file_has_no_pollutant() {
        let weather = NetCdf::new(&[("Time", 0), ("n", 19)])
            .variable("Times", &["Time", "n"], &[], Value::Text("2018-09-13_00:00:00".into()))
            .variable("XLAT", &["Time"], &[], Value::Floats(vec![1.0]))
            .variable("XLONG", &["Time"], &[], Value::Floats(vec![1.0]));
        assert!(read(&weather.bytes(1), &Request::default()).unwrap_err().to_string().starts_with("J-107"));
    }
}
