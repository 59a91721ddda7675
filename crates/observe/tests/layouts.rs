//! A few rows of facts in every layout: recognised by content, read to the last cell, the same every time.

use observe::{ImportReport, Record, import};
use std::path::PathBuf;

/// File, layout, then rows, kept, missing, sites, duplicates, refused.
const FILES: [(&str, &str, [u64; 6]); 29] = [
    ("cnemc_city.csv", "cnemc-city", [15, 24, 6, 0, 0, 0]),
    ("jiangsu_city.csv.gz", "cnemc-city", [30, 155, 1, 0, 0, 0]),
    ("prsa.csv", "uci-prsa", [5, 26, 4, 0, 0, 0]),
    ("five_cities.csv", "uci-five-cities", [3, 6, 3, 0, 0, 0]),
    ("yangtze.csv", "yangtze-stations", [4, 24, 0, 0, 0, 0]),
    ("yangtze_sites.csv", "site-list", [3, 0, 0, 3, 0, 0]),
    ("watch_points_city.csv", "watch-points", [4, 12, 6, 0, 1, 0]),
    ("watch_points_nation.csv", "watch-points", [3, 17, 1, 0, 0, 0]),
    ("kdd_filled.csv", "kdd2018", [3, 18, 0, 0, 0, 0]),
    ("kdd_beijing.csv", "kdd2018", [3, 12, 6, 0, 0, 0]),
    ("kdd_london.csv", "kdd2018", [3, 9, 9, 0, 0, 0]),
    ("kdd_stations.csv", "site-list", [3, 0, 0, 3, 0, 0]),
    ("aqistudy_day.csv", "aqistudy-day", [3, 18, 0, 0, 0, 0]),
    ("cumcm_national.gbk.csv", "cumcm2019d-national", [3, 18, 0, 0, 0, 0]),
    ("cumcm_micro.csv", "cumcm2019d-micro", [3, 18, 0, 0, 0, 0]),
    ("uair_shanghai.txt", "uair-shanghai", [3, 0, 0, 0, 0, 9]),
    ("uair_stations.txt", "site-list", [2, 0, 0, 2, 0, 0]),
    ("us_aqi.csv", "us-aqi-stations", [3, 0, 0, 3, 0, 18]),
    ("text_columns.txt", "text-columns", [3, 18, 0, 3, 0, 0]),
    ("openair.csv", "openair-mydata", [4, 4, 4, 0, 0, 11]),
    ("gnn_stations.csv", "site-list", [3, 0, 0, 3, 0, 0]),
    ("gnn_cities.txt", "city-lines", [3, 0, 0, 3, 0, 0]),
    ("zigong_stations.csv", "site-list", [3, 0, 0, 3, 0, 0]),
    ("city_geo.json", "place-json", [2, 0, 0, 2, 0, 0]),
    ("places.json", "place-json", [2, 0, 0, 2, 0, 0]),
    ("own.csv", "qingkong-csv", [2, 11, 1, 0, 0, 0]),
    ("cnemc.geojson", "cnemc-geojson", [2, 12, 0, 2, 0, 0]),
    ("cnemc.xml", "cnemc-xml", [2, 6, 6, 2, 0, 0]),
    ("../../../../data/demo/stations.csv", "site-list", [308, 0, 0, 308, 0, 0]),
];

fn read(file: &str) -> (ImportReport, Vec<Record>) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(file);
    let mut records = Vec::new();
    let report = import::read_path(&path, &mut |record| {
        records.push(record);
        Ok(())
    });
    (report.unwrap_or_else(|error| panic!("{error}")), records)
}

#[test]
fn every_layout_is_recognised_and_counted() {
    for (file, layout, counts) in FILES {
        let (r, records) = read(file);
        let found = [r.rows_read, r.kept, r.missing, r.sites, r.duplicates, r.refused];
        assert_eq!((r.format, found), (layout, counts), "{file}: {:?}", r.refusals);
        assert_eq!(records.len() as u64, r.kept + r.missing + r.sites, "{file}");
    }
}

#[test]
fn importing_twice_gives_the_same_records_and_report() {
    for (file, ..) in FILES {
        assert_eq!(read(file), read(file), "{file}");
    }
}

#[test]
fn the_digest_is_of_the_bytes_as_received() {
    let (report, _) = read("own.csv");
    assert_eq!(report.sha256.len(), 64);
    let gz = read("jiangsu_city.csv.gz").0.sha256;
    assert_ne!(gz, report.sha256);
}
