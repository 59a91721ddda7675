//! `qingkong import guidance`: output of other models at the cities, into the store.

use crate::failure::Failure;
use crate::place::Place;
use guidance::{Member, Request, Sampling};
use observe::regions::{self, Region};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use store::{GuidanceRow, Store};
use units::{BeijingHour, Pollutant, RegionCode};

/// The province whose cities are kept.
const PROVINCE: &str = "320000";

/// `qingkong import guidance`.
#[derive(clap::Args)]
pub struct Args {
    /// Files in any known layout of guidance, plain or gzip; recognised by content
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Name of the model, in place of the layout's
    #[arg(long)]
    model: Option<String>,
    /// Issue time, in place of what the file says, for example 2018-01-13T08:00:00+08:00
    #[arg(long, value_name = "TIME")]
    run: Option<BeijingHour>,
    /// Read a grid between its cells instead of at the nearest
    #[arg(long)]
    bilinear: bool,
    /// Read and report, store nothing
    #[arg(long)]
    dry_run: bool,
    /// Report as JSON, one object a member
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// What came of one member of a file.
#[derive(Serialize)]
struct Outcome {
    file: String,
    model: String,
    run: BeijingHour,
    cities: usize,
    pollutants: Vec<&'static str>,
    until: BeijingHour,
    flags: Vec<String>,
    /// Places of the file that are no city of the province.
    places_left_out: usize,
    /// `new`, `replaced`, or `not stored` on a dry run.
    stored: &'static str,
}

/// Stores every run of every file that can be read; a file that cannot is named at the end and keeps no other one out.
pub async fn run(args: Args) -> Result<(), Failure> {
    let store = if args.dry_run { None } else { Some(args.place.open().await?) };
    let mut refused = vec![];
    for path in &args.files {
        match of_file(path, &args, store.as_ref()).await {
            Ok(outcomes) => outcomes.iter().try_for_each(|outcome| print(outcome, args.json))?,
            Err(failure) => refused.push(format!("{}: {failure}; nothing of it was stored", path.display())),
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(Failure::refused(refused.join("\n"))) }
}

async fn of_file(path: &Path, args: &Args, store: Option<&Store>) -> Result<Vec<Outcome>, Failure> {
    let bytes = std::fs::read(path).map_err(Failure::refused)?;
    let cities = cities()?;
    let places: Vec<guidance::Place> = cities.iter().map(|city| place(city)).collect();
    let sampling = if args.bilinear { Sampling::Bilinear } else { Sampling::Nearest };
    let (model, run) = (args.model.as_deref(), args.run);
    let request = Request { places: &places, sampling, model, run, ..Request::default() };
    let kept = guidance::read(&bytes, &request)?.into_iter().map(|member| of_cities(member, &cities));
    let kept: Vec<(Member, usize)> = kept.filter(|(member, _)| member.filled() > 0).collect();
    if kept.is_empty() {
        return Err(Failure::refused("J-117 no value at a city of the province"));
    }
    let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let mut outcomes = vec![];
    for (member, places_left_out) in kept {
        let row = GuidanceRow {
            model: member.model.clone(),
            run: member.run,
            arrived_at: units::Instant::from_utc(chrono::Utc::now()),
            file: path.display().to_string(),
            sha256: sha256.clone(),
            body: member.to_bytes(),
        };
        let stored = match store {
            None => "not stored",
            Some(store) => match store.save_guidance(&row).await? {
                true => "new",
                false => "replaced",
            },
        };
        outcomes.push(Outcome {
            file: row.file,
            run: row.run,
            cities: member.places.len(),
            pollutants: member.values.keys().map(|pollutant| pollutant.code()).collect(),
            until: member.hours.last().copied().unwrap_or(member.run),
            flags: member.flags.iter().map(ToString::to_string).collect(),
            model: member.model,
            places_left_out,
            stored,
        });
    }
    Ok(outcomes)
}

fn cities() -> Result<Vec<&'static Region>, Failure> {
    let province: RegionCode = PROVINCE.parse().map_err(Failure::refused)?;
    Ok(regions::cities_of(province).collect())
}

fn place(city: &Region) -> guidance::Place {
    guidance::Place { name: city.code.to_string(), lon: city.lon, lat: city.lat }
}

/// The member at the cities under their codes, and how many of its places are none of them.
fn of_cities(member: Member, cities: &[&Region]) -> (Member, usize) {
    let codes: Vec<String> = cities.iter().map(|city| city.code.to_string()).collect();
    let code = |name: &String| {
        let of_name = regions::by_name(name).map(|region| region.code.to_string());
        codes.iter().find(|code| *code == name || Some(*code) == of_name.as_ref()).cloned()
    };
    let hours = member.hours.len();
    let mut kept: Vec<(usize, String)> = vec![];
    for (place, name) in member.places.iter().enumerate() {
        if let Some(code) = code(name).filter(|code| !kept.iter().any(|(_, known)| known == code)) {
            kept.push((place, code));
        }
    }
    let of = |values: Vec<f64>| -> Vec<f64> {
        kept.iter().flat_map(|(place, _)| values[place * hours..(place + 1) * hours].iter().copied()).collect()
    };
    let left_out = member.places.len() - kept.len();
    let values: BTreeMap<Pollutant, Vec<f64>> = member.values.into_iter().map(|(p, values)| (p, of(values))).collect();
    let places = kept.iter().map(|(_, code)| code.clone()).collect();
    (Member { places, values, ..member }, left_out)
}

fn print(outcome: &Outcome, json: bool) -> Result<(), Failure> {
    if json {
        println!("{}", serde_json::to_string(outcome)?);
        return Ok(());
    }
    let Outcome { file, model, run, cities, until, stored, .. } = outcome;
    let pollutants = outcome.pollutants.join(" ");
    println!("{file}: {model}, run of {run}, {cities} cities, {pollutants} until {until}: {stored}");
    if outcome.places_left_out > 0 {
        println!("  note  {} places are no city of the province and are left out", outcome.places_left_out);
    }
    outcome.flags.iter().for_each(|flag| println!("  flag  {flag}"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "model,issue,time,city,PM2_5\n\
        naqpms,2018-01-13 08:00,2018-01-13 21:00,南京,80\n\
        naqpms,2018-01-13 08:00,2018-01-13 22:00,南京,90\n\
        naqpms,2018-01-13 08:00,2018-01-13 21:00,北京,30\n";

    fn args(folder: &Path, files: Vec<PathBuf>) -> Args {
        let place = Place { data_dir: folder.to_path_buf(), database: None };
        Args { files, model: None, run: None, bilinear: false, dry_run: false, json: false, place }
    }

    #[test]
    fn a_table_is_stored_by_city_code_and_a_broken_file_keeps_it_not_out() {
        let folder = tempfile::tempdir().unwrap();
        let [good, bad] = ["good.csv", "bad.bin"].map(|name| folder.path().join(name));
        std::fs::write(&good, TABLE).unwrap();
        std::fs::write(&bad, b"\x89HDF\r\n\x1a\n").unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let failure = runtime.block_on(run(args(folder.path(), vec![bad, good.clone()]))).unwrap_err().to_string();
        assert!(failure.contains("bad.bin: J-103") && !failure.contains("good.csv"), "{failure}");
        runtime.block_on(async {
            let store = args(folder.path(), vec![]).place.open().await.unwrap();
            let at: BeijingHour = "2018-01-13T20:00:00+08:00".parse().unwrap();
            let rows = store.newest_guidance(at - 240, at).await.unwrap();
            let member = Member::from_bytes(&rows[0].body).unwrap();
            assert_eq!(
                (rows.len(), member.model.as_str(), member.places.clone()),
                (1, "naqpms", vec!["320100".to_string()])
            );
            assert_eq!(member.course(Pollutant::Pm25, 0), [80.0, 90.0]);
        });
        runtime.block_on(run(args(folder.path(), vec![good]))).unwrap();
    }

    #[test]
    fn foreign_places_alone_are_refused_and_nothing_is_stored() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bj.csv");
        std::fs::write(&path, "model,issue,time,city,PM2_5\nm,2018-01-13 08:00,2018-01-13 21:00,北京,30\n").unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let failure = runtime.block_on(run(args(folder.path(), vec![path]))).unwrap_err().to_string();
        assert!(failure.contains("J-117"), "{failure}");
    }
}
