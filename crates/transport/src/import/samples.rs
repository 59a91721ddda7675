//! Files written from their layouts, where no sample exists; and what changed or cut bytes of them come to.

use super::*;
use crate::source::{Point, Precursor, Source};
use modelfile::testing::{NetCdf, Value};
use proptest::prelude::*;
use units::{KilogramPerDay, Pollutant};

pub(super) const TAGS: &[u8] = b"tag,region,sector,stack,precursor,pollutant\nXZ1,320300,power,,,\nNJ1,320100,steel,,,\n001003,320300,power,,,\ntr17_1,320300,power,,PM2_5,PM2_5\n";

pub(super) fn nanjing() -> City {
    City { code: "320100".parse().unwrap(), lon: 118.8, lat: 32.0 }
}

pub(super) fn site(lon: f64, lat: f64, height_m: f64) -> SourceSite {
    let source = Source { region: "320300".parse().unwrap(), sector: "power".into(), stack: "A".into() };
    let base =
        [Precursor::Pm25, Precursor::So2].into_iter().map(|precursor| (precursor, KilogramPerDay(1e3))).collect();
    SourceSite { source, points: vec![Point { lon, lat, share: 1.0 }], height_m, base }
}

fn padded(text: &str) -> Value {
    Value::Text(format!("{text:<16}"))
}

/// ISAM: 25 hours from 15 UTC on the 14th on 3 x 3 cells of 27 km about Nanjing; the middle cell is the fifth.
pub(super) fn isam(unit: &str, tag: &str) -> Vec<u8> {
    let dims = [("TSTEP", 0), ("DATE-TIME", 2), ("LAY", 1), ("VAR", 1), ("ROW", 3), ("COL", 3)];
    let cells = ["TSTEP", "LAY", "ROW", "COL"];
    let values = |of: f32| Value::Floats((0..225).map(|n| of + (n % 9) as f32).collect());
    let stamps = (0..25).flat_map(|n| [2018014 + (15 + n) / 24, (15 + n) % 24 * 10_000]).collect();
    let sulphate = format!("ASO4J_{tag}");
    NetCdf::new(&dims)
        .lambert_about_nanjing()
        .attribute("UPNAM", padded("SA_ACONC"))
        .variable("TFLAG", &["TSTEP", "VAR", "DATE-TIME"], &[], Value::Ints(stamps))
        .variable(&sulphate, &cells, &[("units", padded(unit))], values(1.0))
        .variable("ASO4I_XZ1", &cells, &[("units", padded("ug m-3"))], values(0.5))
        .variable("ANO3J_NJ1", &cells, &[("units", padded("ug m-3"))], values(2.0))
        .variable("ASO4J_BCO", &cells, &[("units", padded("ug m-3"))], values(3.0))
        .variable("ASO4J_ICO", &cells, &[("units", padded("ug m-3"))], Value::Floats(vec![0.0; 225]))
        .variable("ASO4J_OTH", &cells, &[("units", padded("ug m-3"))], values(0.0))
        .variable("SO2_XZ1", &cells, &[("units", padded("ppmV"))], Value::Floats(vec![0.001; 225]))
        .bytes(25)
}

fn record(body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u32).to_be_bytes();
    [&length[..], body, &length].concat()
}

fn wide(text: &str, length: usize) -> Vec<u8> {
    format!("{text:<length$}").bytes().flat_map(|letter| [letter, b' ', b' ', b' ']).collect()
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// PSAT: the 24 hours of a Beijing day on 2 x 2 cells of half a degree from 118.5 E 31.75 N.
pub(super) fn psat(species: &[(&str, f32)]) -> Vec<u8> {
    let bits = |value: f32| value.to_bits();
    let stamp = |n: u32| [18_014 + (16 + n) / 24, bits(((16 + n) % 24) as f32)];
    let title = [wide("AVERAGE", 10), wide("test", 60), words(&[0, species.len() as u32, 0, 0, 0, 0])].concat();
    let grid = words(&[0, 0, 0, bits(118.5), bits(31.75), bits(0.5), bits(0.5), 2, 2, 1, 0, 0, 0, 0, 0]);
    let names: Vec<u8> = species.iter().flat_map(|(name, _)| wide(name, 10)).collect();
    let mut file = [record(&title), record(&grid), record(&words(&[1, 1, 2, 2])), record(&names)].concat();
    for n in 0..24 {
        file.extend(record(&words(&[stamp(n), stamp(n + 1)].concat())));
        for (name, value) in species {
            let values = words(&[1, 2, 3, 4].map(|n| bits(value * n as f32)));
            file.extend(record(&[words(&[1]), wide(name, 10), values].concat()));
        }
    }
    file
}

/// WRF-Chem: 24 hours to the end of a Beijing day on 2 x 2 cells, a tracer and the total.
pub(super) fn wrf(total: f32) -> Vec<u8> {
    let dims = [("Time", 0), ("DateStrLen", 19), ("west_east", 2), ("south_north", 2)];
    let text: String =
        (0..24).map(|n| format!("2018-01-{:02}_{:02}:00:00", 14 + (17 + n) / 24, (17 + n) % 24)).collect();
    let plane = ["Time", "south_north", "west_east"];
    let unit = [("units", Value::Text("ug m^-3".into()))];
    let over = |values: [f32; 4]| Value::Floats((0..24).flat_map(|_| values).collect());
    NetCdf::new(&dims)
        .attribute("SIMULATION_START_DATE", Value::Text("2018-01-13_00:00:00".into()))
        .variable("Times", &["Time", "DateStrLen"], &[], Value::Text(text))
        .variable("XLAT", &plane, &[], over([31.75, 31.75, 32.25, 32.25]))
        .variable("XLONG", &plane, &[], over([118.5, 119.0, 118.5, 119.0]))
        .variable("PM2_5_DRY", &plane, &unit, over([total; 4]))
        .variable("tr17_1", &plane, &unit, over([1.0, 2.0, 3.0, 4.0]))
        .bytes(24)
}

/// cdump: four spans of 6 h from 16 UTC, 3 x 3 cells of a degree from 118 E 31 N, deposition and 100 m; packed or whole.
pub(super) fn cdump(packed: bool, lies: Option<u32>) -> Vec<u8> {
    let bits = |value: f32| value.to_bits();
    let time = |hours: u32| words(&[18, 1, 14 + (16 + hours) / 24, (16 + hours) % 24, 0, hours]);
    let mut file = record(&[b"TEST".to_vec(), words(&[18, 1, 14, 16, 0, 1, u32::from(packed)])].concat());
    file.extend(record(&words(&[18, 1, 14, 16, bits(34.0), bits(117.0), bits(50.0), 0])));
    file.extend(record(&words(&[lies.unwrap_or(3), 3, bits(1.0), bits(1.0), bits(31.0), bits(118.0)])));
    file.extend(record(&words(&[2, 0, 100])));
    file.extend(record(&[words(&[1]), b"PM25".to_vec()].concat()));
    for n in 0..4 {
        file.extend([record(&time(6 * n)), record(&time(6 * n + 6))].concat());
        for (level, scale) in [(0u32, 100.0f32), (100, 1.0)] {
            let value = scale * (n + 1) as f32 * 1e-9;
            let field = if packed {
                // Column 2, row 2: 119 E 32 N.
                [words(&[1]), 2u16.to_be_bytes().to_vec(), 2u16.to_be_bytes().to_vec(), words(&[bits(value)])].concat()
            } else {
                (0..9).flat_map(|cell| bits(if cell == 4 { value } else { 0.0 }).to_be_bytes()).collect()
            };
            file.extend(record(&[b"PM25".to_vec(), words(&[level]), field].concat()));
        }
    }
    file
}

/// InMAP: three cells of a degree in a row from 117 E, three layers, primary particles only.
pub(super) fn isrm(value: f32) -> Vec<u8> {
    let edge = |values: [f64; 3]| Value::Doubles(values.to_vec());
    let unit = [("units", Value::Text("ug m-3 per ug s-1".into()))];
    let values = (0..27).map(|n| value * (n + 1) as f32).collect();
    NetCdf::new(&[("layer", 3), ("source", 3), ("receptor", 3)])
        .variable("W", &["source"], &[], edge([117.0, 118.0, 119.0]))
        .variable("E", &["source"], &[], edge([118.0, 119.0, 120.0]))
        .variable("S", &["source"], &[], edge([31.5; 3]))
        .variable("N", &["source"], &[], edge([32.5; 3]))
        .variable("PrimaryPM25", &["layer", "source", "receptor"], &unit, Value::Floats(values))
        .bytes(0)
}

pub(super) const STILT: &[u8] = include_bytes!("../../fixtures/stilt.nc");
pub(super) const FLEXPART: &[u8] = include_bytes!("../../fixtures/flexpart.nc");

/// Reads with everything a file may need.
pub(super) fn try_read(bytes: &[u8]) -> Result<(Imported, Vec<Note>), TransportError> {
    let (tags, cities, sites) = (Tags::read_csv(TAGS).unwrap(), [nanjing()], [site(118.7, 32.0, 30.0)]);
    let source = Source { region: "320300".parse().unwrap(), sector: "power".into(), stack: String::new() };
    let release = Release { source, precursor: Precursor::Pm25, pollutant: Pollutant::Pm25, units_per_day: 24.0 };
    let days = ["2018-01-15".parse().unwrap()];
    read(
        bytes,
        &Request {
            file: "x",
            cities: &cities,
            tags: Some(&tags),
            sites: &sites,
            release: Some(&release),
            days: &days,
            ..Request::default()
        },
    )
}

fn matrix(bytes: &[u8]) -> Matrix {
    match try_read(bytes).unwrap().0 {
        Imported::Matrix(matrix) => matrix,
        Imported::Contributions(_) => panic!("a matrix was expected"),
    }
}

fn contributions(bytes: &[u8]) -> Contributions {
    match try_read(bytes).unwrap().0 {
        Imported::Contributions(contributions) => contributions,
        Imported::Matrix(_) => panic!("contributions were expected"),
    }
}

fn told(bytes: &[u8]) -> String {
    try_read(bytes).unwrap_err().to_string()
}

fn parts(bytes: &[u8], pollutant: Pollutant) -> Vec<(String, f64)> {
    let found = contributions(bytes);
    let of = found.rows.into_iter().filter(|row| row.receptor.pollutant == pollutant);
    of.map(|row| {
        let whose = match row.whose {
            crate::Whose::Source(source) => source.to_string(),
            crate::Whose::Background(background) => background.code().to_string(),
        };
        (format!("{whose} {}", row.precursor.unwrap()), row.ug_m3)
    })
    .collect()
}

#[test]
fn isam_sums_species_to_pollutants_and_tags_to_sources() {
    let file = isam("ug m-3", "XZ1");
    // The middle cell has 4 more than the first; ASO4J 5, ASO4I 4.5, ANO3J 6, boundary 7.
    let sources = [("320100/steel NOx", 6.0), ("320300/power SO2", 9.5)];
    let expected = [sources[0], sources[1], ("initial SO2", 0.0), ("boundary SO2", 7.0), ("other SO2", 4.0)];
    assert_eq!(parts(&file, Pollutant::Pm25), expected.map(|(name, value)| (name.to_string(), value)));
    let sulphur = parts(&file, Pollutant::So2)[0].1;
    assert!((sulphur / (64.066 / 22.414) - 1.0).abs() < 1e-4, "one ppb before September 2018: {sulphur}");
    let (found, notes) = try_read(&file).unwrap();
    let Imported::Contributions(found) = found else { panic!() };
    // Of SO2 only one tag is there: no total.
    let totals: Vec<(Pollutant, f64)> = found.totals.iter().map(|(at, total)| (at.pollutant, *total)).collect();
    assert_eq!(totals, [(Pollutant::Pm10, 26.5), (Pollutant::Pm25, 26.5)]);
    // The hour from 15 UTC belongs to the 14th in Beijing.
    assert!(notes[0].to_string().starts_with("X-404 2018-01-14: 1 of 24 hours"), "{}", notes[0]);
}

#[test]
fn isam_refuses_unknown_tags_wrong_units_and_files_without_tags() {
    assert!(told(&isam("ug m-3", "WX1")).starts_with("X-105 cmaq-isam: the tag \"WX1\" of ASO4J_WX1"));
    assert!(told(&isam("K", "XZ1")).starts_with("X-106 ASO4J_XZ1 is in \"K\""));
    let mask = NetCdf::new(&[("TSTEP", 0)]).attribute("GDTYP", Value::Ints(vec![2])).bytes(0);
    assert!(told(&mask).starts_with("X-104 cmaq-isam"));
}

#[test]
fn psat_reads_class_group_and_region_from_a_name() {
    let file = psat(&[("PS4001003", 10.0), ("PN3001003", 1.0), ("PS4000BC", 2.0), ("O3", 0.05)]);
    // The first of four cells is the nearest to Nanjing.
    let expected = [("320300/power SO2", 10.0), ("320300/power NOx", 1.0), ("boundary SO2", 2.0)];
    assert_eq!(parts(&file, Pollutant::Pm25), expected.map(|(name, value)| (name.to_string(), value)));
    assert!(told(&psat(&[("O3", 0.05)])).starts_with("X-104 camx-psat"));
    assert!(told(&psat(&[("PS4002001", 1.0)])).starts_with("X-105 camx-psat: the tag \"002001\""));
    assert!(told(&psat(&[("PS4001003", f32::NAN)])).starts_with("X-109"));
    assert!(told(&psat(&[("PS4001003", -1.0)])).starts_with("X-110"));
    assert!(told(&file[..file.len() - 3]).starts_with("X-103 camx-psat"));
}

#[test]
fn wrf_tracers_by_table_and_a_run_without_the_source() {
    let found = contributions(&wrf(80.0));
    assert_eq!((found.rows[0].ug_m3, found.totals.values().copied().sum::<f64>()), (4.0, 80.0));
    let less = found.less(&contributions(&wrf(77.0)), site(0.0, 0.0, 0.0).source, Precursor::Pm25).unwrap();
    assert_eq!(less.rows[0].ug_m3, 3.0);
}

#[test]
fn cdump_is_concentration_over_release_packed_or_not() {
    // Means over the day 2.5e-9 units/m3 of 24 units a day, in ug per kg.
    for packed in [true, false] {
        let found = matrix(&cdump(packed, None));
        let value = found.cells()[0].response.value.0;
        assert!((value / (2.5e-9 / 24.0 * 1e9) - 1.0).abs() < 1e-6, "{value}");
        assert_eq!(found.receptors()[0].to_string(), "320100 2018-01-15 PM2_5");
    }
}

#[test]
fn cdump_refuses_lies_and_cut_files() {
    assert!(told(&cdump(true, Some(u32::MAX))).starts_with("X-103 hysplit-cdump: more than"));
    assert!(told(&cdump(false, Some(4))).contains("a field of 44 bytes for 12 cells"));
    let whole = cdump(true, None);
    assert!(told(&whole[..whole.len() - 2]).starts_with("X-103 hysplit-cdump"));
    let (cities, bytes) = ([nanjing()], cdump(true, None));
    let unsaid = read(&bytes, &Request { cities: &cities, ..Request::default() }).unwrap_err().to_string();
    assert!(unsaid.starts_with("X-116 hysplit-cdump: the file does not say what was released"));
}

#[test]
fn stilt_footprints_of_another_writer_by_hand() {
    let found = matrix(STILT);
    // The cell at 118.7 E 32.0 N: 5e-3 + 17e-3 ppm per umol/(m2 s), over its area and a day.
    let area = crate::source::cell_area_m2(32.0, 0.1, 0.1);
    let by_hand = 22e-3 * 1e9 / 0.024_465 / area / 86_400.0;
    let value = found.cells()[0].response.value.0;
    assert!((value / by_hand - 1.0).abs() < 1e-9, "{value} {by_hand}");
    assert!(found.receptors().iter().all(|receptor| receptor.day.to_string() == "2018-01-15"));
    // SO2 to SO2, fine particles to both; no CO is emitted there.
    assert_eq!(found.cells().len(), 3);
}

#[test]
fn flexpart_sensitivities_over_the_depth_of_the_lowest_layer() {
    let found = matrix(FLEXPART);
    // Receptor 1 at the cell (1, 1) of layer 0: 4, 16, 28; receptor 2: 40, 52, 64; the day is their mean.
    let area = crate::source::cell_area_m2(32.25, 0.5, 0.5);
    let by_hand = (48.0 + 156.0) / 2.0 / 100.0 * 1e9 / area / 86_400.0;
    let value = found.cells()[0].response.value.0;
    assert!((value / by_hand - 1.0).abs() < 1e-6, "{value} {by_hand}");
}

#[test]
fn isrm_takes_the_layer_of_the_height_and_is_indicative() {
    let at = |height: f64| {
        let (cities, sites, days) = ([nanjing()], [site(117.5, 32.0, height)], ["2018-01-15".parse().unwrap()]);
        let request = Request { cities: &cities, sites: &sites, days: &days, ..Request::default() };
        let Imported::Matrix(found) = read(&isrm(1e-6), &request).unwrap().0 else { panic!() };
        assert_eq!(found.origin().status, Status::Indicative);
        found.cells()[0].response.value.0 / (1e-6 * 1e9 / 86_400.0)
    };
    // From cell 0 to cell 1: value 2 in the lowest layer, 11 and 20 above.
    for (height, known) in [(10.0, 2.0), (56.9, 2.0), (57.0, 11.0), (378.0, 11.0), (379.0, 20.0)] {
        assert!((at(height) / known - 1.0).abs() < 1e-5, "{height}");
    }
    assert!(told(&isrm(f32::NAN)).starts_with("X-109 PrimaryPM25, layer 0"));
    assert!(told(&isrm(-1.0)).starts_with("X-110"));
}

#[test]
fn what_is_nothing_known_is_refused() {
    assert!(told(b"").starts_with("X-101"));
    assert!(told(b"\x1f\x8bbroken").starts_with("X-101"));
    assert!(told(b"once upon a time").starts_with("X-102"));
    assert!(told(b"CDF\x01\0\0").starts_with("X-103"));
    assert!(told(b"\x89HDF\r\n\x1a\nnothing behind").starts_with("X-103"));
}

fn samples() -> Vec<Vec<u8>> {
    let psat = psat(&[("PS4001003", 10.0), ("PS4000BC", 2.0)]);
    vec![
        isam("ug m-3", "XZ1"),
        psat,
        wrf(80.0),
        cdump(true, None),
        cdump(false, None),
        isrm(1e-6),
        STILT.to_vec(),
        FLEXPART.to_vec(),
    ]
}

#[test]
fn every_sample_is_read_and_none_that_is_cut_short() {
    for (number, sample) in samples().iter().enumerate() {
        assert!(try_read(sample).is_ok(), "sample {number}");
        let step = (sample.len() / 60).max(1);
        let missed = (0..sample.len() * 9 / 10).step_by(step).filter(|length| try_read(&sample[..*length]).is_ok());
        assert_eq!(missed.count(), 0, "sample {number}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// That it returns at all is what is tested: no panic, and no room made for a number that the file states.
    #[test]
    fn changed_bytes_are_read_or_refused(
        sample in 0usize..8,
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(vec![0u8, 1, 0x7f, 0xff])), 1..12),
    ) {
        let mut bytes = samples().swap_remove(sample);
        for (at, value) in &changes {
            let at = at.index(bytes.len());
            bytes[at] = *value;
        }
        drop(try_read(&bytes));
    }
}
