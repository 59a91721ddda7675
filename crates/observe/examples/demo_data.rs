//! Makes the files of `data/demo` from a folder of public observations:
//! `cargo run --release -p qingkong-observe --example demo_data -- DATA_DIR OUT_DIR`.
//! What went in, and from where, is told in `data/demo/SOURCES.md`.

use observe::demo::{self, Written};
use observe::import::parquet::Labels;
use observe::regions::{self, Region};
use observe::{Observation, ObserveError};
use std::path::{Path, PathBuf};
use units::{BeijingDay, RegionCode};

const NOTE: &str = "demonstration data: public real-time values, not reviewed";
const CITIES: Labels<'_> = Labels {
    source: "中国环境监测总站 real-time release, hourly city means, as archived publicly",
    source_id: "cnemc-city",
    note: NOTE,
};
const STATIONS: Labels<'_> = Labels {
    source: "中国环境监测总站 real-time release, hourly station values, as archived publicly",
    source_id: "cnemc-station",
    note: NOTE,
};
/// How far a neighbour's air can matter within a night or two.
const NEIGHBOUR_KM: f64 = 300.0;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(data), Some(out)) = (arguments.next(), arguments.next()) else {
        return Err("usage: demo_data DATA_DIR OUT_DIR".into());
    };
    show("Jiangsu years", &jiangsu(&data, &out)?);
    show("neighbours", &neighbours(&data, &out)?);
    show("stations", &stations(&data, &out)?);
    Ok(())
}

fn jiangsu(data: &Path, out: &Path) -> Result<Written, ObserveError> {
    let file = |years: &str| data.join(format!("air/jiangsu_cities/jiangsu_cities_{years}.csv.gz"));
    let inputs = ["201407-201506", "201607-201706", "201707-201806"].map(file);
    demo::write(&inputs, &|_| true, &CITIES, &out.join("jiangsu-cities-2014-07_2018-06.parquet"))
}

fn neighbours(data: &Path, out: &Path) -> Result<Written, ObserveError> {
    let (first, last) = (day(2017, 12, 20), day(2018, 2, 5));
    let inputs: Vec<PathBuf> =
        (0..=last - first).map(|n| city_file(data, first + n)).filter(|path| path.exists()).collect();
    let codes: Vec<RegionCode> = neighbour_cities().iter().map(|region| region.code).collect();
    let keep = |observation: &Observation| observation.site.region().is_some_and(|code| codes.contains(&code));
    demo::write(&inputs, &keep, &CITIES, &out.join("neighbours-winter-2017-18.parquet"))
}

fn city_file(data: &Path, day: BeijingDay) -> PathBuf {
    let date = day.to_date().format("%Y%m%d");
    data.join(format!("air/china_cities/{}/china_cities_{date}.csv.gz", day.year()))
}

fn neighbour_cities() -> Vec<&'static Region> {
    let cities = |code: &str| regions::cities_of(code.parse().expect("a province code of six digits"));
    let home: Vec<&Region> = cities("320000").collect();
    let near = |region: &&Region| home.iter().any(|city| kilometres(city, region) <= NEIGHBOUR_KM);
    ["310000", "330000", "340000", "370000", "410000"].iter().flat_map(|code| cities(code)).filter(near).collect()
}

/// Flat-earth distance, good to a percent at this size.
fn kilometres(a: &Region, b: &Region) -> f64 {
    let east = (a.lon - b.lon) * 111.3 * a.lat.to_radians().cos();
    east.hypot((a.lat - b.lat) * 111.3)
}

fn stations(data: &Path, out: &Path) -> Result<Written, ObserveError> {
    let input = data.join("air/cnemc_snapshots/airnow_20180220T07.geojson.gz");
    let provinces: Vec<RegionCode> =
        ["310000", "320000", "330000", "340000", "370000"].iter().filter_map(|code| code.parse().ok()).collect();
    let inside = |city: Option<RegionCode>| city.is_some_and(|city| provinces.contains(&city.province()));
    let mut sites = Vec::new();
    let report = observe::import::read_path(&input, &mut |record| {
        if let observe::Record::Site(site) = record
            && inside(site.city)
        {
            sites.push(site);
        }
        Ok(())
    })?;
    write_sites(&sites, &out.join("stations.csv"))?;
    println!("stations: {} of {} listed", sites.len(), report.sites);
    let keep = |observation: &Observation| sites.iter().any(|site| site.code == observation.site);
    demo::write(&[input], &keep, &STATIONS, &out.join("stations-2018-02-20T07.parquet"))
}

fn write_sites(sites: &[observe::SiteInfo], out: &Path) -> Result<(), ObserveError> {
    let mut text = String::from("code,name,city,lon,lat\n");
    for site in sites {
        let city = site.city.map(|city| city.to_string()).unwrap_or_default();
        text.push_str(&format!("{},{},{city},{},{}\n", site.code, site.name, site.lon, site.lat));
    }
    std::fs::write(out, text)
        .map_err(|error| ObserveError::Write { file: out.display().to_string(), what: error.to_string() })
}

fn day(year: i32, month: u32, day: u32) -> BeijingDay {
    BeijingDay::from_ymd(year, month, day).expect("a day of the calendar")
}

fn show(what: &str, written: &Written) {
    let cells = written.rows * 6;
    let share = 100.0 * written.missing as f64 / cells.max(1) as f64;
    println!("{what}: {} rows, {} sites, {:.2} % of cells missing", written.rows, written.sites, share);
    for note in written.reports.iter().flat_map(|report| &report.refusals) {
        println!("  refused: {note:?}");
    }
}
