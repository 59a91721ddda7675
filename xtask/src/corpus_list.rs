//! What the reduction list is made from and held against, over the collection's real files.

use anyhow::{Context, Result, ensure};
use plan::list::{ImportOptions, read_key_sources, read_meic, read_power_plants, read_reas};
use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

/// Reads inventories, key sources and power plants of `dir/data`, says what was found, and fails where a file is refused or
/// holds another number than is known of it.
pub fn run(dir: &Path) -> Result<()> {
    let data = dir.join("data");
    reas(&data.join("emission/reas_v3.2"))?;
    let meic = data.join("emission/meic/CEDS_MEIC_Emissions_2rdLevel_20160226_plus.xlsx");
    let totals = read_meic("MEIC", &std::fs::read(&meic).with_context(|| meic.display().to_string())?)?;
    let years: BTreeSet<u16> = totals.iter().map(|total| total.year).collect();
    println!("MEIC: {} totals of {years:?}", totals.len());
    ensure!(years == BTreeSet::from([2008, 2010, 2012]), "MEIC: years {years:?}");
    key_sources(&data.join("enterprise/ningxia_key_sources/enterprises.json"))?;
    power_plants(&data.join("enterprise/wri_power_plants_china.csv.gz"))
}

fn reas(folder: &Path) -> Result<()> {
    let (mut files, mut totals) = (0, 0);
    for species in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let species = species?.path();
        if !species.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(species)? {
            let path = file?.path();
            let found = read_reas(&path.display().to_string(), &std::fs::read_to_string(&path)?)?;
            ensure!(found.iter().any(|total| total.year == 2015), "{}: nothing of 2015", path.display());
            files += 1;
            totals += found.len();
        }
    }
    println!("REAS v3.2: {files} tables, {totals} totals");
    ensure!(files == 54, "{files} tables of REAS, 54 are known");
    Ok(())
}

fn key_sources(path: &Path) -> Result<()> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    let options = ImportOptions {
        file: "enterprises.json".into(),
        region: "640000".parse()?,
        edition: "2019".into(),
        scheme: "grading-2020".into(),
    };
    let (list, told) = read_key_sources(&bytes, &options)?;
    told.iter().for_each(|line| println!("  {line}"));
    println!("key sources of Ningxia: {} entries, {} remarks\n", list.entries.len(), told.len());
    ensure!(
        list.entries.len() == KEY_SOURCES,
        "{} key sources emit to air, {KEY_SOURCES} are known",
        list.entries.len()
    );
    Ok(())
}

/// Of 150 enterprises, those that name a pollutant of the air.
const KEY_SOURCES: usize = 100;

fn power_plants(path: &Path) -> Result<()> {
    let file = std::fs::File::open(path).with_context(|| path.display().to_string())?;
    let mut table = vec![];
    flate2::read::GzDecoder::new(file).take(64 << 20).read_to_end(&mut table)?;
    let (plants, left_out) = read_power_plants("WRI", &table)?;
    println!("WRI: {} plants, {} rows left out", plants.len(), left_out.len());
    ensure!(plants.len() + left_out.len() == 2796, "{} rows of WRI, 2796 are known", plants.len() + left_out.len());
    Ok(())
}
