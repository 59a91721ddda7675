//! One hour of every national station as XML, decoded from the service's binary form.
//!
//! Traps: `&mdash;` stands for missing and is declared nowhere, which stops a strict parser; the units
//! are the reporting ones; escaped markup inside `OpenAccessGenerated` is not data.

use super::Layout;
use super::bounded::Bounded;
use super::emit::Emit;
use super::input::{Head, Input};
use super::live::LiveBuilder;
use crate::ObserveError;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};
use std::io::BufReader;

pub(super) const LAYOUT: Layout =
    Layout { id: "cnemc-xml", title: "中国环境监测总站 hourly station values, XML", detect, read };

fn detect(head: &Head) -> bool {
    let text = String::from_utf8_lossy(head.bytes());
    text.trim_start_matches('\u{feff}').trim_start().starts_with('<') && text.contains("AQIDataPublishLive")
}

fn read(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    emit.source("cnemc-station");
    let name = input.name.clone();
    let mut reader = Reader::from_reader(BufReader::new(Bounded::new(input.body(), b'<')));
    let outcome = entries(&mut reader, emit);
    let at = format!("byte {}", reader.buffer_position());
    outcome.map_err(|error| match error {
        Failure::Emit(error) => error,
        Failure::Xml(quick_xml::Error::Io(error)) => {
            input.fault(0, std::io::Error::new(error.kind(), error.to_string()))
        }
        Failure::Xml(error) => ObserveError::Damaged { file: name, layout: LAYOUT.id, at, what: error.to_string() },
        Failure::Shape(what) => ObserveError::Damaged { file: name, layout: LAYOUT.id, at, what: what.to_string() },
    })
}

enum Failure {
    Emit(ObserveError),
    Xml(quick_xml::Error),
    Shape(&'static str),
}

fn entries(reader: &mut Reader<impl std::io::BufRead>, emit: &mut Emit<'_>) -> Result<(), Failure> {
    let mut builder = LiveBuilder::default();
    let (mut buffer, mut number, mut depth) = (Vec::new(), 0, 0usize);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(Failure::Xml)? {
            Event::Start(element) => {
                depth += 1;
                builder.start(element.local_name().as_ref()).map_err(Failure::Shape)?;
            }
            Event::Text(text) => builder.text(&text),
            Event::GeneralRef(reference) => builder.text(&resolved(&reference)),
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                if let Some(live) = builder.end() {
                    number += 1;
                    emit.row();
                    live.pass_on(number, emit).map_err(Failure::Emit)?;
                }
            }
            Event::Eof if depth > 0 => return Err(Failure::Shape("the document breaks off")),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// The text of a reference; an entity that is declared nowhere stays as written, but for the dash.
fn resolved(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    match &**reference {
        "mdash" => "—".to_string(),
        "lt" => "<".to_string(),
        "gt" => ">".to_string(),
        "amp" => "&".to_string(),
        "quot" => "\"".to_string(),
        "apos" => "'".to_string(),
        other => format!("&{other};"),
    }
}

#[cfg(test)]
mod tests {
    use crate::ObserveError;
    use crate::import::testing::{read, readings};

    const FILE: &str = r#"<GetAQIDataPublishLivesResponse xmlns="http://tempuri.org/"><a:RootResults xmlns:a="x" xmlns:b="y">
      <b:AQIDataPublishLive><b:Area>南京市</b:Area><b:CO>1.2</b:CO><b:Latitude>32.0572</b:Latitude><b:Longitude>118.757</b:Longitude>
      <b:NO2>28</b:NO2><b:O3>&mdash;</b:O3><b:OpenAccessGenerated xmlns:c="z"><c:string>&lt;PM10&gt;9&lt;/PM10&gt;</c:string></b:OpenAccessGenerated>
      <b:PM10>92</b:PM10><b:PM2_5>101</b:PM2_5><b:PositionName>草场门</b:PositionName><b:SO2>3</b:SO2>
      <b:StationCode>1142A</b:StationCode><b:TimePoint>2019-07-18T12:00:00</b:TimePoint></b:AQIDataPublishLive></a:RootResults></GetAQIDataPublishLivesResponse>"#;

    #[test]
    fn the_undeclared_dash_is_missing() {
        let (report, records) = read(FILE.as_bytes());
        let report = report.unwrap();
        assert_eq!((report.sites, report.kept, report.missing), (1, 5, 1));
        assert_eq!(readings(&records)[3], "1142A O3 2019-07-18T12:00:00+08:00 missing");
        assert_eq!(readings(&records)[4], "1142A PM10 2019-07-18T12:00:00+08:00 92");
    }

    #[test]
    fn a_document_that_breaks_off_is_refused() {
        let report = read(&FILE.as_bytes()[..FILE.len() - 60]).0;
        assert!(matches!(report, Err(ObserveError::Damaged { .. })), "{report:?}");
    }
}
