//! The readers of guidance over a collection of real files, and the back-test of the consensus.

#[path = "../../crates/guidance/examples/kdd/load.rs"]
mod load;

use anyhow::{Result, anyhow, ensure};
use guidance::backtest::{self, Learning, Segment};
use guidance::consensus::Settings;
use guidance::{GuidanceError, Member, Place, Request, read};
use std::path::{Path, PathBuf};

/// Segments of ten in which the consensus must beat the member chosen on the same past.
const FEWEST_BEATEN: usize = 9;
/// The most mean error of the consensus on the scored days.
const MOST_ERROR: f64 = 0.455;
/// By how much the consensus may be worse than the best single member.
const MARGIN: f64 = 0.05;

/// What is known about the files whose path begins so: read, or refused with this code.
const KNOWN: &[(&str, Result<(), &str>)] = &[
    ("forecast/kdd2018_submissions/", Ok(())),
    ("forecast/cams_point_beijing/air_", Ok(())),
    ("forecast/cams_point_beijing/climate_", Err("J-107")),
    ("model/camx/test.uamiv", Err("J-109")),
    ("model/camx/", Err("J-107")),
    ("model/mcip/", Err("J-107")),
    ("model/isam_mask/GRIDMASK", Err("J-107")),
    ("met/grib/", Err("J-103")),
];

/// Reads every file below `dir/data/model`, `forecast`, `met/wrf` and `met/grib`, says what became of each, and runs
/// the back-test; fails when a file is not what is known about it, or the consensus not what is demanded.
pub fn run(dir: &Path) -> Result<()> {
    let root = dir.join("data");
    let mut faults = vec![];
    for path in files(&root)? {
        let name = path.strip_prefix(&root)?.display().to_string();
        let outcome = try_read(&path)?;
        match &outcome {
            Ok(members) => println!("{name:<70} {}", members.iter().map(line).collect::<Vec<_>>().join("; ")),
            Err(refusal) => println!("{name:<70} {refusal}"),
        }
        let known = KNOWN.iter().find(|(under, _)| name.starts_with(under));
        let as_known = known.is_none_or(|(_, known)| match (known, &outcome) {
            (Ok(()), Ok(members)) => members.iter().any(|member| member.filled() > 0),
            (Err(code), Err(refusal)) => refusal.to_string().starts_with(code),
            _ => false,
        });
        if !as_known {
            faults.push(name);
        }
    }
    ensure!(faults.is_empty(), "guidance files that are not what is known about them: {}", faults.join(", "));
    back_test(&root)
}

fn back_test(root: &Path) -> Result<()> {
    let submissions = load::submissions(root).map_err(|error| anyhow!(error))?;
    let truth = load::truth(root).map_err(|error| anyhow!(error))?;
    let learning = load::learning(&submissions);
    let segments = backtest::run(&submissions, &truth, learning, Settings::default());
    println!("\n{learning:?}\n{}", backtest::table(&segments));
    let mean = |of: &dyn Fn(&Segment) -> f64| segments.iter().map(of).sum::<f64>() / segments.len() as f64;
    let (trained, chosen) = (mean(&|segment| segment.trained), mean(&|segment| segment.chosen));
    let single = (0..backtest::MEMBERS.len()).map(|member| mean(&|segment| segment.single[member]));
    let best = single.fold(f64::MAX, f64::min);
    ensure!(segments.len() == 10, "{} segments, not ten", segments.len());
    ensure!(trained < chosen, "mean error {trained:.3}, {chosen:.3} of the members chosen on the same past");
    ensure!(trained <= best * (1.0 + MARGIN), "mean error {trained:.3}, {best:.3} of the best single member");
    // Eight issues learned from at most, as long as there are no later ones: the demand is for weights of all thirteen.
    if matches!(learning, Learning::Until(_)) {
        let beaten = backtest::beaten(&segments);
        ensure!(beaten >= FEWEST_BEATEN, "the consensus beats the chosen member in {beaten} of 10 segments");
        ensure!(trained <= MOST_ERROR, "mean error {trained:.3}, {MOST_ERROR} is the most");
    }
    Ok(())
}

fn try_read(path: &Path) -> Result<Result<Vec<Member>, GuidanceError>> {
    let places = [("南京", 118.78, 32.06), ("合肥", 117.28, 31.86)];
    let places = places.map(|(name, lon, lat)| Place { name: name.into(), lon, lat });
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let run = guidance::import::kdd::issue_of_name(&name, 2018).map(|(issue, _)| issue);
    Ok(read(&std::fs::read(path)?, &Request { places: &places, run, ..Request::default() }))
}

fn line(member: &Member) -> String {
    let flags = member.flags.iter().map(|flag| flag.kind.code()).collect::<Vec<_>>().join(" ");
    let (places, hours) = (member.places.len(), member.hours.len());
    format!("{} of {}: {} values, {places} places, {hours} times; {flags}", member.model, member.run, member.filled())
}

fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut folders = ["model", "forecast", "met/wrf", "met/grib"].map(|name| root.join(name)).to_vec();
    let mut found = vec![];
    while let Some(folder) = folders.pop() {
        for path in load::sorted(&folder).map_err(|error| anyhow!(error))? {
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}
