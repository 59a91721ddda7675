use super::*;
use crate::Hours;
use units::{BeijingDay, Concentration, Pollutant};

/// One value a day for each pollutant: µg/m³ in the order SO2, NO2, CO, O3, PM10, PM2.5.
type DayValues = [i64; 6];

const CLEAN: DayValues = [10, 20, 800, 90, 40, 20];

fn day(text: &str) -> BeijingDay {
    text.parse().unwrap()
}

fn fill(hours: &mut Hours, site: &str, values: impl Fn(usize) -> Option<DayValues>) {
    let site = site.parse().unwrap();
    let (from, days) = (hours.from(), hours.days());
    for (place, values) in (0..days).filter_map(|place| values(place).map(|values| (place, values))) {
        for hour in (from + place as i32).hours() {
            for pollutant in Pollutant::ALL {
                let value = Concentration::micrograms(values[pollutant.index()]);
                hours.insert(&site, pollutant, hour, value).unwrap();
            }
        }
    }
}

fn request<'a>(standard: &str, dust: &'a DustDays, convention: &str) -> Request<'a> {
    let convention = DustConvention::by_id(convention).unwrap();
    Request { standard: standard.parse().unwrap(), weights: Weights::Plain, dust, convention }
}

fn one_site(from: &str, to: &str, standard: &str, values: impl Fn(usize) -> Option<DayValues>) -> Evaluation {
    let mut hours = Hours::new(day(from), day(to)).unwrap();
    fill(&mut hours, "320100", values);
    evaluate(&hours, &request(standard, &DustDays::default(), "dust-kept"))
}

fn with_pm25(pm25: i64) -> DayValues {
    DayValues::from([10, 20, 800, 90, 40, pm25])
}

#[test]
fn a_clean_year_attains_and_every_day_is_good() {
    let evaluation = one_site("2018-01-01", "2018-12-31", "auto", |_| Some(CLEAN));
    let area = &evaluation.areas[0];
    assert_eq!((area.good_days, area.valid_days, area.good_ratio, area.heavy_days), (365, 365, Some(1.0), 0));
    assert_eq!((area.attained, area.rank), (Some(true), Some(1)));
    // 10/60 + 20/40 + 0.8/4 + 90/160 + 40/70 + 20/35
    assert_eq!(area.composite_index, Some(2.57));
    assert_eq!(area.pollutants["CO"].percentile, Some(0.8));
    assert_eq!((evaluation.standard.as_str(), evaluation.limits), ("HJ 633-2012", "gb3095-2012"));
}

#[test]
fn a_year_with_too_few_days_has_no_statistics_but_its_days_still_count() {
    let evaluation = one_site("2018-01-01", "2018-12-31", "auto", |place| (place % 8 != 5).then_some(CLEAN));
    let area = &evaluation.areas[0];
    let pm25 = &area.pollutants["PM2_5"];
    assert_eq!((area.valid_days, pm25.valid_days), (320, 320));
    assert_eq!(
        (pm25.valid, pm25.mean, pm25.percentile, pm25.attained, pm25.exceedance_multiple),
        (false, None, None, None, None)
    );
    assert_eq!((area.composite_index, area.rank, area.attained), (None, None, None));
    assert_eq!(area.good_ratio, Some(1.0));
}

#[test]
fn each_day_of_a_straddling_year_is_judged_by_its_own_edition() {
    let straddling = |standard: &str| one_site("2026-01-01", "2026-12-31", standard, |_| Some(with_pm25(70)));
    let auto = straddling("auto");
    assert_eq!(auto.standard, "HJ 633-2012|HJ 633-2026");
    assert_eq!((auto.rules, auto.limits), ("HJ 663-2026", "gb3095-2026-transitional"));
    assert_eq!(auto.areas[0].good_days, 59); // January and February
    assert_eq!((straddling("2012").areas[0].good_days, straddling("2026").areas[0].good_days), (365, 0));
}

#[test]
fn attainment_needs_mean_and_percentile_after_rounding() {
    // 2026 limits 30 and 60 for PM2.5. A mean of 30.4 is 30; the 95th percentile decides alone.
    let year = |values: fn(usize) -> i64| {
        let evaluation = one_site("2027-01-01", "2027-12-31", "auto", |place| Some(with_pm25(values(place))));
        let pm25 = evaluation.areas[0].pollutants["PM2_5"].clone();
        (pm25.mean, pm25.percentile, pm25.attained, pm25.exceedance_multiple)
    };
    assert_eq!(year(|place| if place % 5 < 2 { 31 } else { 30 }), (Some(30.4), Some(31.0), Some(true), Some(0.01)));
    assert_eq!(year(|place| if place % 10 == 0 { 75 } else { 20 }), (Some(25.6), Some(75.0), Some(false), Some(0.25)));
    assert_eq!(year(|_| 31), (Some(31.0), Some(31.0), Some(false), Some(0.03)));
}

#[test]
fn a_day_without_one_pollutant_counts_only_when_it_is_bad() {
    for standard in ["2012", "2026"] {
        let mut hours = Hours::new(day("2018-01-01"), day("2018-01-02")).unwrap();
        let site = "320100".parse().unwrap();
        for (place, pm25) in [40, 200].into_iter().enumerate() {
            for hour in (hours.from() + place as i32).hours() {
                hours.insert(&site, Pollutant::Pm25, hour, Concentration::micrograms(pm25)).unwrap();
            }
        }
        let area = evaluate(&hours, &request(standard, &DustDays::default(), "dust-kept")).areas.remove(0);
        assert_eq!((area.valid_days, area.good_days, area.heavy_days), (1, 0, 1), "{standard}");
    }
}

#[test]
fn dust_days_enter_as_their_convention_says() {
    let mut hours = Hours::new(day("2018-03-01"), day("2018-03-31")).unwrap();
    fill(&mut hours, "320100", |place| Some(if place == 9 { [10, 20, 800, 90, 660, 100] } else { CLEAN }));
    let mut dust = DustDays::default();
    dust.insert("320100".parse().unwrap(), day("2018-03-10"));
    let area = evaluate(&hours, &request("auto", &dust, "bulletin")).areas.remove(0);
    assert_eq!(area.pollutants["PM10"].mean, Some(40.0));
    assert_eq!((area.valid_days, area.good_days, area.heavy_days), (31, 30, 1));
    let of = |id: &str| {
        let figures = &area.by_dust_convention[id];
        (figures.pm10_mean, figures.valid_days, figures.good_days, figures.heavy_days)
    };
    assert_eq!(of("dust-kept"), (Some(60.0), 31, 30, 1));
    assert_eq!(of("bulletin"), (Some(40.0), 31, 30, 1));
    assert_eq!(of("assessment"), (Some(40.0), 30, 30, 0));
    assert_eq!(of("deducted-day"), (Some(40.0), 31, 31, 0));
}

#[test]
fn a_city_is_made_from_its_points_and_ranked_among_cities() {
    let mut hours = Hours::new(day("2018-01-01"), day("2018-01-31")).unwrap();
    for (site, city, pm25) in [("1A", "320100", 30), ("2A", "320100", 50), ("3A", "320200", 40), ("4A", "320300", 90)] {
        fill(&mut hours, site, |_| Some(with_pm25(pm25)));
        let place = hours.site(&site.parse().unwrap());
        hours.set_city(place, &city.parse().unwrap());
    }
    let evaluation = evaluate(&hours, &request("auto", &DustDays::default(), "dust-kept"));
    let row = |area: &AreaEvaluation| (area.area.as_str().to_string(), area.pollutants["PM2_5"].mean, area.rank);
    let rows: Vec<_> = evaluation.areas.iter().map(row).collect();
    assert_eq!(
        rows[4..],
        [
            ("320100".into(), Some(40.0), Some(1)),
            ("320200".into(), Some(40.0), Some(1)),
            ("320300".into(), Some(90.0), Some(3)),
        ]
    );
    assert_eq!((rows[0].2, rows[3].2), (Some(1), Some(4)));
}

#[test]
fn json_has_the_published_keys_and_null_where_validity_fails() {
    let evaluation = one_site("2018-01-01", "2018-01-31", "auto", |place| (place < 20).then_some(CLEAN));
    let json = serde_json::to_value(&evaluation).unwrap();
    let area = &json["areas"][0];
    assert_eq!((&json["from"], &json["to"]), (&"2018-01-01".into(), &"2018-01-31".into()));
    assert_eq!((&area["area"], &area["valid_days"], &area["good_ratio"]), (&"320100".into(), &20.into(), &1.0.into()));
    for key in ["mean", "percentile", "attained", "exceedance_multiple"] {
        assert!(area["pollutants"]["PM2_5"][key].is_null(), "{key}");
    }
    assert_eq!(area["pollutants"]["PM2_5"]["valid"], false);
    assert!(area["composite_index"].is_null() && area["rank"].is_null() && area.get("composite").is_none());
}
