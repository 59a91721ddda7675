//! The decoder over a collection of real packets, each held against what the collection notes of it.

use anyhow::{Context, Result, anyhow, ensure};
use hj212::{CrcProfile, Devices, Framer, Profile, Report};
use serde_json::{Value, json};
use std::path::Path;

/// Packets whose check sum is CRC-16/MODBUS, three of them low byte first: refused as they are, accepted once registered.
const MODBUS: [&str; 4] = ["S028", "S031", "S032", "S039"];

/// Decodes every packet of `dir/data/hj212`, alone and all in one stream, says what became of each, and fails where that is
/// not what is noted: right length and check sum are accepted with the same header and groups, all others refused.
pub fn run(dir: &Path) -> Result<()> {
    let folder = dir.join("data/hj212");
    let read = |name: &str| {
        let path = folder.join(name);
        std::fs::read(&path).with_context(|| path.display().to_string())
    };
    let lines = String::from_utf8(read("packets.jsonl")?)?;
    let packets = lines.lines().map(serde_json::from_str).collect::<Result<Vec<Value>, _>>()?;
    ensure!(!packets.is_empty(), "{}: no packets", folder.display());
    let (mut faults, mut accepted) = (vec![], 0);
    for packet in &packets {
        let fault = one(packet)?;
        accepted += usize::from(is_right(packet));
        faults.extend(fault.map(|fault| format!("{}: {fault}", text(packet, "id"))));
    }
    let stream = decode(&read("packets.raw")?, &Devices::default());
    let found = stream.iter().filter(|report| report.outcome.starts_with("accept")).count();
    println!("{} packets, {accepted} right; as one stream {found} accepted\n", packets.len());
    if found != accepted {
        faults.push(format!("as one stream {found} are accepted, not {accepted}"));
    }
    ensure!(faults.is_empty(), "packets that are not what is noted of them:\n  {}", faults.join("\n  "));
    Ok(())
}

fn one(packet: &Value) -> Result<Option<String>> {
    let raw = format!("{}\r\n", text(packet, "raw"));
    let reports = decode(raw.as_bytes(), &Devices::default());
    let first = reports.first().ok_or_else(|| anyhow!("nothing was found"))?;
    let said = first.error.clone().unwrap_or_else(|| first.warnings.join(" "));
    println!("{} {:<12} {said}", text(packet, "id"), first.outcome);
    let accepted = first.outcome.starts_with("accept");
    if accepted != is_right(packet) {
        return Ok(Some(format!("{} {said}", first.outcome)));
    }
    if MODBUS.contains(&text(packet, "id")) {
        return Ok(registered(packet, raw.as_bytes()));
    }
    Ok(if accepted { compare(packet, first) } else { None })
}

fn is_right(packet: &Value) -> bool {
    packet["length_ok"] == true && packet["crc_ok"] == true
}

fn registered(packet: &Value, raw: &[u8]) -> Option<String> {
    let mut devices = Devices::default();
    let mn = packet["header"]["MN"].as_str().unwrap_or_default();
    devices.register(mn.into(), Profile { crc: CrcProfile::Modbus, ..Profile::default() });
    let reports = decode(raw, &devices);
    let accepted = reports.first().is_some_and(|report| report.outcome == "accept_warn");
    (!accepted).then(|| "not accepted from a device registered with MODBUS".to_string())
}

/// The notes' own splitter leaves a stray comma and the case of names as they are.
fn compare(packet: &Value, report: &Report) -> Option<String> {
    let noted = packet["header"].as_object().into_iter().flatten();
    for (key, value) in noted {
        let key = key.trim_start_matches(',');
        let read = report.header.get(if key == "FLAG" { "Flag" } else { key });
        if read.map(String::as_str) != value.as_str() {
            return Some(format!("header {key} is {read:?}, noted {value}"));
        }
    }
    let groups = serde_json::to_value(&report.cp_groups).unwrap_or_default();
    let mut noted = packet["cp_groups"].clone();
    // Behind a trailing semicolon the notes have a group of nothing.
    if let Some(groups) = noted.as_array_mut() {
        groups.retain(|group| group != &json!([["", ""]]) && group != &json!([]));
    }
    (groups != noted).then(|| format!("groups {groups}, noted {noted}"))
}

fn decode(bytes: &[u8], devices: &Devices) -> Vec<Report> {
    let (mut framer, mut reports, mut rest) = (Framer::of_file(), vec![], bytes);
    loop {
        rest = &rest[framer.push(rest)..];
        if rest.is_empty() {
            framer.end();
        }
        while let Some(found) = framer.find(devices) {
            reports.push(Report::of(&found, devices));
        }
        if rest.is_empty() {
            return reports;
        }
    }
}

fn text<'a>(packet: &'a Value, key: &str) -> &'a str {
    packet[key].as_str().unwrap_or_default()
}
