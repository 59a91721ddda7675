//! CAMx: average and instantaneous files of the UAM-IV kind, big-endian Fortran records.
//!
//! Traps: each letter of a name fills four bytes; dates are `YYDDD`; the clock has its own time zone, hours west
//! of Greenwich; gases are ppm in average files and particles µg/m³ in parts that must be summed; a header of the
//! old kind names no projection; a run of records that is cut off keeps its whole steps. Meteorology files of CAMx
//! are made of the same records without such a header and hold no pollutant.

use super::sampled::{Field, MOST_STEPS, fill, nothing, spots};
use super::{Layout, Request, Source};
use crate::flag::{Flag, FlagKind};
use crate::grid::Grid;
use crate::member::Collector;
use crate::projection::Projection;
use crate::{GuidanceError, Member, time};
use std::collections::BTreeMap;
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
    Records { bytes: source.bytes, at: 0 }.next().is_some_and(|first| {
        first.len() == 304 && ["AVERAGE", "INSTANT", "AIRQUALITY"].contains(&letters(&first[..40]).as_str())
    }) || is_meteorology(source.bytes)
}

/// A whole record first, then floats under a date: height, humidity, temperature and the like.
fn is_meteorology(bytes: &[u8]) -> bool {
    let first = Records { bytes, at: 0 }.next();
    bytes.first() == Some(&0) && first.is_some_and(|first| first.len() % 4 == 0 && !first.is_empty())
}

fn read(source: &Source<'_>, request: &Request<'_>) -> Result<Vec<Member>, GuidanceError> {
    let mut records = Records { bytes: source.bytes, at: 0 };
    let header = Header::of(&mut records)?;
    let steps = steps(&mut records, &header)?;
    let first = steps.first().ok_or(GuidanceError::Missing { layout: ID, what: "any whole time step".into() })?;
    let run = request.run.unwrap_or(first.begin);
    let mut collector = Collector::new(request.model.unwrap_or("CAMx"), run, 1);
    let labels = if header.average {
        "hourly means, named by their end"
    } else {
        "values of the moment; taken for the hour that ends then"
    };
    collector.flags.push(Flag::whole(FlagKind::Labels, labels));
    let grid = header.grid(request.projection)?;
    let spots = spots(ID, request, &mut collector, |place| grid.cells(place, request.sampling))?;
    let hours: Vec<(usize, BeijingHour)> = steps.iter().map(|step| step.end).enumerate().collect();
    let mut filled = 0;
    for (pollutant, parts, unit) in header.recipes() {
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

/// Fortran records: a length before and after each.
struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Records<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let length = word(self.bytes, self.at)? as usize;
        let (begin, end) = (self.at.checked_add(4)?, self.at.checked_add(4)?.checked_add(length)?);
        let body = self.bytes.get(begin..end)?;
        (word(self.bytes, end)? as usize == length).then_some(())?;
        self.at = end + 4;
        Some(body)
    }
}

struct Header {
    average: bool,
    /// Hours west of Greenwich of the file's clock.
    zone: i64,
    projection: Option<Projection>,
    first: (f64, f64),
    step: (f64, f64),
    columns: usize,
    rows: usize,
    layers: usize,
    species: Vec<String>,
}

impl Header {
    fn of(records: &mut Records<'_>) -> Result<Header, GuidanceError> {
        let damaged = |what: &str| GuidanceError::Damaged { layout: ID, what: what.to_string() };
        let title = records.next().filter(|title| title.len() == 304);
        let title =
            title.ok_or(GuidanceError::NoPollutant { layout: ID, found: "a record of weather or land".into() })?;
        let grid =
            records.next().filter(|grid| grid.len() == 60).ok_or_else(|| damaged("no grid record of 60 bytes"))?;
        records.next().ok_or_else(|| damaged("no segment record"))?;
        let names = records.next().ok_or_else(|| damaged("no record of species"))?;
        let species: Vec<String> = names.chunks_exact(40).map(letters).collect();
        let count = |at: usize| word(grid, at).map_or(0, |count| count as usize);
        let [columns, rows, layers] = [28, 32, 36].map(count);
        if species.is_empty() || word(title, 284) != Some(species.len() as u32) || columns == 0 || rows == 0 {
            return Err(damaged("the number of species or the size of the grid"));
        }
        let zone = word(title, 280).map_or(0, |zone| i64::from(zone as i32));
        if !(-14..=14).contains(&zone) {
            return Err(damaged("a time zone of this earth"));
        }
        Ok(Header {
            average: letters(&title[..40]) != "INSTANT",
            zone,
            projection: projection(grid),
            first: (real(grid, 12) + real(grid, 20) / 2.0, real(grid, 16) + real(grid, 24) / 2.0),
            step: (real(grid, 20), real(grid, 24)),
            columns,
            rows,
            layers: layers.max(1),
            species,
        })
    }

    fn grid(&self, given: Option<Projection>) -> Result<Grid, GuidanceError> {
        let unknown = || {
            let what = "the header names no projection for a grid in metres; it must be given";
            GuidanceError::Grid { layout: ID, what: what.into() }
        };
        let projection = given.or(self.projection).ok_or_else(unknown)?;
        Ok(Grid { projection, first: self.first, step: self.step, columns: self.columns, rows: self.rows })
    }

    /// Pollutant, positions of the species it is made of, unit.
    fn recipes(&self) -> Vec<(Pollutant, Vec<usize>, &'static str)> {
        let find = |name: &str| self.species.iter().position(|species| species == name);
        let gases = GASES.iter().filter_map(|(pollutant, name)| Some((*pollutant, vec![find(name)?], "ppm")));
        let all = |names: &[&str]| names.iter().filter_map(|name| find(name)).collect::<Vec<usize>>();
        let mut fine = all(&FINE);
        fine.retain(|part| self.species[*part] != WATER);
        let whole = [fine.clone(), all(&COARSE)].concat();
        let mut recipes: Vec<_> = gases.collect();
        if !fine.is_empty() {
            recipes.push((Pollutant::Pm10, whole, "ug/m3"));
            recipes.push((Pollutant::Pm25, fine, "ug/m3"));
        }
        recipes
    }
}

/// The projection of the newer header: 0 degrees, 2 Lambert, 5 Mercator. Metres under mark 0 are the old header.
fn projection(grid: &[u8]) -> Option<Projection> {
    let (meridian, origin) = (real(grid, 0), real(grid, 4));
    let (first, second) = (real(grid, 48), real(grid, 52));
    match word(grid, 40)? {
        0 if real(grid, 20).abs() <= 20.0 && real(grid, 24).abs() <= 20.0 => Some(Projection::Degrees),
        2 => Some(Projection::Lambert { first, second, meridian, origin }),
        5 => Some(Projection::Mercator { latitude: first, meridian, origin }),
        _ => None,
    }
}

/// One time step: its hours and the records of its species, the lowest layer first.
struct Step<'a> {
    begin: BeijingHour,
    end: BeijingHour,
    fields: BTreeMap<usize, &'a [u8]>,
}

impl Step<'_> {
    fn value(&self, header: &Header, species: usize, row: usize, column: usize) -> Option<f64> {
        let cell = row.checked_mul(header.columns)?.checked_add(column)?;
        let at = cell.checked_mul(4)?.checked_add(44)?;
        let field = self.fields.get(&species)?;
        Some(f64::from(f32::from_bits(word(field, at)?)))
    }
}

/// Whole steps; a last one that is cut off is left out.
fn steps<'a>(records: &mut Records<'a>, header: &Header) -> Result<Vec<Step<'a>>, GuidanceError> {
    let mut steps = vec![];
    while let Some(stamp) = records.next() {
        if steps.len() == MOST_STEPS {
            return Err(GuidanceError::TooMany { layout: ID, what: "time steps", limit: MOST_STEPS });
        }
        let hour = |at: usize| {
            let (date, clock) = (word(stamp, at)?, real(stamp, at + 4));
            let whole = (clock.fract() == 0.0 && (0.0..=24.0).contains(&clock)).then_some(clock as i64)?;
            time::utc(time::julian(century(i64::from(date)))?, whole + header.zone)
        };
        let wrong = || {
            let text = format!("{} {}", word(stamp, 0).unwrap_or(0), real(stamp, 4));
            GuidanceError::Time { layout: ID, text, at: format!("step {}", steps.len() + 1) }
        };
        let (begin, end) = hour(0).zip(hour(8)).ok_or_else(wrong)?;
        let mut fields = BTreeMap::new();
        'fields: for species in 0..header.species.len() {
            for layer in 0..header.layers {
                let Some(field) = records.next() else { break 'fields };
                if layer == 0 {
                    fields.insert(species, field);
                }
            }
        }
        if fields.len() == header.species.len() {
            steps.push(Step { begin, end, fields });
        }
    }
    Ok(steps)
}

/// `YYDDD` to `YYYYDDD`; two-digit years from 70 on are of the last century.
fn century(date: i64) -> i64 {
    match date {
        0..70_000 => date + 2_000_000,
        70_000..100_000 => date + 1_900_000,
        longer => longer,
    }
}

/// One letter in four bytes.
fn letters(bytes: &[u8]) -> String {
    let text: Vec<u8> = bytes.chunks_exact(4).map(|letter| letter[0]).collect();
    String::from_utf8_lossy(&text).trim().to_string()
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn real(bytes: &[u8], at: usize) -> f64 {
    word(bytes, at).map_or(f64::NAN, |bits| f64::from(f32::from_bits(bits)))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::grid::Place;
    use crate::import::read;

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
        assert_eq!([19_013, 99_365, 2_154, 2_019_013].map(century), [2_019_013, 1_999_365, 2_002_154, 2_019_013]);
    }
}
