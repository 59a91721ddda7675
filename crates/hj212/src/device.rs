//! What is registered of each device.

use crate::cipher::Key;
use crate::crc::CrcProfile;
use crate::edition::Edition;
use crate::error::Hj212Error;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// The character set of a device's Chinese text (字符集).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Charset {
    /// UTF-8, as the editions since 2017 say.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// GBK.
    #[serde(rename = "gbk")]
    Gbk,
}

/// What is registered of one device (设备登记). Nothing here is guessed from a frame.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Its check sum.
    pub crc: CrcProfile,
    /// Its character set.
    pub charset: Charset,
    /// The edition it speaks; without one, what Flag says.
    pub dialect: Option<Edition>,
    /// Its key.
    pub key: Option<Key>,
    /// Units of its factors by code, where they differ from the tables or the tables are not to be trusted.
    pub units: BTreeMap<String, String>,
}

/// The devices registered, by MN.
#[derive(Clone, Debug, Default)]
pub struct Devices {
    by_mn: HashMap<String, Profile>,
    unregistered: Profile,
}

#[derive(Deserialize)]
struct Entry {
    sm4_key: Option<String>,
    #[serde(default)]
    crc: CrcProfile,
    #[serde(default)]
    charset: Charset,
    dialect: Option<Edition>,
    #[serde(default)]
    units: BTreeMap<String, String>,
    #[serde(flatten)]
    others: BTreeMap<String, serde_json::Value>,
}

impl Devices {
    /// Reads `{ "<MN>": { "sm4_key", "crc", "charset", "dialect", "units" } }`, all of them optional.
    ///
    /// Gives the devices and the keys that mean nothing here. Refuses `H-102` with the MN, never showing a key.
    pub fn from_json(text: &str) -> Result<(Devices, Vec<String>), Hj212Error> {
        let refuse = |reason: String| Hj212Error::Devices { reason };
        let entries: BTreeMap<String, serde_json::Value> =
            serde_json::from_str(text).map_err(|cause| refuse(cause.to_string()))?;
        let (mut devices, mut ignored) = (Devices::default(), vec![]);
        for (mn, value) in entries {
            let entry: Entry = serde_json::from_value(value).map_err(|cause| refuse(format!("MN {mn}: {cause}")))?;
            let key = entry.sm4_key.map(|key| key.parse()).transpose();
            let key = key.map_err(|cause: Hj212Error| refuse(format!("MN {mn}: {cause}")))?;
            ignored.extend(entry.others.into_keys().map(|key| format!("{mn}: {key}")));
            let Entry { crc, charset, dialect, units, .. } = entry;
            devices.register(mn, Profile { crc, charset, dialect, key, units });
        }
        Ok((devices, ignored))
    }

    /// Registers one device, or registers it anew.
    pub fn register(&mut self, mn: String, profile: Profile) {
        self.by_mn.insert(mn, profile);
    }

    /// What is registered; without a registration, the standard's own rules.
    pub fn profile(&self, mn: &str) -> &Profile {
        self.by_mn.get(mn).unwrap_or(&self.unregistered)
    }

    /// What is registered of the device that a header names, before the header is read: reading it needs the answer.
    pub(crate) fn profile_in(&self, head: &[u8]) -> &Profile {
        if self.by_mn.is_empty() {
            return &self.unregistered;
        }
        let value = memchr::memmem::find(head, b"MN=").map_or(&[][..], |at| &head[at + 3..]);
        let end = value.iter().position(|byte| matches!(byte, b';' | b',')).unwrap_or(value.len());
        self.profile(std::str::from_utf8(&value[..end]).unwrap_or_default().trim_matches(' '))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_leaves_out_is_as_the_standard_says() {
        let text = r#"{ "A": {}, "B": { "sm4_key": "30303030303030303030303030303030", "crc": "modbus", "charset": "gbk",
            "dialect": "surface-water", "units": { "a34001": "mg/m3" }, "colour": 1 } }"#;
        let (devices, ignored) = Devices::from_json(text).unwrap();
        assert_eq!(ignored, ["B: colour"]);
        let (a, b, c) = (devices.profile("A"), devices.profile("B"), devices.profile("C"));
        assert_eq!((a.crc, a.charset, a.dialect, a.key.is_none()), (CrcProfile::Standard, Charset::Utf8, None, true));
        assert_eq!((b.crc, b.charset, b.dialect), (CrcProfile::Modbus, Charset::Gbk, Some(Edition::SurfaceWater)));
        assert_eq!(b.units["a34001"], "mg/m3");
        assert_eq!(c.crc, CrcProfile::Standard);
    }

    #[test]
    fn a_bad_registration_is_refused_by_mn_and_shows_no_key() {
        for (text, expected) in [
            (r#"{"A":{"crc":"sum"}}"#, "MN A"),
            (r#"{"A":{"sm4_key":"secret"}}"#, "H-103"),
            (r#"{"A":{"dialect":"2099"}}"#, "2099"),
            ("[]", "H-102"),
            ("", "H-102"),
        ] {
            let told = Devices::from_json(text).unwrap_err().to_string();
            assert!(told.contains(expected) && !told.contains("secret"), "{told}");
        }
    }
}
