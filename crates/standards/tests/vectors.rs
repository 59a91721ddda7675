//! Published test vectors of the index, computed with exact rational arithmetic by others.

use proptest::prelude::*;
use standards::{AqiEdition, Column};
use units::{Concentration, Iaqi};

fn rows(text: &'static str) -> Vec<Vec<&'static str>> {
    text.lines().skip(1).map(|line| line.split(',').collect()).collect()
}

fn iaqi(standard: &str, column: &str, concentration: &str) -> Option<u16> {
    let column = Column::from_code(column).expect("a known column");
    let value = Concentration::parse(concentration, column.pollutant().unit()).expect("a number");
    AqiEdition::by_id(standard).expect("a known edition").iaqi(column, value).map(Iaqi::get)
}

#[test]
fn every_vector_is_reproduced() {
    let rows = rows(include_str!("aqi_vectors.csv"));
    assert_eq!(rows.len(), 100);
    for row in rows {
        assert_eq!(iaqi(row[0], row[1], row[2]), row[3].parse().ok(), "{row:?}");
    }
}

#[test]
fn every_floating_point_trap_is_avoided_in_both_editions() {
    let rows = rows(include_str!("aqi_float_traps.csv"));
    assert_eq!(rows.len(), 23);
    for row in rows {
        assert_ne!(row[2], row[3]);
        for standard in ["2012", "2026"] {
            assert_eq!(iaqi(standard, row[0], row[1]), row[2].parse().ok(), "{standard} {row:?}");
        }
    }
}

/// At a breakpoint the index is the level; the smallest reportable step above it is above the level, the
/// step below is not above it.
#[test]
fn every_breakpoint_separates_its_neighbours() {
    for edition in AqiEdition::all() {
        for (column, points) in edition.columns() {
            let pollutant = column.pollutant();
            let step = pollutant.unit().picograms() / 10i64.pow(pollutant.decimals());
            let at = |picograms| edition.iaqi(column, Concentration::from_picograms(picograms)).map(Iaqi::get);
            for (place, (point, level)) in points.iter().enumerate() {
                let point = point.picograms();
                assert_eq!(at(point), Some(*level), "{} {column} {point}", edition.id());
                if place > 0 {
                    assert!(at(point - step).is_some_and(|index| index <= *level), "{column} below {point}");
                }
                if place + 1 < points.len() {
                    assert!(at(point + step) > Some(*level), "{column} above {point}");
                }
            }
        }
    }
}

#[test]
fn one_step_above_the_last_breakpoint_follows_the_edition() {
    let above = |standard| {
        Column::ALL.map(|column| {
            let edition = AqiEdition::by_id(standard).expect("a known edition");
            let (_, points) = edition.columns().find(|(other, _)| *other == column).expect("all columns are listed");
            let last = points.last().expect("no column is empty").0.picograms();
            let unit = column.pollutant().unit().picograms();
            edition.iaqi(column, Concentration::from_picograms(last + unit)).map(Iaqi::get)
        })
    };
    let top = Some(500);
    assert_eq!(above("2012"), [top, None, top, top, top, top, top, None, top, top]);
    assert_eq!(above("2026"), [top, Some(200), top, top, top, top, top, Some(300), top, top]);
}

#[test]
fn concentrations_are_rounded_first_in_2026_only() {
    assert_eq!((iaqi("2012", "PM2_5_24h", "35.4"), iaqi("2026", "PM2_5_24h", "35.4")), (Some(51), Some(50)));
    assert_eq!((iaqi("2026", "PM2_5_24h", "60.5"), iaqi("2026", "PM2_5_24h", "61.5")), (Some(100), Some(102)));
    assert_eq!((iaqi("2026", "CO_24h", "2.25"), iaqi("2026", "CO_24h", "2.35")), (Some(55), Some(60)));
    assert_eq!((iaqi("2012", "SO2_1h", "800.4"), iaqi("2026", "SO2_1h", "800.4")), (None, Some(200)));
}

proptest! {
    #[test]
    fn the_index_never_falls_when_the_concentration_rises(
        a in 0i64..200_000_000_000, b in 0i64..200_000_000_000, shift in 0u32..10,
    ) {
        // The shift spreads the draws over magnitudes, so that the low rows of the table are met too.
        let (low, high) = (a.min(b) >> shift, a.max(b) >> shift);
        for edition in AqiEdition::all() {
            for column in Column::ALL {
                let at = |picograms| edition.iaqi(column, Concentration::from_picograms(picograms)).map(Iaqi::get);
                if let (Some(low), Some(high)) = (at(low), at(high)) {
                    prop_assert!(low <= high && high <= 500, "{} {column}", edition.id());
                }
            }
        }
    }
}
