//! The importers over a whole collection of real files: what each file was taken for, what was kept, and
//! whether that is what is known about it.

use anyhow::{Context, Result, bail, ensure};
use observe::{ImportReport, ObserveError, Record, import};
use std::collections::BTreeSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// What is known about the files whose path begins with `under`; the first entry that fits counts.
struct Known {
    under: &'static str,
    /// The layout, or the code of the refusal.
    layout: Result<&'static str, &'static str>,
    /// Data rows of each file.
    rows: Rows,
}

enum Rows {
    Exactly(u64),
    Between(u64, u64),
}

use Rows::{Between, Exactly};

const fn known(under: &'static str, layout: &'static str, rows: Rows) -> Known {
    Known { under, layout: Ok(layout), rows }
}

const KNOWN: &[Known] = &[
    known("air/china_cities/", "cnemc-city", Between(12 * 15, 24 * 15)),
    known("air/jiangsu_cities/", "cnemc-city", Between(118_710, 131_505)),
    known("air/prsa_beijing/", "uci-prsa", Exactly(35_064)),
    known("air/five_cities_pm/", "uci-five-cities", Exactly(52_584)),
    known("air/stations_yangtze_2023q1/obsdata", "yangtze-stations", Exactly(52_416)),
    known("air/stations_yangtze_2023q1/sites", "site-list", Exactly(24)),
    known("air/cnemc_snapshots/airnow_20180220T07", "cnemc-geojson", Exactly(1_495)),
    known("air/cnemc_snapshots/cnemc_20190718", "cnemc-xml", Exactly(1_499)),
    known("air/cnemc_snapshots/GetAQIDataPublishLives", "cnemc-wcf", Between(1_400, 1_600)),
    known("air/stations_jiangsu_202004/", "watch-points", Between(475, 1_440)),
    known("air/stations_national_202004/", "watch-points", Between(200, 1_600)),
    known("air/kdd2018/Beijing_AirQuality_Stations", "site-list", Exactly(35)),
    known("air/kdd2018/beijing_201802_201803", "kdd2018", Exactly(49_420)),
    known("air/kdd2018/bj_", "kdd2018", Exactly(36_330)),
    known("air/kdd2018/ld_", "kdd2018", Exactly(20_783)),
    known("air/aqistudy_daily_2013-14/", "aqistudy-day", Exactly(211)),
    known("air/microstation_cumcm2019d/national", "cumcm2019d-national", Between(4_000, 5_000)),
    known("air/microstation_cumcm2019d/microstation", "cumcm2019d-micro", Between(4_000, 5_000)),
    known("air/uair_shanghai/CrawledData", "uair-shanghai", Exactly(66_927)),
    known("air/uair_shanghai/Station", "site-list", Between(5, 20)),
    known("air/us_aqi_stations/", "us-aqi-stations", Between(3_000, 4_000)),
    known("air/text_columns/2", "text-columns", Exactly(1_449)),
    Known { under: "air/text_columns/readme", layout: Err("O-104"), rows: Exactly(0) },
    known("air/r_packages/", "openair-mydata", Exactly(65_533)),
    known("stations/city_geo", "place-json", Exactly(366)),
    known("stations/pm25gnn_city", "city-lines", Exactly(184)),
    known("stations/pm25gnn_station_info", "site-list", Exactly(1_498)),
    known("stations/pyecharts", "place-json", Exactly(3_751)),
    known("stations/zigong", "site-list", Between(1_400, 2_000)),
];

/// Folder, files in it, and data rows of all of them.
const TOTALS: &[(&str, usize, u64)] = &[("air/china_cities/", 258, 91_095), ("air/prsa_beijing/", 8, 8 * 35_064)];

/// One file read twice.
struct Outcome {
    file: String,
    report: Result<ImportReport, ObserveError>,
    /// Why the file is not what is known about it.
    faults: Vec<String>,
}

/// Imports every file below `dir/data/air` and `dir/data/stations`, prints what became of each, and fails
/// when one is not what is known about it.
pub fn run(dir: &Path) -> Result<()> {
    let begun = Instant::now();
    let root = dir.join("data");
    let files = files(&root)?;
    ensure!(!files.is_empty(), "{}: no files below data/air and data/stations", dir.display());
    let outcomes = read_all(&root, &files);
    print(&outcomes);
    let mut faults: Vec<String> =
        outcomes.iter().flat_map(|o| o.faults.iter().map(|fault| format!("{}: {fault}", o.file))).collect();
    faults.extend(TOTALS.iter().filter_map(|total| compare_total(total, &outcomes)));
    let seconds = begun.elapsed().as_secs_f32();
    println!("{} files, each read twice, {seconds:.1} s", outcomes.len());
    if faults.is_empty() {
        return Ok(());
    }
    bail!("{} findings:\n  {}", faults.len(), faults.join("\n  "))
}

fn files(root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders = vec![root.join("air"), root.join("stations")];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
        for entry in entries {
            let path: PathBuf = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Some(name) = path.strip_prefix(root)?.to_str() {
                found.push(name.to_string());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Reads all files on all cores; the outcome doesn't depend on how they are shared out.
fn read_all(root: &Path, files: &[String]) -> Vec<Outcome> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = read_twice(root, file);
                    done.lock().expect("no reader panics while it holds the list").push(outcome);
                }
            });
        }
    });
    let mut outcomes = done.into_inner().expect("all readers have ended");
    outcomes.sort_by(|a, b| a.file.cmp(&b.file));
    outcomes
}

fn read_twice(root: &Path, file: &str) -> Outcome {
    let (report, digest) = read(&root.join(file));
    let (again, digest_again) = read(&root.join(file));
    let mut faults = Vec::new();
    let same = match (&report, &again) {
        (Ok(first), Ok(second)) => first == second && digest == digest_again,
        (Err(first), Err(second)) => first.to_string() == second.to_string(),
        _ => false,
    };
    if !same {
        faults.push("two imports differ".to_string());
    }
    match KNOWN.iter().find(|known| file.starts_with(known.under)) {
        Some(known) => faults.extend(compare(known, &report)),
        None => faults.push("nothing is known about this file; add it to the list".to_string()),
    }
    Outcome { file: file.to_string(), report, faults }
}

fn read(path: &Path) -> (Result<ImportReport, ObserveError>, u64) {
    let mut digest = DefaultHasher::new();
    let report = import::read_path(path, &mut |record| {
        enter(&record, &mut digest);
        Ok(())
    });
    (report, digest.finish())
}

fn enter(record: &Record, digest: &mut DefaultHasher) {
    record.received().map(|value| value.picograms()).hash(digest);
    match record {
        Record::Hour(o) => (o.site.as_str(), o.pollutant, o.hour).hash(digest),
        Record::Day(o) => (o.site.as_str(), o.pollutant, o.day, o.basis).hash(digest),
        Record::Site(s) => {
            (s.code.as_str(), &s.name, s.city.map(String::from), s.lon.to_bits(), s.lat.to_bits()).hash(digest)
        }
    }
}

fn compare(known: &Known, report: &Result<ImportReport, ObserveError>) -> Vec<String> {
    let report = match (known.layout, report) {
        (Err(code), Err(error)) if error.to_string().starts_with(code) => return Vec::new(),
        (Err(code), Err(error)) => return vec![format!("refused with {error}, not with {code}")],
        (Err(code), Ok(report)) => return vec![format!("taken for {}, not refused with {code}", report.format)],
        (Ok(layout), Err(error)) => return vec![format!("refused, not taken for {layout}: {error}")],
        (Ok(_), Ok(report)) => report,
    };
    let mut faults = Vec::new();
    if known.layout != Ok(report.format) {
        faults.push(format!("taken for {}, not for {:?}", report.format, known.layout));
    }
    let (low, high) = match known.rows {
        Exactly(rows) => (rows, rows),
        Between(low, high) => (low, high),
    };
    if !(low..=high).contains(&report.rows_read) {
        faults.push(format!("{} rows, not {low} to {high}", report.rows_read));
    }
    if report.kept + report.sites + report.refused == 0 {
        faults.push("nothing kept and nothing refused".to_string());
    }
    faults
}

fn compare_total((under, files, rows): &(&str, usize, u64), outcomes: &[Outcome]) -> Option<String> {
    let inside = outcomes.iter().filter(|outcome| outcome.file.starts_with(under));
    let reports: Vec<&ImportReport> = inside.filter_map(|outcome| outcome.report.as_ref().ok()).collect();
    let found: u64 = reports.iter().map(|report| report.rows_read).sum();
    let same = reports.len() == *files && found == *rows;
    (!same).then(|| format!("{under}: {} files with {found} rows, not {files} with {rows}", reports.len()))
}

fn print(outcomes: &[Outcome]) {
    println!(
        "{:<70} {:<20} {:>8} {:>9} {:>8} {:>6} {:>6} {:>6} {:>8}",
        "file", "layout", "rows", "kept", "missing", "flag", "sites", "dup", "refused"
    );
    let mut notes = BTreeSet::new();
    for outcome in outcomes {
        match &outcome.report {
            Ok(r) => {
                println!(
                    "{:<70} {:<20} {:>8} {:>9} {:>8} {:>6} {:>6} {:>6} {:>8}",
                    outcome.file, r.format, r.rows_read, r.kept, r.missing, r.flagged, r.sites, r.duplicates, r.refused
                );
                notes.extend(r.notes.iter().map(|note| format!("{}: {note}", r.format)));
                notes.extend(r.refusals.iter().map(|refusal| format!("{}: refused {}", r.format, refusal.reason)));
            }
            Err(error) => println!("{:<70} {error}", outcome.file),
        }
    }
    println!("\nNotes");
    for note in notes {
        println!("  {note}");
    }
    println!();
}
