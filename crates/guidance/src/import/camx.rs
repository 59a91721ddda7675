//! CAMx: average and instantaneous files of the UAM-IV kind, big-endian Fortran records.
//!
//! Traps: each letter of a name fills four bytes; dates are `YYDDD`; the clock has its own time zone, hours west
//! of Greenwich; gases are ppm in average files and particles µg/m³ in parts that must be summed; a header of the
//! old kind names no projection; a run of records that is cut off keeps its whole steps. Meteorology files of CAMx
//! are made of the same records without such a header and hold no pollutant.

use super::sampled::{Field, fill, nothing, spots};
use super::{Layout, Request, Source};
use crate::flag::{Flag, FlagKind};
use crate::member::Collector;
use crate::{GuidanceError, Member};
use modelfile::Records;
use modelfile::uamiv::{self, Header};
use units::{BeijingHour, Pollutant};

const ID: &str = "camx";
pub(super) const LAYOUT: Layout = Layout { id: ID, title: "CAMx average or instantaneous file, UAM-IV", detect, read };

/// Parts of fine particles, and what PM10 has beyond them.
const FINE: [&str; 16] = [
    "PSO4", "PNO3", "PNH4", "POA", "PEC", "FPRM", "FCRS", "NA", "PCL", "SOA1", "SOA2", "SOA3", "SOA4", "SOPA", "SOPB",
    "PH2O",
];
const COARSE: [&str; 2] = ["CPRM", "CCRS"];
const GASES: [(Pollutant, &str); 4] =
    [(Pollutant::So2, "SO2"), (Pollutant::No2, "NO2"), (Pollutant::Co, "CO"), (Pollutant::O3, "O3")];
/// Water on the particles is not weighed in PM2.5.
const WATER: &str = "PH2O";

fn detect(source: &Source<'_>) -> bool {
    uamiv::detect(source.bytes)
}

fn read(source: &Source<'_>, request: &Request<'_>) -> Result<Vec<Member>, GuidanceError> {
    let wrong = |fault| GuidanceError::of(ID, fault);
    let mut records = Records::of(source.bytes);
    let header = Header::of(&mut records).map_err(wrong)?;
    let steps = uamiv::steps(&mut records, &header).map_err(wrong)?;
    let first = steps.first().ok_or(GuidanceError::Missing { layout: ID, what: "any whole time step".into() })?;
    let run = request.run.unwrap_or(first.begin);
    let mut collector = Collector::new(request.model.unwrap_or("CAMx"), run, 1);
    let labels = if header.average {
        "hourly means, named by their end"
    } else {
        "values of the moment; taken for the hour that ends then"
    };
    collector.flags.push(Flag::whole(FlagKind::Labels, labels));
    let grid = header.grid(request.projection).map_err(wrong)?;
    let spots = spots(ID, request, &mut collector, |place| grid.cells(place, request.sampling))?;
    let hours: Vec<(usize, BeijingHour)> = steps.iter().map(|step| step.end).enumerate().collect();
    let mut filled = 0;
    for (pollutant, parts, unit) in recipes(&header) {
        let value = |step: usize, row: usize, column: usize| {
            parts.iter().try_fold(0.0, |sum, part| Some(sum + steps[step].value(&header, *part, row, column)?))
        };
        let name = parts.iter().map(|part| header.species[*part].as_str()).collect::<Vec<_>>().join("+");
        fill(
            &mut collector,
            &spots,
            &hours,
            &Field { pollutant, name: &name, unit, value: &value, air: &|_, _, _| None },
        )?;
        if parts.len() > 1 {
            collector.flags.push(Flag::of(FlagKind::Converted, pollutant, format!("sum of {name}")));
        }
        filled += 1;
    }
    if filled == 0 {
        return Err(nothing(ID, &collector, header.species.iter().map(String::as_str)));
    }
    Ok(vec![collector.finish(ID)?])
}

/// Pollutant, positions of the species it is made of, unit.
fn recipes(header: &Header) -> Vec<(Pollutant, Vec<usize>, &'static str)> {
    let find = |name: &str| header.species.iter().position(|species| species == name);
    let gases = GASES.iter().filter_map(|(pollutant, name)| Some((*pollutant, vec![find(name)?], "ppm")));
    let all = |names: &[&str]| names.iter().filter_map(|name| find(name)).collect::<Vec<usize>>();
    let mut fine = all(&FINE);
    fine.retain(|part| header.species[*part] != WATER);
    let whole = [fine.clone(), all(&COARSE)].concat();
    let mut recipes: Vec<_> = gases.collect();
    if !fine.is_empty() {
        recipes.push((Pollutant::Pm10, whole, "ug/m3"));
        recipes.push((Pollutant::Pm25, fine, "ug/m3"));
    }
    recipes
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::import::read;
    use modelfile::{Place, Projection};

    fn record(body: &[u8]) -> Vec<u8> {
        let length = (body.len() as u32).to_be_bytes();
        [&length[..], body, &length].concat()
    }

    fn wide(text: &str, length: usize) -> Vec<u8> {
        format!("{text:<length$}").bytes().flat_map(|letter| [letter, b' ', b' ', b' ']).collect()
    }

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    /// One hour on 2 x 2 cells of half a degree from 118 E 31.5 N, as a header of the newer kind says.
    pub(crate) fn sample(step: f32, species: &[(&str, f32)]) -> Vec<u8> {
        let bits = |value: f32| value.to_bits();
        let time = words(&[19_013, bits(0.0), 19_013, bits(1.0)]);
        let title = [wide("AVERAGE", 10), wide("test", 60), words(&[0, species.len() as u32]), time.clone()].concat();
        let grid =
            words(&[bits(0.0), bits(0.0), 0, bits(118.0), bits(31.5), bits(step), bits(step), 2, 2, 1, 0, 0, 0, 0, 0]);
        let names: Vec<u8> = species.iter().flat_map(|(name, _)| wide(name, 10)).collect();
        let mut file = [record(&title), record(&grid), record(&words(&[1, 1, 2, 2])), record(&names)].concat();
        file.extend(record(&time));
        for (name, value) in species {
            let values = words(&[1, 2, 3, 4].map(|n| bits(value * n as f32)));
            file.extend(record(&[words(&[1]), wide(name, 10), values].concat()));
        }
        file
    }

    fn places() -> [Place; 1] {
        [Place { name: "南京".into(), lon: 118.8, lat: 31.7 }]
    }

    #[test]
    fn parts_are_summed_without_water_and_gases_converted() {
        let file = sample(0.5, &[("O3", 0.05), ("PSO4", 10.0), ("FCRS", 5.0), ("PH2O", 99.0), ("CCRS", 20.0)]);
        let member = &read(&file, &Request { places: &places(), ..Request::default() }).unwrap()[0];
        assert_eq!((member.run.label(), member.hours[0].label()), (8, 9));
        assert!((member.value(Pollutant::Pm25, 0, 0) - 30.0).abs() < 1e-5);
        assert!((member.value(Pollutant::Pm10, 0, 0) - 70.0).abs() < 1e-5);
        assert!(member.flags.iter().any(|flag| flag.detail == "sum of PSO4+FCRS"));
        assert!((member.value(Pollutant::O3, 0, 0) / (100.0 * 47.998 / 24.465) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn metres_without_a_projection_are_refused_until_it_is_given() {
        let file = sample(36_000.0, &[("O3", 0.05)]);
        let request = Request { places: &places(), ..Request::default() };
        assert!(read(&file, &request).unwrap_err().to_string().starts_with("J-109"));
        let lambert = Projection::Lambert { first: 25.0, second: 40.0, meridian: 118.5, origin: 31.5 };
        let given = Request { projection: Some(lambert), ..request };
        assert_eq!(read(&file, &given).unwrap()[0].places, ["南京"]);
    }

    #[test]
    fn a_step_that_is_cut_off_is_left_out_and_weather_refused() {
        let file = sample(0.5, &[("O3", 0.05), ("NO2", 0.01)]);
        let cut = &file[..file.len() - 4];
        let said = read(cut, &Request { places: &places(), ..Request::default() }).unwrap_err().to_string();
        assert!(said.starts_with("J-106"), "{said}");
        let weather = record(&words(&[0, 2_154, 1.5f32.to_bits()]));
        assert!(read(&weather, &Request::default()).unwrap_err().to_string().starts_with("J-107"));
    }

    #[test]
    fn two_digit_years_are_of_this_century_until_seventy() {
        assert_eq!(
            [19_013, 99_365, 2_154, 2_019_013].map(uamiv::century),
            [2_019_013, 1_999_365, 2_002_154, 2_019_013]
        );
    }
}
