//! The readers of source-receptor data over a collection of real files of models.

use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use transport::import::{Mask, Release};
use transport::trajectory::read_tdump;
use transport::{City, Imported, Precursor, Request, Source, read};
use units::{Pollutant, RegionCode};

/// Cells along a row of the sample mask.
const MASK_COLUMNS: usize = 135;

/// What becomes of the files whose path begins so.
enum Known {
    /// A matrix of this many responses at a place the plume reaches.
    Responses(usize),
    /// Trajectories: how many.
    Trajectories(usize),
    /// A mask of this many regions.
    Mask(usize),
    /// Refused with this code.
    Refused(&'static str),
    /// A table `column,row,1` of the cells of one region of the mask, against which the mask is held.
    Cells,
}

const KNOWN: &[(&str, Known)] = &[
    ("hysplit/cdump", Known::Responses(1)),
    ("hysplit/tdump_multi", Known::Trajectories(5)),
    ("hysplit/tdump", Known::Trajectories(3)),
    ("isam_mask/GRIDMASK", Known::Mask(7)),
    ("isam_mask/df_", Known::Cells),
    ("camx/test.uamiv", Known::Refused("X-104")),
    ("camx/", Known::Refused("X-103")),
    ("cmaq/GRIDDESC", Known::Refused("X-102")),
    ("mcip/", Known::Refused("X-104")),
    ("wps/", Known::Refused("X-104")),
];

/// Reads every file below `dir/data/model`, says what became of each, and fails where that is not what is known about it.
pub fn run(dir: &Path) -> Result<()> {
    let root = dir.join("data/model");
    let mut faults = vec![];
    for path in files(&root)? {
        let name = path.strip_prefix(&root)?.display().to_string();
        let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
        let known = KNOWN.iter().find(|(under, _)| name.starts_with(under)).map(|(_, known)| known);
        let fault = match known {
            Some(Known::Cells) => cells(&root, &name, &bytes)?,
            Some(known) => one(&name, &bytes, known),
            None => Some("nothing is known about it".to_string()),
        };
        faults.extend(fault.map(|fault| format!("{name}: {fault}")));
    }
    ensure!(faults.is_empty(), "files of models that are not what is known about them:\n  {}", faults.join("\n  "));
    Ok(())
}

fn one(name: &str, bytes: &[u8], known: &Known) -> Option<String> {
    let (told, right) = match known {
        Known::Trajectories(count) => match read_tdump(bytes) {
            Ok(found) => {
                (format!("{} trajectories, {} points", found.len(), found[0].points.len()), found.len() == *count)
            }
            Err(refusal) => (refusal.to_string(), false),
        },
        Known::Mask(count) => match Mask::read(bytes, city_of) {
            Ok((mask, _)) => (format!("mask of {} regions", mask.cities().count()), mask.cities().count() == *count),
            Err(refusal) => (refusal.to_string(), false),
        },
        Known::Cells => unreachable!("held against the mask by `cells`"),
        Known::Responses(count) => match try_read(bytes) {
            Ok(Imported::Matrix(found)) => {
                let positive = found.cells().iter().filter(|cell| cell.response.value.0 > 0.0).count();
                (format!("{} responses, {positive} above zero", found.cells().len()), positive >= *count)
            }
            Ok(Imported::Contributions(_)) => ("contributions".to_string(), false),
            Err(refusal) => (refusal.to_string(), false),
        },
        Known::Refused(code) => match try_read(bytes) {
            Ok(_) => ("read".to_string(), false),
            Err(refusal) => (refusal.to_string(), refusal.to_string().starts_with(code)),
        },
    };
    println!("{name:<50} {told}");
    (!right).then_some(told)
}

/// The cells of a table against those of the mask beside it.
fn cells(root: &Path, name: &str, table: &[u8]) -> Result<Option<String>> {
    let path = root.join("isam_mask/GRIDMASK_anhui.nc.gz");
    let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
    let (mask, _) = Mask::read(&bytes, city_of)?;
    let region = name.trim_start_matches("isam_mask/df_").trim_end_matches(".csv");
    let city = city_of(region).with_context(|| format!("{name}: no region of the mask"))?;
    let said = std::str::from_utf8(table)?.lines().filter_map(|line| {
        let mut words = line.split(',').map(|word| word.trim().parse::<usize>().ok());
        Some((words.next()??, words.next()??))
    });
    let said: BTreeSet<usize> = said.map(|(column, row)| (row - 1) * MASK_COLUMNS + column - 1).collect();
    let read: BTreeSet<usize> = mask.cells(city).iter().map(|(cell, _)| *cell).collect();
    println!(
        "{name:<50} {} cells, {} of them in the mask's {}",
        said.len(),
        said.intersection(&read).count(),
        read.len()
    );
    Ok((said != read).then(|| "the mask has other cells".to_string()))
}

/// The names of the sample mask; Anhui's cities and Jiujiang.
fn city_of(name: &str) -> Option<RegionCode> {
    let known = [
        ("Anqing", "340800"),
        ("Hefei", "340100"),
        ("Chizhou", "341700"),
        ("Tongling", "340700"),
        ("Jiujiang", "360400"),
        ("Wuhu", "340200"),
        ("Maanshan", "340500"),
    ];
    known.iter().find(|(known, _)| *known == name).and_then(|(_, code)| code.parse().ok())
}

/// Reads with a place that the sample run's plume reaches, under the code of a city: the run is of another continent.
fn try_read(bytes: &[u8]) -> Result<Imported, transport::TransportError> {
    let nanjing: RegionCode = "320100".parse().expect("a code");
    let cities = [City { code: nanjing, lon: -156.0 + 0.3 * 281.0, lat: 0.3 * 135.0 }];
    let source = Source { region: nanjing, sector: String::new(), stack: String::new() };
    let release = Release { source, precursor: Precursor::Pm25, pollutant: Pollutant::Pm25, units_per_day: 1.0 };
    read(bytes, &Request { cities: &cities, release: Some(&release), ..Request::default() }).map(|(found, _)| found)
}

/// All files, in order.
fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let (mut found, mut folders) = (vec![], vec![root.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}
