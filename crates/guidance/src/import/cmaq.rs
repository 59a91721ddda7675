//! CMAQ: IOAPI on classic netCDF, as the model writes it or as its tool `combine` does.
//!
//! Traps: dates are `YYYYDDD`, UTC; hourly means (ACONC) are stamped with the **beginning** of their hour, CONC
//! with the moment; names and units are padded to 16 letters; the raw model has aerosol by mode and no PM2.5, which
//! only `combine` sums; MCIP and mask files have the same frame and no pollutant.
//! No public CMAQ concentrations were found: the tests write files from the layout.

use super::sampled::{Field, fill_or_flag, nothing, spots};
use super::{Layout, Request, Source};
use crate::flag::{Flag, FlagKind};
use crate::member::Collector;
use crate::{GuidanceError, Member};
use modelfile::{Classic, Variable, ioapi};
use units::{BeijingHour, Pollutant};

const ID: &str = "cmaq";
pub(super) const LAYOUT: Layout =
    Layout { id: ID, title: "CMAQ concentrations, IOAPI on classic netCDF", detect, read };

/// Names of each pollutant, the most processed first.
const NAMES: [(Pollutant, &[&str]); 6] = [
    (Pollutant::So2, &["SO2_UGM3", "SO2"]),
    (Pollutant::No2, &["NO2_UGM3", "NO2"]),
    (Pollutant::Co, &["CO_UGM3", "CO"]),
    (Pollutant::O3, &["O3_UGM3", "O3"]),
    (Pollutant::Pm10, &["PM10", "PM10_TOT", "ATOTIJK", "PMIJK"]),
    (Pollutant::Pm25, &["PM25_TOT", "PM25", "PM2_5", "PM25_UGM3", "ATOTIJ", "PMIJ"]),
];

fn detect(source: &Source<'_>) -> bool {
    source.classic.as_ref().is_some_and(|file| ioapi::detect(file))
}

fn read(source: &Source<'_>, request: &Request<'_>) -> Result<Vec<Member>, GuidanceError> {
    let file = source.classic(ID)?;
    if !NAMES.iter().flat_map(|(_, names)| *names).any(|name| file.variable(name).is_some()) {
        return Err(GuidanceError::NoPollutant {
            layout: ID,
            found: file.names().take(12).collect::<Vec<_>>().join(", "),
        });
    }
    let wrong = |fault| GuidanceError::of(ID, fault);
    let (stamps, means) = (ioapi::stamps(file).map_err(wrong)?, ioapi::stamped_at_beginning(file));
    let first = stamps.first().copied().ok_or(GuidanceError::Missing { layout: ID, what: "any time step".into() })?;
    let mut collector = Collector::new(request.model.unwrap_or("CMAQ"), request.run.unwrap_or(first), 1);
    let labels = if means {
        "hourly means stamped with the beginning of the hour; named by its end here"
    } else {
        "values of the moment; taken for the hour that ends then"
    };
    collector.flags.push(Flag::whole(FlagKind::Labels, labels));
    let grid = ioapi::grid(file).map_err(wrong)?;
    let spots = spots(ID, request, &mut collector, |place| grid.cells(place, request.sampling))?;
    let later = i64::from(means);
    let hours: Vec<(usize, BeijingHour)> = stamps.iter().map(|stamp| *stamp + later).enumerate().collect();
    let mut filled = 0;
    for (pollutant, names) in NAMES {
        let Some((name, variable)) = names.iter().find_map(|name| Some((*name, surface(file, name)?))) else {
            continue;
        };
        let field = Field {
            pollutant,
            name,
            unit: variable.word("units").unwrap_or_default(),
            value: &|step, row, column| file.scaled(variable, &[step, 0, row, column]),
            air: &|_, _, _| None,
        };
        filled += usize::from(fill_or_flag(&mut collector, &spots, &hours, &field));
    }
    if filled == 0 {
        return Err(nothing(ID, &collector, file.names()));
    }
    if file.variable("ASO4J").is_some() && surface_of(file, Pollutant::Pm25).is_none() {
        let what = "aerosol stands by mode only; sum it to PM25_TOT with `combine`";
        collector.flags.push(Flag::of(FlagKind::Refused, Pollutant::Pm25, what));
    }
    Ok(vec![collector.finish(ID)?])
}

fn surface_of(file: &Classic<'_>, pollutant: Pollutant) -> Option<()> {
    let (_, names) = NAMES.iter().find(|(known, _)| *known == pollutant)?;
    names.iter().find_map(|name| surface(file, name)).map(|_| ())
}

/// A variable over time, layer, row, column.
fn surface<'c>(file: &'c Classic<'_>, name: &str) -> Option<&'c Variable> {
    file.variable(name).filter(|variable| variable.shape.len() == 4)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::import::read;
    use modelfile::testing::{NetCdf, Value};
    use modelfile::{Place, Sampling};

    fn text(text: &str) -> Value {
        Value::Text(format!("{text:<16}"))
    }

    /// Two hours on a Lambert grid of 3 x 3 cells of 27 km about 32 N 118.8 E, PM2.5 and O3.
    pub(crate) fn sample(program: &str, ozone_unit: &str) -> Vec<u8> {
        let dims = [("TSTEP", 0), ("DATE-TIME", 2), ("LAY", 1), ("VAR", 2), ("ROW", 3), ("COL", 3)];
        let cells = ["TSTEP", "LAY", "ROW", "COL"];
        let values = |from: f32| Value::Floats((0..18).map(|n| from + n as f32).collect());
        let stamps = vec![2018013, 150000, 2018013, 150000, 2018013, 160000, 2018013, 160000];
        NetCdf::new(&dims)
            .lambert_about_nanjing()
            .attribute("UPNAM", text(program))
            .variable("TFLAG", &["TSTEP", "VAR", "DATE-TIME"], &[], Value::Ints(stamps))
            .variable("PM25_TOT", &cells, &[("units", text("ug m-3"))], values(30.0))
            .variable("O3", &cells, &[("units", text(ozone_unit))], values(20.0))
            .bytes(2)
    }

    fn nanjing() -> Vec<Place> {
        vec![Place { name: "南京".into(), lon: 118.8, lat: 32.0 }]
    }

    #[test]
    fn hourly_means_move_to_the_end_of_their_hour_and_moments_stay() {
        let places = nanjing();
        let request = Request { places: &places, ..Request::default() };
        let member = &read(&sample("OPACONC", "ppbV"), &request).unwrap()[0];
        assert_eq!(member.run.to_string(), "2018-01-13T23:00:00+08:00");
        assert_eq!(member.hours[0].to_string(), "2018-01-14T00:00:00+08:00");
        assert_eq!(member.course(Pollutant::Pm25, 0), [34.0, 43.0]);
        let moment = &read(&sample("OPCONC", "ppbV"), &request).unwrap()[0];
        assert_eq!(moment.hours[0].to_string(), "2018-01-13T23:00:00+08:00");
    }

    #[test]
    fn ozone_by_volume_is_converted_and_flagged() {
        let places = nanjing();
        let request = Request { places: &places, ..Request::default() };
        let member = &read(&sample("OPACONC", "ppbV"), &request).unwrap()[0];
        assert!((member.value(Pollutant::O3, 0, 0) - 24.0 * 47.998 / 22.414).abs() < 0.01);
        assert!(member.flags.iter().any(|flag| flag.to_string().starts_with("J-201 O3: O3: mixing ratio by volume")));
    }

    #[test]
    fn a_wrong_unit_is_named_and_the_rest_is_read() {
        let places = nanjing();
        let request = Request { places: &places, ..Request::default() };
        let member = &read(&sample("OPACONC", "K"), &request).unwrap()[0];
        let refused = member.flags.iter().find(|flag| flag.kind == FlagKind::Refused).unwrap().to_string();
        assert!(refused.contains("O3 is in \"K\""), "{refused}");
        assert!(!member.values.contains_key(&Pollutant::O3) && member.values.contains_key(&Pollutant::Pm25));
    }

    #[test]
    fn a_place_far_away_is_flagged_and_none_at_all_refused() {
        let mut places = nanjing();
        places.push(Place { name: "乌鲁木齐".into(), lon: 87.6, lat: 43.8 });
        let request = Request { places: &places, sampling: Sampling::Bilinear, ..Request::default() };
        let member = &read(&sample("COMBINE", "ppmV"), &request).unwrap()[0];
        assert!(member.flags.iter().any(|flag| flag.place.as_deref() == Some("乌鲁木齐")));
        assert_eq!(member.places, ["南京"]);
        let nowhere = Request { places: &places[1..], ..Request::default() };
        assert!(read(&sample("COMBINE", "ppmV"), &nowhere).unwrap_err().to_string().starts_with("J-110"));
    }
}
