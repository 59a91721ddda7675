//! What the command line says of each thing found; the format is in `docs/formats.md`.

use crate::answer::answer;
use crate::cut::Refused;
use crate::device::Devices;
use crate::frame::Frame;
use crate::framer::{Found, What};
use crate::warning::{Warning, Warnings};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// One thing found in a stream, as a JSON object (解码报告). Values are the texts as sent, in UTF-8.
#[derive(Debug, Serialize)]
pub struct Report {
    /// `accept`, `accept_warn`, `reject`, `incomplete`.
    pub outcome: &'static str,
    /// First byte in the stream.
    pub offset: u64,
    /// Code, name and sentence of a refusal.
    pub error: Option<String>,
    /// Names of what was tolerated.
    pub warnings: Vec<&'static str>,
    /// The length declared.
    pub declared_len: Option<usize>,
    /// The check sum as sent, in upper case.
    pub crc_wire: Option<String>,
    /// The check sum calculated by the device's profile.
    pub crc_calc: Option<String>,
    /// The fields of the header.
    pub header: Fields,
    /// What Flag says.
    pub flag: Option<FlagReport>,
    /// The content: groups of items of key and value.
    pub cp_groups: Vec<Vec<(String, String)>>,
    /// Values by factor code and suffix; where one stands twice, the last. `cp_groups` keeps them all.
    pub factors: Factors,
    /// Values of keys without a factor; where one stands twice, the last.
    pub fields: Fields,
    /// The frame to send in answer.
    pub reply: Option<String>,
}

/// What Flag says.
#[derive(Debug, Serialize)]
pub struct FlagReport {
    /// As sent.
    pub value: Option<u8>,
    /// The edition: registered, else by Flag.
    pub version: Option<&'static str>,
    /// Whether packet numbers are announced.
    pub split: bool,
    /// Whether an answer is waited for.
    pub ack: bool,
}

/// Values by key, in order of first appearance.
#[derive(Debug, Default)]
pub struct InOrder<V>(Vec<(String, V)>);
/// Texts by key.
pub type Fields = InOrder<String>;
/// Texts by factor code and suffix.
pub type Factors = InOrder<Fields>;

impl<V: Default> InOrder<V> {
    fn at(&mut self, key: &str) -> &mut V {
        let place = self.0.iter().position(|(held, _)| held == key).unwrap_or_else(|| {
            self.0.push((key.to_string(), V::default()));
            self.0.len() - 1
        });
        &mut self.0[place].1
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&V> {
        self.0.iter().find(|(held, _)| held == key).map(|(_, value)| value)
    }
}

impl<V: Serialize> Serialize for InOrder<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl Report {
    /// Of one thing found.
    pub fn of(found: &Found, devices: &Devices) -> Report {
        let report = match &found.what {
            What::Frame(frame) => Report::of_frame(frame, devices),
            What::Refused(refused) => Report::of_refused(refused),
            What::Incomplete { declared } => Report { declared_len: *declared, ..Report::empty("incomplete") },
        };
        Report { offset: found.offset, ..report }
    }

    fn empty(outcome: &'static str) -> Report {
        Report {
            outcome,
            offset: 0,
            error: None,
            warnings: vec![],
            declared_len: None,
            crc_wire: None,
            crc_calc: None,
            header: Fields::default(),
            flag: None,
            cp_groups: vec![],
            factors: Factors::default(),
            fields: Fields::default(),
            reply: None,
        }
    }

    fn of_refused(refused: &Refused) -> Report {
        let hexadecimal = |value: Option<u16>| value.map(|value| format!("{value:04X}"));
        Report {
            error: Some(refused.refusal.to_string()),
            declared_len: refused.declared,
            crc_wire: hexadecimal(refused.wire),
            crc_calc: hexadecimal(refused.calculated),
            ..Report::empty("reject")
        }
    }

    fn of_frame(frame: &Frame, devices: &Devices) -> Report {
        let mut report = Report::empty(if frame.warnings.is_empty() { "accept" } else { "accept_warn" });
        report.warnings = names(frame.warnings);
        report.declared_len = Some(frame.declared);
        report.crc_wire = Some(format!("{:04X}", frame.crc));
        report.crc_calc.clone_from(&report.crc_wire);
        for (key, value) in frame.header.fields() {
            *report.header.at(key) = value.to_string();
        }
        let flag = frame.header.flag;
        let known = flag.edition().is_some() || devices.profile(frame.header.mn).dialect.is_some();
        let version = known.then(|| frame.edition.word());
        report.flag = Some(FlagReport { value: flag.0, version, split: flag.split(), ack: flag.wants_answer() });
        let mut last = None;
        for item in frame.items() {
            if last.replace(item.group) != Some(item.group) {
                report.cp_groups.push(vec![]);
            }
            if let Some(group) = report.cp_groups.last_mut() {
                group.push((item.key.to_string(), item.value.to_string()));
            }
            match item.key.split_once('-') {
                Some((code, field)) => *report.factors.at(code).at(field) = item.value.to_string(),
                None => *report.fields.at(item.key) = item.value.to_string(),
            }
        }
        let profile = devices.profile(frame.header.mn);
        let reply = answer(frame).and_then(|message| message.encode(profile.crc, None).ok());
        report.reply = reply.and_then(|bytes| String::from_utf8(bytes).ok());
        report
    }
}

fn names(warnings: Warnings) -> Vec<&'static str> {
    warnings.iter().map(Warning::name).collect()
}
