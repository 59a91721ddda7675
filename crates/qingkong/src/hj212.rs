//! `qingkong hj212 decode`: raw bytes of the protocol to one JSON object a frame.

use crate::failure::Failure;
use crate::output::Output;
use ::hj212::{Devices, Framer, Report};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// `qingkong hj212`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// 解码报文 · raw bytes to one JSON object a frame: outcome, warnings, values, the answer to send
    Decode(DecodeArgs),
}

#[derive(clap::Args)]
struct DecodeArgs {
    /// Raw bytes; standard input without it, or with `-`
    file: Option<PathBuf>,
    /// JSON of registered devices by MN: sm4_key, crc, charset, dialect, units
    #[arg(long, value_name = "FILE")]
    devices: Option<PathBuf>,
    /// Write here instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs the command. A frame that is refused is an outcome, not a failure: it stands in the output with its reason.
pub fn run(args: Args) -> Result<(), Failure> {
    let What::Decode(args) = args.what;
    let devices = args.devices.as_deref().map_or(Ok(Devices::default()), registered)?;
    let input = input(args.file.as_deref())?;
    let mut output = Output::create(args.output.as_deref())?;
    decode(input, &devices, &mut output)?;
    output.finish()
}

fn registered(path: &Path) -> Result<Devices, Failure> {
    let refuse = |cause: &dyn std::fmt::Display| Failure::refused(format_args!("{}: {cause}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|cause| refuse(&cause))?;
    let (devices, ignored) = Devices::from_json(&text).map_err(|cause| refuse(&cause))?;
    for key in ignored {
        eprintln!("{}: {key} means nothing here and was ignored", path.display());
    }
    Ok(devices)
}

fn input(path: Option<&Path>) -> Result<Box<dyn Read>, Failure> {
    match path.filter(|path| *path != Path::new("-")) {
        None => Ok(Box::new(io::stdin())),
        Some(path) => File::open(path)
            .map(|file| Box::new(file) as Box<dyn Read>)
            .map_err(|cause| Failure::refused(format_args!("{}: {cause}", path.display()))),
    }
}

fn decode(mut input: impl Read, devices: &Devices, output: &mut impl Write) -> Result<(), Failure> {
    let mut framer = Framer::of_file();
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let count = input.read(&mut chunk)?;
        let mut bytes = &chunk[..count];
        while !bytes.is_empty() {
            bytes = &bytes[framer.push(bytes)..];
            write_found(&mut framer, devices, output)?;
        }
        if count == 0 {
            framer.end();
            return write_found(&mut framer, devices, output);
        }
    }
}

fn write_found(framer: &mut Framer, devices: &Devices, output: &mut impl Write) -> Result<(), Failure> {
    while let Some(found) = framer.find(devices) {
        serde_json::to_writer(&mut *output, &Report::of(&found, devices))?;
        output.write_all(b"\n")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: &str = "##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C80\r\n";

    /// A reader that gives a few bytes at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = buffer.len().min(7).min(self.0.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn decoded(bytes: &[u8]) -> Vec<serde_json::Value> {
        let mut output = vec![];
        decode(Slow(bytes), &Devices::default(), &mut output).unwrap();
        String::from_utf8(output).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn one_object_a_line_with_the_keys_of_the_format() {
        let found = decoded(format!("{FRAME}{}{FRAME}", FRAME.replace("1C80", "1C08")).as_bytes());
        let told: Vec<_> =
            found.iter().map(|o| (o["outcome"].as_str().unwrap(), o["offset"].as_u64().unwrap())).collect();
        assert_eq!(told, [("accept", 0), ("reject", 113), ("accept", 226)]);
        let keys =
            "outcome offset error warnings declared_len crc_wire crc_calc header flag cp_groups factors fields reply";
        assert!(keys.split(' ').all(|key| found[0].get(key).is_some()), "{}", found[0]);
        assert_eq!(found[0]["cp_groups"], serde_json::json!([[["RtdInterval", "30"]]]));
        assert_eq!(found[0]["reply"], serde_json::Value::Null);
        assert_eq!((found[1]["crc_wire"].as_str(), found[1]["crc_calc"].as_str()), (Some("1C08"), Some("1C80")));
        assert!(found[1]["error"].as_str().unwrap().starts_with("H-205 crc_mismatch"));
    }

    #[test]
    fn a_file_of_devices_is_refused_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("devices.json");
        std::fs::write(&path, r#"{"A":{"crc":"sum"}}"#).unwrap();
        let told = registered(&path).map(|_| ()).unwrap_err().to_string();
        assert!(told.contains("devices.json") && told.contains("H-102") && told.contains("MN A"), "{told}");
        assert!(registered(&folder.path().join("none.json")).is_err());
    }
}
