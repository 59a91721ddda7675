use super::*;
use units::MassUnit;

fn edition(year: &str) -> &'static AqiEdition {
    AqiEdition::by_id(year).unwrap()
}

fn ug(value: i64) -> Option<Concentration> {
    Some(Concentration::micrograms(value))
}

fn clean_day() -> DayMeans {
    let co = Concentration::parse("0.8", MassUnit::Milligram).ok();
    DayMeans { so2: ug(10), no2: ug(20), co, o3_max_1h: ug(70), o3_max_8h: ug(60), pm10: ug(40), pm25: ug(20) }
}

fn clean_hour() -> HourMeans {
    let day = clean_day();
    let (o3, o3_8h) = (ug(60), ug(55));
    HourMeans { so2: day.so2, no2: day.no2, co: day.co, o3, o3_8h, pm10: day.pm10, pm25: day.pm25 }
}

fn number(report: &AqiReport) -> Option<u16> {
    report.aqi.map(Aqi::get)
}

#[test]
fn a_clean_day_has_an_index_and_no_primary_pollutant() {
    let report = edition("2026").day_aqi(&clean_day());
    assert_eq!((number(&report), report.level), (Some(40), Some(AqiLevel::Good)));
    assert!(report.primary.is_empty() && report.note.is_none());
    assert_eq!(report.standard, "HJ 633-2026");
}

#[test]
fn the_same_day_is_good_in_2012_and_polluted_in_2026() {
    let day = DayMeans { pm25: ug(75), ..clean_day() };
    let (old, new) = (edition("2012").day_aqi(&day), edition("2026").day_aqi(&day));
    assert_eq!((number(&old), number(&new)), (Some(100), Some(114)));
    assert_eq!((old.primary.as_slice(), old.level), ([Pollutant::Pm25].as_slice(), Some(AqiLevel::Moderate)));
}

#[test]
fn equal_indices_share_the_primary_place() {
    let day = DayMeans { pm25: ug(115), pm10: ug(250), ..clean_day() };
    assert_eq!(edition("2026").day_aqi(&day).primary, [Pollutant::Pm10, Pollutant::Pm25]);
}

#[test]
fn ozone_with_both_items_largest_is_named_once() {
    let day = DayMeans { o3_max_1h: ug(200), o3_max_8h: ug(160), ..clean_day() };
    assert_eq!(edition("2012").day_aqi(&day).primary, [Pollutant::O3]);
}

#[test]
fn an_index_of_exactly_fifty_has_no_primary_pollutant() {
    let at = |pm25| edition("2026").day_aqi(&DayMeans { pm25: ug(pm25), ..clean_day() });
    assert!(at(35).primary.is_empty());
    assert_eq!(at(36).primary, [Pollutant::Pm25]);
}

#[test]
fn in_2026_a_missing_pollutant_withholds_the_index_up_to_100() {
    let at = |pm25| edition("2026").day_aqi(&DayMeans { pm25: ug(pm25), so2: None, ..clean_day() });
    let withheld = at(60);
    assert_eq!((number(&withheld), withheld.level, withheld.primary.len()), (None, None, 0));
    assert_eq!(withheld.note.as_deref(), Some("NA: SO2; incomplete and not above 100: AQI not published"));
    assert!(withheld.indices.contains(&(Column::Pm25Day, Some(Iaqi::new(100).unwrap()))));
    assert_eq!(number(&at(61)), Some(101));
}

#[test]
fn in_2026_a_pollutant_outside_the_programme_does_not_block() {
    let day = DayMeans { so2: None, ..clean_day() };
    assert_eq!(number(&edition("2026").day_aqi_without(&day, &[Pollutant::So2])), Some(40));
    assert_eq!(number(&edition("2026").day_aqi_without(&day, &[Pollutant::Co])), None);
}

#[test]
fn in_2012_a_missing_pollutant_is_named_and_the_rest_counts() {
    let report = edition("2012").day_aqi(&DayMeans { so2: None, ..clean_day() });
    assert_eq!((number(&report), report.note.as_deref()), (Some(40), Some("NA: SO2")));
}

#[test]
fn nothing_measured_is_no_index_in_either_edition() {
    for edition in AqiEdition::all() {
        let report = edition.day_aqi(&DayMeans::default());
        assert_eq!((report.aqi, report.primary.len()), (None, 0));
        assert!(report.note.unwrap().contains("PM2_5"));
    }
}

#[test]
fn hourly_so2_above_800_is_200_in_2026_and_left_to_the_day_in_2012() {
    let hour = HourMeans { so2: ug(801), ..clean_hour() };
    assert_eq!(number(&edition("2026").hour_aqi(&hour)), Some(200));
    let old = edition("2012").hour_aqi(&hour);
    assert_eq!(old.indices[0], (Column::So2Hour, None));
    assert_eq!(old.note.as_deref(), Some("SO2_1h above its table: SO2 follows SO2_24h; NA: SO2"));
}

#[test]
fn ozone_above_800_over_8h_is_300_in_2026_and_left_to_the_hour_in_2012() {
    let day = DayMeans { o3_max_8h: ug(801), o3_max_1h: ug(900), ..clean_day() };
    assert_eq!(number(&edition("2026").day_aqi(&day)), Some(300));
    assert_eq!(number(&edition("2012").day_aqi(&day)), Some(350));
}

#[test]
fn the_hourly_report_of_2026_knows_no_8h_ozone() {
    let hour = HourMeans { o3_8h: ug(215), ..clean_hour() };
    assert_eq!(number(&edition("2026").hour_aqi(&hour)), Some(40));
    assert_eq!(number(&edition("2012").hour_aqi(&hour)), Some(150));
}

#[test]
fn a_negative_value_is_na_with_its_reason() {
    let report = edition("2012").day_aqi(&DayMeans { co: ug(-1), ..clean_day() });
    assert_eq!(report.note.as_deref(), Some("CO_24h negative: not used; NA: CO"));
}

#[test]
fn the_2026_index_starts_at_one() {
    let zero = ug(0);
    let day = DayMeans { so2: zero, no2: zero, co: zero, o3_max_1h: zero, o3_max_8h: zero, pm10: zero, pm25: zero };
    assert_eq!((number(&edition("2012").day_aqi(&day)), number(&edition("2026").day_aqi(&day))), (Some(0), Some(1)));
}
