//! Regions of GB/T 2260 that observations name: provinces, cities, and the counties of Jiangsu (行政区划).

use serde::Deserialize;
use std::collections::HashMap;
use std::sync::OnceLock;
use units::RegionCode;

const FILES: [(&str, &str); 4] = [
    ("provinces.toml", include_str!("../../../data/regions/provinces.toml")),
    ("cities.toml", include_str!("../../../data/regions/cities.toml")),
    ("county-cities.toml", include_str!("../../../data/regions/county-cities.toml")),
    ("jiangsu-counties.toml", include_str!("../../../data/regions/jiangsu-counties.toml")),
];

/// One region (行政区划).
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// GB/T 2260.
    pub code: RegionCode,
    /// Chinese short name as the monitoring files write it, for example 南京.
    pub name: String,
    /// Chinese full name, for example 南京市.
    pub full_name: String,
    /// English name.
    pub name_en: String,
    /// Chinese short name of its province.
    pub province: String,
    /// Degrees east of a point for display and distances, not of a boundary.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
}

#[derive(Deserialize)]
struct File {
    regions: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    code: RegionCode,
    name: String,
    full: String,
    en: String,
    lon: f64,
    lat: f64,
    #[serde(default)]
    aliases: Vec<String>,
}

struct Index {
    regions: Vec<Region>,
    by_code: HashMap<RegionCode, usize>,
    by_name: HashMap<String, Vec<usize>>,
}

/// All regions, by code.
pub fn all() -> &'static [Region] {
    &index().regions
}

/// The region of a code.
pub fn by_code(code: RegionCode) -> Option<&'static Region> {
    index().by_code.get(&code).map(|at| &index().regions[*at])
}

/// The region of a code written as text, for example a city's site code; `None` when it is none.
pub fn by_code_text(code: &str) -> Option<&'static Region> {
    by_code(code.parse().ok()?)
}

/// The one region a name stands for: short (南京), full (南京市), English (`Nanjing`) or as an older file
/// spells it (博州). A city goes before a county and a province of the same name; `None` when two of the
/// same rank remain, as for `Suzhou` or `Taizhou` in English.
pub fn by_name(name: &str) -> Option<&'static Region> {
    let found = candidates(name);
    let best = found.iter().map(|region| rank(region)).min()?;
    let mut same = found.into_iter().filter(|region| rank(region) == best);
    let first = same.next()?;
    same.next().is_none().then_some(first)
}

/// Like [`by_name`], but a coordinate tells regions of one name apart: the nearest one within two degrees.
pub fn by_name_near(name: &str, lon: f64, lat: f64) -> Option<&'static Region> {
    let distance = |region: &Region| (region.lon - lon).abs().max((region.lat - lat).abs());
    let cities = candidates(name).into_iter().filter(|region| rank(region) == 0 && distance(region) < 2.0);
    cities.min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

/// The cities of a province, by code; a municipality is its own city.
pub fn cities_of(province: RegionCode) -> impl Iterator<Item = &'static Region> {
    all().iter().filter(move |region| rank(region) == 0 && province.contains(region.code))
}

/// The counties of a city, by code; complete for Jiangsu only.
pub fn counties_of(city: RegionCode) -> impl Iterator<Item = &'static Region> {
    all().iter().filter(move |region| rank(region) == 1 && city.contains(region.code))
}

fn candidates(name: &str) -> Vec<&'static Region> {
    let index = index();
    let found = index.by_name.get(&name.trim().to_lowercase());
    found.into_iter().flatten().map(|at| &index.regions[*at]).collect()
}

/// 0 for cities and municipalities, 1 for counties, 2 for provinces.
fn rank(region: &Region) -> u8 {
    match region.code.level() {
        units::RegionLevel::City => 0,
        units::RegionLevel::County => 1,
        units::RegionLevel::Province if region.full_name.ends_with('市') => 0,
        units::RegionLevel::Province => 2,
    }
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(build)
}

fn build() -> Index {
    let mut entries: Vec<Entry> = FILES.iter().flat_map(|(file, text)| parse(file, text)).collect();
    // The national files list some counties of Jiangsu as well; the entry met first is the one of that list.
    entries.sort_by_key(|entry| entry.code);
    entries.dedup_by_key(|entry| entry.code);
    let provinces: HashMap<RegionCode, String> = entries.iter().map(|entry| (entry.code, entry.name.clone())).collect();
    let mut index = Index { regions: Vec::new(), by_code: HashMap::new(), by_name: HashMap::new() };
    for entry in entries {
        add(&mut index, entry, &provinces);
    }
    index
}

fn parse(file: &str, text: &str) -> Vec<Entry> {
    let parsed: Result<File, _> = toml::from_str(text);
    parsed
        .map_err(|error| format!("{file}: {error}"))
        .expect("embedded region files are checked by this crate's tests")
        .regions
}

fn add(index: &mut Index, entry: Entry, provinces: &HashMap<RegionCode, String>) {
    let at = index.regions.len();
    let mut names = vec![entry.name.clone(), entry.full.clone(), entry.en.to_lowercase()];
    names.extend(entry.aliases);
    names.sort();
    names.dedup();
    for name in names {
        index.by_name.entry(name).or_default().push(at);
    }
    index.by_code.insert(entry.code, at);
    index.regions.push(Region {
        province: provinces.get(&entry.code.province()).cloned().unwrap_or_default(),
        code: entry.code,
        name: entry.name,
        full_name: entry.full,
        name_en: entry.en,
        lon: entry.lon,
        lat: entry.lat,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> RegionCode {
        text.parse().unwrap()
    }

    #[test]
    fn jiangsu_is_complete_with_13_cities_and_95_counties() {
        let cities: Vec<_> = cities_of(code("320000")).collect();
        assert_eq!(cities.len(), 13);
        assert_eq!(cities.iter().map(|city| counties_of(city.code).count()).sum::<usize>(), 95);
        assert!(cities.iter().all(|city| city.province == "江苏"));
    }

    #[test]
    fn a_name_is_found_short_full_english_and_in_old_spelling() {
        for name in ["南京", "南京市", "Nanjing", "nanjing", " 南京 "] {
            assert_eq!(by_name(name).unwrap().code, code("320100"), "{name}");
        }
        assert_eq!(by_name("博州").unwrap().code, code("652700"));
        assert_eq!(by_name("昆山").unwrap().code, code("320583"));
        assert_eq!((by_code_text("320100"), by_code_text("1142A")), (by_name("南京"), None));
    }

    #[test]
    fn a_city_goes_before_a_province_and_a_county_of_its_name() {
        assert_eq!(by_name("吉林").unwrap().code, code("220200"));
        assert_eq!(by_name("淮安").unwrap().code, code("320800"));
        assert_eq!(by_name("上海").unwrap().province, "上海");
    }

    #[test]
    fn an_ambiguous_name_needs_a_place() {
        assert_eq!(by_name("Suzhou"), None);
        assert_eq!(by_name_near("Suzhou", 120.6, 31.3).unwrap().name, "苏州");
        assert_eq!(by_name_near("Suzhou", 117.0, 33.6).unwrap().name, "宿州");
        assert_eq!(by_name_near("Suzhou", 80.0, 40.0), None);
        assert_eq!(by_name("鼓楼"), None);
    }

    #[test]
    fn every_region_has_names_and_lies_in_china() {
        assert_eq!(all().len(), 30 + 337 + 95 + 32 - 11);
        for region in all() {
            assert!((73.0..136.0).contains(&region.lon) && (3.0..54.0).contains(&region.lat), "{}", region.name);
            assert!(
                !region.name.is_empty() && !region.name_en.is_empty() && !region.province.is_empty(),
                "{}",
                region.code
            );
            assert_eq!(by_code(region.code), Some(region));
        }
    }
}
