//! The library from bytes to answers. Packets are written here from the standard's layout.

mod decode;
mod stream;
mod whole;

use crate::{CrcProfile, Devices, Edition, Framer, Key, Profile, Report, What};

/// A frame around a segment, with the right length and check sum.
pub(crate) fn frame(segment: &str) -> Vec<u8> {
    frame_of(segment.as_bytes(), CrcProfile::Standard)
}

pub(crate) fn frame_of(segment: &[u8], crc: CrcProfile) -> Vec<u8> {
    let mut bytes = format!("##{:04}", segment.len()).into_bytes();
    bytes.extend_from_slice(segment);
    bytes.extend(format!("{:04X}\r\n", crc.of(segment)).bytes());
    bytes
}

/// A real-time upload of 2017 with this content.
pub(crate) fn upload(content: &str) -> Vec<u8> {
    frame(&format!("QN=20240601085857223;ST=31;CN=2011;PW=123456;MN={MN};Flag=5;CP=&&{content}&&"))
}

pub(crate) const MN: &str = "010000A8900016F000169DC0";
pub(crate) const VALUES: &str =
    "DataTime=20240601085800;a21026-Rtd=3.05,a21026-ZsRtd=4.10,a21026-Flag=N;a19001-Rtd=7.2,a19001-Flag=N";

/// Everything found in a stream that ends.
pub(crate) fn reports(bytes: &[u8], devices: &Devices) -> Vec<Report> {
    reports_of(bytes, bytes.len().max(1), devices)
}

/// The same, the bytes coming in pieces.
pub(crate) fn reports_of(bytes: &[u8], piece: usize, devices: &Devices) -> Vec<Report> {
    let (mut framer, mut all) = (Framer::of_file(), vec![]);
    for mut piece in bytes.chunks(piece) {
        while !piece.is_empty() {
            let taken = framer.push(piece);
            piece = &piece[taken..];
            while let Some(found) = framer.find(devices) {
                all.push(Report::of(&found, devices));
            }
        }
    }
    framer.end();
    while let Some(found) = framer.find(devices) {
        all.push(Report::of(&found, devices));
    }
    all
}

/// Outcomes with the codes or names that explain them.
pub(crate) fn outcomes(reports: &[Report]) -> Vec<String> {
    let told = |report: &Report| match &report.error {
        Some(error) => format!("{} {}", report.outcome, error.split(' ').next().unwrap_or_default()),
        None if report.warnings.is_empty() => report.outcome.to_string(),
        None => format!("{} {}", report.outcome, report.warnings.join(" ")),
    };
    reports.iter().map(told).collect()
}

pub(crate) fn outcome(bytes: &[u8]) -> String {
    outcomes(&reports(bytes, &Devices::default())).join(" | ")
}

pub(crate) fn registered(profile: Profile) -> Devices {
    let mut devices = Devices::default();
    devices.register(MN.into(), profile);
    devices
}

pub(crate) fn dialect(edition: Edition) -> Profile {
    Profile { dialect: Some(edition), ..Profile::default() }
}

pub(crate) fn key() -> Key {
    Key::from_bytes([0x30; 16])
}

/// The first frame found, as a value that can outlive the stream.
pub(crate) fn with_frame<T>(bytes: &[u8], devices: &Devices, look: impl FnOnce(&crate::Frame) -> T) -> T {
    let mut framer = Framer::default();
    framer.push(bytes);
    framer.end();
    match framer.find(devices).map(|found| found.what) {
        Some(What::Frame(frame)) => look(&frame),
        other => panic!("no frame: {other:?}"),
    }
}
