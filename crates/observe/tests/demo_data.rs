//! The bundled demonstration data is whole and says what it is.

use observe::{Record, import};
use std::collections::BTreeSet;
use std::path::PathBuf;
use units::{BeijingDay, Pollutant};

fn demo(file: &str) -> (observe::ImportReport, Vec<observe::Observation>) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data/demo").join(file);
    let mut hours = Vec::new();
    let report = import::read_path(&path, &mut |record| {
        if let Record::Hour(observation) = record {
            hours.push(observation);
        }
        Ok(())
    });
    (report.unwrap_or_else(|error| panic!("{error}")), hours)
}

#[test]
fn the_thirteen_cities_have_their_years_and_the_haze_of_january_2018() {
    let (report, hours) = demo("jiangsu-cities-2014-07_2018-06.parquet");
    assert_eq!((report.source.as_str(), report.rows_read, report.refused), ("cnemc-city", 328_562, 0));
    assert!(report.notes.iter().any(|note| note.contains("not reviewed")), "{:?}", report.notes);
    let sites: BTreeSet<_> = hours.iter().map(|o| o.site.as_str()).collect();
    assert_eq!(sites.len(), 13);
    let day: BeijingDay = "2018-01-19".parse().unwrap();
    let xuzhou = hours.iter().filter(|o| o.site.as_str() == "320300");
    let means = observe::aggregate::day_means(day, &observe::aggregate::day_hours(day, xuzhou));
    assert!(means.means.pm25.unwrap() > units::Concentration::micrograms(150), "{means:?}");
}

#[test]
fn the_neighbours_cover_the_winter() {
    let (report, hours) = demo("neighbours-winter-2017-18.parquet");
    assert_eq!((report.rows_read, report.refused), (44_772, 0));
    let sites: BTreeSet<_> = hours.iter().map(|o| o.site.as_str()).collect();
    assert!(sites.len() == 39 && sites.contains("310000") && !sites.contains("320100"));
    let days: BTreeSet<_> = hours.iter().map(|o| o.hour.day()).collect();
    assert_eq!(days.len(), 49); // 48 files; the first one's hour 0 closes the day before
}

#[test]
fn the_station_hour_has_a_position_for_every_value() {
    let (report, hours) = demo("stations-2018-02-20T07.parquet");
    assert_eq!((report.source.as_str(), report.rows_read), ("cnemc-station", 308));
    let sites: BTreeSet<_> = hours.iter().map(|o| o.site.clone()).collect();
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data/demo/stations.csv");
    let mut listed = BTreeSet::new();
    import::read_path(&path, &mut |record| {
        if let Record::Site(site) = record {
            assert!(site.city.is_some(), "{site:?}");
            listed.insert(site.code);
        }
        Ok(())
    })
    .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(sites, listed);
    assert_eq!(hours.iter().filter(|o| o.pollutant == Pollutant::Pm25).count(), 308);
}
