//! One hour of every national station as GeoJSON; all values are text and `-;` stands for missing.
//!
//! The document is one long line, so its features are taken one at a time from the stream.

use super::Layout;
use super::bounded::Bounded;
use super::emit::Emit;
use super::input::{Head, Input};
use super::json::concluded;
use super::live::Live;
use crate::ObserveError;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

pub(super) const LAYOUT: Layout =
    Layout { id: "cnemc-geojson", title: "中国环境监测总站 hourly station values, GeoJSON", detect, read };

fn detect(head: &Head) -> bool {
    let text = String::from_utf8_lossy(head.bytes());
    text.trim_start().starts_with('{') && text.contains("\"features\"")
}

fn read(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    emit.source("cnemc-station");
    let mut failure = None;
    let mut stream = serde_json::Deserializer::from_reader(Bounded::new(input.body(), b':'));
    let document = Document { emit, failure: &mut failure, count: 0 };
    let outcome = document.deserialize(&mut stream).and_then(|()| stream.end());
    concluded(input, LAYOUT.id, failure, outcome)
}

#[derive(Deserialize)]
struct Feature {
    geometry: Geometry,
    properties: Properties,
}

#[derive(Deserialize)]
struct Geometry {
    coordinates: [f64; 2],
}

#[derive(Deserialize)]
struct Properties {
    stationcode: String,
    positionname: String,
    area: String,
    timepoint: String,
    so2: String,
    no2: String,
    co: String,
    o3: String,
    pm10: String,
    pm2_5: String,
}

impl From<Feature> for Live {
    fn from(Feature { geometry, properties: p }: Feature) -> Live {
        Live {
            code: p.stationcode,
            name: p.positionname,
            area: p.area,
            lon: geometry.coordinates[0].to_string(),
            lat: geometry.coordinates[1].to_string(),
            time: p.timepoint,
            values: [p.so2, p.no2, p.co, p.o3, p.pm10, p.pm2_5],
        }
    }
}

/// The document, whose features are passed on while it is being parsed.
struct Document<'a, 's> {
    emit: &'a mut Emit<'s>,
    failure: &'a mut Option<ObserveError>,
    count: u64,
}

impl<'de> DeserializeSeed<'de> for Document<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON feature collection")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "features" {
                map.next_value_seed(Features(&mut self))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct Features<'d, 'a, 's>(&'d mut Document<'a, 's>);

impl<'de> DeserializeSeed<'de> for Features<'_, '_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Features<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of station features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        while let Some(feature) = sequence.next_element::<Feature>()? {
            self.0.emit.row();
            self.0.count += 1;
            if let Err(error) = Live::from(feature).pass_on(self.0.count, self.0.emit) {
                *self.0.failure = Some(error);
                return Err(serde::de::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::ObserveError;
    use crate::import::testing::{read, readings};

    const FEATURE: &str = r#"{"geometry":{"coordinates":[118.757,32.0572],"type":"Point"},"properties":{
        "aqi":"54","area":"南京市","co":"0.7","no2":"17","o3":"84","pm10":"-;","pm2_5":"38","so2":"—",
        "positionname":"草场门","stationcode":"1142A","timepoint":"2018-02-20T07:00:00"},"type":"Feature"}"#;

    #[test]
    fn a_station_gives_its_place_and_its_values() {
        let (report, records) = read(format!(r#"{{"type":"FeatureCollection","features":[{FEATURE}]}}"#).as_bytes());
        let report = report.unwrap();
        assert_eq!((report.rows_read, report.sites, report.kept, report.missing), (1, 1, 4, 2));
        let crate::Record::Site(site) = &records[0] else { panic!("the site comes first") };
        assert_eq!(
            (site.name.as_str(), site.city.unwrap().to_string(), site.lon),
            ("草场门", "320100".to_string(), 118.757)
        );
        assert!(readings(&records).contains(&"1142A PM2_5 2018-02-20T07:00:00+08:00 38".to_string()));
        assert!(readings(&records).contains(&"1142A PM10 2018-02-20T07:00:00+08:00 missing".to_string()));
    }

    #[test]
    fn a_document_that_breaks_off_is_refused_with_its_place() {
        let (report, _) = read(format!(r#"{{"features":[{FEATURE},{{"geom"#).as_bytes());
        let Err(ObserveError::Damaged { at, .. }) = report else { panic!("{report:?}") };
        assert!(at.starts_with("line 3"), "{at}");
    }
}
