//! One hour of every national station in the service's own form, .NET binary XML (MC-NBFX).
//!
//! Traps: text is Latin, UTF-8 or UTF-16 by record type; times count 100 ns from year 1; the dash
//! stands for missing. Only what the format can hold at all is decoded: a record is at most 1 MiB.

mod record;

use super::Layout;
use super::emit::Emit;
use super::input::{Head, Input};
use super::live::LiveBuilder;
use crate::ObserveError;
use record::{Fault, Record, Records};

pub(super) const LAYOUT: Layout =
    Layout { id: "cnemc-wcf", title: "中国环境监测总站 hourly station values, .NET binary XML", detect, read };

/// A short element whose name is the service's answer.
const START: &[u8] = b"\x40\x1eGetAQIDataPublishLivesResponse";

fn detect(head: &Head) -> bool {
    head.bytes().starts_with(START)
}

fn read(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    emit.source("cnemc-station");
    let name = input.name.clone();
    let mut records = Records::new(input.body());
    let outcome = entries(&mut records, emit);
    let at = format!("byte {}", records.position());
    let damaged = |what: String| ObserveError::Damaged { file: name, layout: LAYOUT.id, at, what };
    match outcome {
        Ok(()) => Ok(()),
        Err(Failure::Emit(error)) => Err(error),
        Err(Failure::Record(Fault::Io(error))) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Err(damaged("the document breaks off".to_string()))
        }
        Err(Failure::Record(Fault::Io(error))) => Err(input.fault(0, error)),
        Err(Failure::Record(Fault::Grammar(what))) => Err(damaged(what)),
    }
}

enum Failure {
    Emit(ObserveError),
    Record(Fault),
}

fn entries(records: &mut Records<'_>, emit: &mut Emit<'_>) -> Result<(), Failure> {
    let mut builder = LiveBuilder::default();
    let (mut depth, mut number) = (0usize, 0);
    while let Some(record) = records.next().map_err(Failure::Record)? {
        let ends = match record {
            Record::Element(name) => {
                depth += 1;
                builder.start(&name).map_err(|what| Failure::Record(Fault::Grammar(what.to_string())))?;
                false
            }
            Record::Text { text, ends } => {
                builder.text(&text);
                ends
            }
            Record::End => true,
            Record::Other => false,
        };
        if ends {
            let below = depth.checked_sub(1);
            depth = below.ok_or_else(|| Failure::Record(Fault::Grammar("an end without its element".to_string())))?;
            if let Some(live) = builder.end() {
                number += 1;
                emit.row();
                live.pass_on(number, emit).map_err(Failure::Emit)?;
            }
        }
    }
    if depth == 0 { Ok(()) } else { Err(Failure::Record(Fault::Grammar("the document breaks off".to_string()))) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::testing::{read, readings};

    fn element(name: &str) -> Vec<u8> {
        [&[0x5f, name.len() as u8], name.as_bytes()].concat()
    }

    /// An element with UTF-8 text that also ends it.
    fn text(name: &str, value: &str) -> Vec<u8> {
        [element(name), vec![0x99, value.len() as u8], value.as_bytes().to_vec()].concat()
    }

    fn file() -> Vec<u8> {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let (area, time) = (utf16("南京市"), 0x08d3_1c75_a556_0000u64.to_le_bytes());
        [
            START.to_vec(),
            b"\x08\x01x".to_vec(),
            element("AQIDataPublishLive"),
            [element("Area"), vec![0xb7, area.len() as u8], area].concat(),
            text("CO", "2.700"),
            text("Latitude", "32.0572"),
            text("Longitude", "118.757"),
            [element("NO2"), vec![0x89, 85]].concat(),
            [element("SO2"), vec![0x83]].concat(),
            text("O3", "—"),
            text("PM10", "93"),
            text("PM2_5", "72"),
            text("StationCode", "1142A"),
            [element("TimePoint"), vec![0x97], time.to_vec()].concat(),
            vec![0x01, 0x01],
        ]
        .concat()
    }

    #[test]
    fn records_of_every_text_type_are_decoded() {
        let (report, records) = read(&file());
        let report = report.unwrap();
        assert_eq!((report.format, report.sites, report.kept, report.missing), ("cnemc-wcf", 1, 5, 1));
        assert!(readings(&records)[2].ends_with(" 2.7"), "{:?}", readings(&records));
        assert!(readings(&records)[1].starts_with("1142A NO2 2016-") && readings(&records)[1].ends_with(" 85"));
    }

    #[test]
    fn whatever_is_cut_or_changed_is_refused_without_panic() {
        let good = file();
        for end in START.len()..good.len() {
            assert!(matches!(read(&good[..end]).0, Err(ObserveError::Damaged { .. })), "{end}");
        }
        for at in START.len()..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x41;
            let _ = read(&bad);
        }
    }
}
