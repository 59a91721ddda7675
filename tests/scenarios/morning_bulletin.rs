//! 08:30, the bulletin of the day before: indices of the cities, then the figures of the period.

use crate::sample::{nanjing_hours, write};
use driver::qingkong;
use serde_json::Value;
use std::collections::BTreeMap;

/// Day means of 2018-01-16 as the national network published them (µg/m³, CO mg/m³; O3 as the highest hour and
/// the highest 8 hours), and what HJ 633-2012 makes of them.
const DAY: &str = "
 site    SO2  NO2   CO  O3  O3_8h  PM10  PM2_5  ->  aqi  level  primary
 南京     17  100  1.42  23     14   164    125  ->  165      4  PM2_5
 南通     16   61  0.93  57     24   112     91  ->  120      3  PM2_5
 徐州     37   78  2.16  22     12   289    240  ->  290      5  PM2_5
 扬州     17   79  1.55  32     21   172    104  ->  137      3  PM2_5
 盐城     11   40  0.97  66     54   107     86  ->  114      3  PM2_5
 淮安     16   71  1.50  39     28   183    158  ->  208      5  PM2_5
";

#[test]
fn the_indices_of_a_real_winter_day_are_those_of_the_standard() {
    let rows: Vec<Vec<&str>> = DAY.trim().lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
    let mut input = String::from("time,site,SO2,NO2,CO,O3,O3_8h,PM10,PM2_5\n");
    for row in &rows {
        input += &format!("2018-01-16,{}\n", row[..8].join(","));
    }
    let table = qingkong("aqi --period day").reading(input).run().accepted();
    for (name, at) in [("site", 0), ("aqi", 9), ("level", 10), ("primary", 11)] {
        let expected: Vec<_> = rows.iter().map(|row| row[at]).collect();
        assert_eq!(table.column(name), expected, "{name}");
    }
    assert!(table.column("standard").iter().all(|id| *id == "HJ 633-2012"), "{}", table.output);
}

#[test]
fn the_edition_in_force_on_the_day_is_used_and_another_can_be_asked_for() {
    let input = "time,site,SO2,NO2,CO,O3_8h,PM10,PM2_5\n2026-04-01,320100,10,30,0.8,90,60,40\n";
    let standards = |words: &str| {
        let outcome = qingkong(words).reading(input).run().accepted();
        outcome.column("standard").join(",")
    };
    assert_eq!(standards("aqi --period day"), "HJ 633-2026");
    assert_eq!(standards("aqi --period day --standard 2012"), "HJ 633-2012");
}

#[test]
fn the_period_is_evaluated_from_the_hours() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "nanjing.csv", nanjing_hours());
    let call = "evaluate --observations nanjing.csv --from 2018-01-15 --to 2018-01-16";
    let outcome = qingkong(call).within(folder.path()).run().accepted();
    let report: Value = serde_json::from_str(&outcome.output).unwrap();
    let area = &report["areas"][0];
    // Means by hand: PM2.5 (35 + 200) / 2 = 117.5, rounded half to even.
    let figures: BTreeMap<_, _> = [
        ("mean", &area["pollutants"]["PM2_5"]["mean"]),
        ("good_days", &area["good_days"]),
        ("valid_days", &area["valid_days"]),
        ("heavy_days", &area["heavy_days"]),
        ("good_ratio", &area["good_ratio"]),
    ]
    .into();
    let number = |name: &str| figures[name].as_f64().unwrap_or_else(|| panic!("{name} in {report:#}"));
    assert_eq!(number("mean"), 118.0, "{report:#}");
    assert_eq!((number("good_days"), number("valid_days"), number("heavy_days")), (1.0, 2.0, 1.0));
    assert_eq!(number("good_ratio"), 0.5);
}
