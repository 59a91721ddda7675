//! Lists of cities with a centre: numbered lines with English names, and JSON by Chinese name.
//!
//! Traps: English names that several cities share (Suzhou, Taizhou) need their place to be told apart; a
//! place far from the known city of that name is a mistake of the list, or another place.

use super::Layout;
use super::bounded::Bounded;
use super::emit::Emit;
use super::input::{Head, Input};
use super::json::concluded;
use super::lines::Lines;
use crate::{ObserveError, RowFault, SiteInfo, regions};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use std::fmt;
use units::{RegionLevel, SiteCode};

pub(super) const LINES: Layout =
    Layout { id: "city-lines", title: "numbered cities with a centre", detect: detect_lines, read: read_lines };

pub(super) const JSON: Layout =
    Layout { id: "place-json", title: "places with a centre, JSON", detect: detect_json, read: read_json };

fn detect_lines(head: &Head) -> bool {
    head.lines().first().is_some_and(|line| numbered(line).is_some())
}

fn detect_json(head: &Head) -> bool {
    let text = String::from_utf8_lossy(head.bytes());
    let Some((key, value)) = text.trim_start().strip_prefix('{').and_then(|text| text.split_once(':')) else {
        return false;
    };
    let value: String = value.chars().filter(|c| !c.is_whitespace()).take(8).collect();
    key.trim().starts_with('"') && (value.starts_with("{\"lng\":") || value.starts_with('['))
}

/// `0 Beijing 116.398 40.046`; names may hold blanks.
fn numbered(line: &str) -> Option<(String, f64, f64)> {
    let fields: Vec<&str> = line.split_ascii_whitespace().collect();
    let [number, name @ .., lon, lat] = fields.as_slice() else { return None };
    number.parse::<u32>().ok()?;
    let name = name.join(" ");
    let named = name.starts_with(|c: char| c.is_alphabetic());
    Some((name, lon.parse().ok()?, lat.parse().ok()?)).filter(|_| named)
}

fn read_lines(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    let mut lines = Lines::new(input);
    while let Some(line) = lines.next()? {
        emit.row();
        let text = line.text.unwrap_or_default();
        match numbered(&text) {
            Some((name, lon, lat)) => place(line.number, &name, lon, lat, emit)?,
            None => emit.refuse(line.number, None, RowFault::FieldCount, &text),
        }
    }
    Ok(())
}

fn read_json(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    let mut failure = None;
    let mut stream = serde_json::Deserializer::from_reader(Bounded::new(input.body(), b':'));
    let outcome = Places { emit, failure: &mut failure }.deserialize(&mut stream).and_then(|()| stream.end());
    concluded(input, JSON.id, failure, outcome)
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Centre {
    Pair([f64; 2]),
    Named { lng: f64, lat: f64 },
}

struct Places<'a, 's> {
    emit: &'a mut Emit<'s>,
    failure: &'a mut Option<ObserveError>,
}

impl<'de> DeserializeSeed<'de> for Places<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Places<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("places by name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut number = 0;
        while let Some((name, centre)) = map.next_entry::<String, Centre>()? {
            number += 1;
            self.emit.row();
            let (lon, lat) = match centre {
                Centre::Pair([lon, lat]) | Centre::Named { lng: lon, lat } => (lon, lat),
            };
            if let Err(error) = place(number, &name, lon, lat, self.emit) {
                *self.failure = Some(error);
                return Err(serde::de::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

/// Hands on a place: a city under its region code, any other place under its name.
fn place(number: u64, name: &str, lon: f64, lat: f64, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    let city = regions::by_name_near(name, lon, lat).map(|region| region.code);
    let known = regions::by_name(name).is_some_and(|region| region.code.level() == RegionLevel::City);
    if city.is_none() && known {
        emit.refuse(number, None, RowFault::Place, &format!("{name} {lon} {lat}"));
        return Ok(());
    }
    match city.map(SiteCode::from).or_else(|| name.parse().ok()) {
        Some(code) => emit.site(number, SiteInfo { code, name: name.to_string(), city, lon, lat }),
        None => {
            emit.refuse(number, None, RowFault::Site, name);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Record;
    use crate::import::testing::read;

    fn codes(file: &str) -> Vec<String> {
        let (report, records) = read(file.as_bytes());
        report.unwrap();
        let code = |record: &Record| match record {
            Record::Site(site) => site.code.to_string(),
            other => panic!("{other:?}"),
        };
        records.iter().map(code).collect()
    }

    #[test]
    fn an_english_name_is_told_apart_by_its_place() {
        assert_eq!(
            codes("0 Suzhou 120.6 31.3\n1 Suzhou 117.0 33.6\n2 Nowhere 100 30\n"),
            ["320500", "341300", "Nowhere"]
        );
    }

    #[test]
    fn both_forms_of_json_are_read_and_a_misplaced_city_refused() {
        assert_eq!(codes(r#"{ "北京": { "lng": 116.225, "lat": 39.9279 } }"#), ["110000"]);
        let (report, records) = read(r#"{ "阿城": [126.58, 45.32], "莆田": [119.01, 20.26] }"#.as_bytes());
        assert_eq!((records.len(), report.unwrap().refused), (1, 1));
    }
}
