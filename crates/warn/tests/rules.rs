//! Hand-worked cases at every boundary of the plans, and the properties every plan must keep.

use forecast::{History, Trajectories};
use proptest::prelude::*;
use units::{BeijingHour, Pollutant, WarningLevel};
use warn::{Check, Indexed, NO_INDEX, Plan, check, check_indexed};

/// Label 21:00 of 13 January 2018: the first hour of a 20:00 issue.
fn first_hour() -> BeijingHour {
    "2018-01-13T21:00:00+08:00".parse().expect("a whole hour")
}

fn plan(id: &str) -> Plan {
    Plan::bundled(id).expect("a bundled plan")
}

/// One city and member, PM2.5 by (hours, µg/m³).
fn concentrations(parts: &[(usize, f32)]) -> Trajectories {
    let pm25: Vec<f32> = parts.iter().flat_map(|(hours, value)| vec![*value; *hours]).collect();
    Trajectories::of_pm25(vec!["徐州".into()], first_hour(), pm25.len(), 1, pm25)
}

/// One city and member, 24-hour AQI by (hours, AQI).
fn indices(parts: &[(usize, i16)]) -> Indexed {
    let aqi: Vec<i16> = parts.iter().flat_map(|(hours, value)| vec![*value; *hours]).collect();
    Indexed::new(vec!["徐州".into()], first_hour(), aqi.len(), 1, aqi).expect("lengths fit")
}

fn level(check: &Check) -> Option<WarningLevel> {
    check.cities[0].level
}

fn of_indices(id: &str, parts: &[(usize, i16)]) -> Option<WarningLevel> {
    level(&check_indexed(&plan(id), &indices(parts)))
}

fn times(check: &Check) -> (String, String) {
    let text = |time: Option<units::Instant>| time.map_or("none".to_string(), |time| time.to_string());
    (text(check.cities[0].start), text(check.cities[0].end))
}

#[test]
fn an_index_equal_to_the_bound_does_not_count() {
    use WarningLevel::{Orange, Yellow};
    for (aqi, expected) in [(150, None), (151, Some(Orange)), (200, Some(Orange)), (201, Some(Orange))] {
        assert_eq!(of_indices("national-2024", &[(120, aqi)]), expected, "{aqi}");
    }
    for (aqi, expected) in [(200, None), (201, Some(Yellow))] {
        assert_eq!(of_indices("national-2024", &[(23, 0), (1, aqi), (96, 0)]), expected, "one block of {aqi}");
    }
}

#[test]
fn forty_seven_hours_are_not_forty_eight() {
    // Blocks above 150 that end at 24 hours in a row cover 47 hours: no two of them are adjacent.
    assert_eq!(of_indices("national-2024", &[(23, 0), (24, 151), (60, 0)]), None);
    assert_eq!(of_indices("national-2024", &[(23, 0), (25, 151), (60, 0)]), Some(WarningLevel::Yellow));
    assert_eq!(of_indices("national-2024", &[(23, 0), (49, 151), (40, 0)]), Some(WarningLevel::Orange));
}

#[test]
fn adjacent_blocks_may_be_the_only_ones_above() {
    let two_blocks = [(23, 0), (1, 151), (23, 0), (1, 151), (60, 0)];
    assert_eq!(of_indices("national-2024", &two_blocks), Some(WarningLevel::Yellow));
    let running = Plan { window: warn::Window::Running, ..plan("national-2024") };
    assert_eq!(level(&check_indexed(&running, &indices(&two_blocks))), None);
}

#[test]
fn calendar_days_count_only_blocks_that_end_at_midnight() {
    let days = Plan { window: warn::Window::CalendarDays, ..plan("national-2024") };
    // Column 27 is label 24 of 14 January; column 26 is 23:00.
    assert_eq!(level(&check_indexed(&days, &indices(&[(27, 0), (1, 201), (60, 0)]))), Some(WarningLevel::Yellow));
    assert_eq!(level(&check_indexed(&days, &indices(&[(26, 0), (1, 201), (60, 0)]))), None);
}

#[test]
fn red_needs_both_parts_in_one_episode() {
    use WarningLevel::{Orange, Red};
    assert_eq!(of_indices("national-2024", &[(23, 0), (49, 250), (50, 0)]), Some(Orange));
    assert_eq!(of_indices("national-2024", &[(23, 0), (48, 250), (1, 301), (50, 0)]), Some(Red));
    assert_eq!(of_indices("national-2024", &[(23, 0), (49, 250), (60, 0), (1, 301), (10, 0)]), Some(Orange));
}

#[test]
fn the_plan_of_2018_asks_for_more_and_knows_the_top_of_the_scale() {
    use WarningLevel::{Orange, Red, Yellow};
    assert_eq!(of_indices("national-2018", &[(120, 200)]), None);
    assert_eq!(of_indices("national-2018", &[(23, 0), (25, 201), (60, 0)]), Some(Yellow));
    assert_eq!(of_indices("national-2018", &[(23, 0), (49, 201), (60, 0)]), Some(Orange));
    assert_eq!(of_indices("national-2018", &[(23, 0), (73, 301), (20, 0)]), Some(Red));
    assert_eq!(of_indices("national-2018", &[(23, 0), (1, 499), (60, 0)]), None);
    assert_eq!(of_indices("national-2018", &[(23, 0), (1, 500), (60, 0)]), Some(Red));
}

#[test]
fn the_mean_is_rounded_for_reporting_before_it_is_compared() {
    for (value, expected) in [(115.4, None), (115.5, Some(WarningLevel::Yellow)), (150.5, Some(WarningLevel::Yellow))] {
        assert_eq!(
            level(&check(&plan("national-2024"), &concentrations(&[(48, value)]), None).unwrap()),
            expected,
            "{value}"
        );
    }
    // 150.5 is reported as 150, index 200, which is not above 200; 150.6 is 151.
    let one_day = |value| level(&check(&plan("national-2024"), &concentrations(&[(24, value)]), None).unwrap());
    assert_eq!((one_day(150.5), one_day(150.6)), (None, Some(WarningLevel::Yellow)));
}

#[test]
fn start_and_end_name_the_first_block_and_the_last_hour() {
    let found = check(&plan("national-2024"), &concentrations(&[(27, 20.0), (48, 130.0), (49, 20.0)]), None).unwrap();
    let yellow = &found.cities[0];
    assert_eq!(yellow.level, Some(WarningLevel::Yellow));
    // 24-hour means exceed 115.5 from 21 of 24 hours at 130 on (116.25), so the first block begins three hours before
    // the first of them (23:00) and the last ends three hours after the last (23:00).
    assert_eq!(times(&found), ("2018-01-14T20:00:00+08:00".into(), "2018-01-17T02:00:00+08:00".into()));
    assert!(yellow.rule.as_ref().unwrap().contains("大于 150 持续 48 小时"), "{:?}", yellow.rule);
    assert!(yellow.rule_en.as_ref().unwrap().contains("above 150 for 48 hours"), "{:?}", yellow.rule_en);
}

#[test]
fn episodes_with_a_short_gap_are_one() {
    let end = |gap: usize| {
        times(&check_indexed(&plan("national-2024"), &indices(&[(23, 0), (1, 201), (gap + 23, 0), (1, 201), (9, 0)]))).1
    };
    assert_eq!(end(36), "2018-01-14T20:00:00+08:00", "36 hours apart: two episodes, the first ends");
    assert_eq!(end(35), "2018-01-17T07:00:00+08:00", "35 hours apart: one episode");
}

#[test]
fn a_block_with_fewer_than_twenty_hours_does_not_count() {
    let found = |missing| {
        let courses = concentrations(&[(24 - missing, 200.0), (missing, f32::NAN)]);
        level(&check(&plan("national-2024"), &courses, None).unwrap())
    };
    assert_eq!((found(4), found(5)), (Some(WarningLevel::Yellow), None));
    assert_eq!(of_indices("national-2024", &[(120, NO_INDEX)]), None);
}

#[test]
fn a_block_may_begin_in_the_observed_past() {
    let courses = concentrations(&[(12, 200.0), (12, 10.0)]);
    let mut past = History::empty(vec!["徐州".into()], first_hour() - 30, 30);
    (1..=30).for_each(|back| past.set(Pollutant::Pm25, 0, first_hour() - back, 200.0));
    let plan = plan("national-2024");
    assert_eq!(level(&check(&plan, &courses, None).unwrap()), None);
    let with_past = check(&plan, &courses, Some(&past)).unwrap();
    assert_eq!(level(&with_past), Some(WarningLevel::Yellow));
    assert_eq!(times(&with_past).0, "2018-01-12T21:00:00+08:00");
}

#[test]
fn a_block_never_begins_before_the_first_hour_without_observations() {
    let found = check(&plan("national-2024"), &concentrations(&[(120, 200.0)]), None).unwrap();
    assert_eq!(times(&found), ("2018-01-13T20:00:00+08:00".into(), "2018-01-18T20:00:00+08:00".into()));
    let unknown = History::empty(vec!["徐州".into()], first_hour() - 30, 30);
    assert_eq!(check(&plan("national-2024"), &concentrations(&[(120, 200.0)]), Some(&unknown)).unwrap(), found);
    assert_eq!(level(&check(&plan("national-2024"), &concentrations(&[(23, 200.0)]), None).unwrap()), None);
}

#[test]
fn half_of_the_members_are_enough_and_the_counterfact_says_by_how_much() {
    let mut courses = concentrations(&[(72, 160.0)]);
    courses.series[Pollutant::Pm25.index()].extend(vec![10.0; 72]);
    courses.members = 2;
    let found = check(&plan("national-2024"), &courses, None).unwrap();
    assert_eq!((level(&found), found.cities[0].probability.orange), (Some(WarningLevel::Orange), 0.5));
    // The best way to orange is 150 for 72 h: 160 / 115.5 = 1.385, so 28 percent less.
    assert!(found.cities[0].unless_en.as_ref().unwrap().contains("28 % lower"), "{:?}", found.cities[0].unless_en);
    let careful = Plan { act_at: 0.51, ..plan("national-2024") };
    let found = check(&careful, &courses, None).unwrap();
    assert_eq!((level(&found), times(&found).0), (None, "none".into()));
    assert!(found.cities[0].unless_en.as_ref().unwrap().contains("higher"), "{:?}", found.cities[0].unless_en);
}

#[test]
fn json_has_the_published_keys_and_says_none() {
    let found = check_indexed(&plan("national-2024"), &indices(&[(48, 90)]));
    let json = serde_json::to_value(&found).unwrap();
    assert_eq!(json["plan"], "national-2024");
    assert_eq!(json["cities"][0]["level"], "none");
    assert_eq!(json["cities"][0]["probability"], serde_json::json!({"yellow": 0.0, "orange": 0.0, "red": 0.0}));
    for key in ["city", "start", "end", "rule", "start_quantiles", "unless"] {
        assert!(json["cities"][0].as_object().unwrap().contains_key(key), "{key}");
    }
    assert_eq!(serde_json::from_value::<Check>(json).unwrap(), found);
}

#[test]
fn lengths_that_do_not_fit_are_refused() {
    let mut courses = concentrations(&[(48, 90.0)]);
    courses.members = 2;
    assert!(check(&plan("national-2024"), &courses, None).unwrap_err().to_string().starts_with("W-103"));
}

/// The bundled plan with one of its levels alone.
fn only(id: &str, level: WarningLevel) -> Plan {
    let mut plan = plan(id);
    plan.levels.retain(|rule| rule.level == level);
    plan
}

proptest! {
    #[test]
    fn dirtier_air_never_lowers_a_level_or_a_probability(
        values in prop::collection::vec(20.0f32..400.0, 5), more in prop::collection::vec(0.0f32..80.0, 5)
    ) {
        let parts: Vec<(usize, f32)> = values.iter().map(|value| (24, *value)).collect();
        let dirtier: Vec<(usize, f32)> = values.iter().zip(&more).map(|(value, more)| (24, value + more)).collect();
        for id in Plan::bundled_ids() {
            let [clean, dirty] = [&parts, &dirtier].map(|parts| check(&plan(id), &concentrations(parts), None).unwrap());
            prop_assert!(level(&dirty) >= level(&clean));
            for level in WarningLevel::ALL {
                prop_assert!(dirty.cities[0].probability.of(level) >= clean.cities[0].probability.of(level));
            }
        }
    }

    #[test]
    fn whoever_meets_a_level_of_2024_meets_the_lower_ones(values in prop::collection::vec(100.0f32..400.0, 5)) {
        let courses = concentrations(&values.iter().map(|value| (24, *value)).collect::<Vec<_>>());
        let met = |level| check(&only("national-2024", level), &courses, None).unwrap().cities[0].level.is_some();
        let [yellow, orange, red] = WarningLevel::ALL.map(met);
        prop_assert!(red <= orange && orange <= yellow);
    }

    #[test]
    fn the_counterfactual_cut_undoes_the_level(values in prop::collection::vec(100.0f32..400.0, 5)) {
        let parts: Vec<(usize, f32)> = values.iter().map(|value| (24, *value)).collect();
        let found = check(&plan("national-2024"), &concentrations(&parts), None).unwrap();
        if let (Some(met), Some(unless)) = (level(&found), &found.cities[0].unless_en) {
            let percent: f32 = unless.split(' ').find_map(|word| word.parse().ok()).unwrap();
            let cut: Vec<(usize, f32)> = parts.iter().map(|(h, v)| (*h, v * (1.0 - (percent + 0.01) / 100.0))).collect();
            let after = check(&plan("national-2024"), &concentrations(&cut), None).unwrap();
            prop_assert!(level(&after) < Some(met), "{percent}");
        }
    }
}
