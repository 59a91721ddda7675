//! What follows from members: lift, lateness, steadiness, flags, the frozen copy.

use super::*;
use proptest::prelude::*;

fn plan() -> Plan {
    Plan::bundled("national-2024").unwrap()
}

fn first() -> BeijingHour {
    "2026-01-15T01:00:00+08:00".parse().unwrap()
}

/// One city; each member a list of `(hours, index)`.
fn members(courses: &[&[(usize, i16)]]) -> Indexed {
    let course = |parts: &&[(usize, i16)]| -> Vec<i16> {
        parts.iter().flat_map(|(hours, index)| vec![*index; *hours]).collect()
    };
    let all: Vec<Vec<i16>> = courses.iter().map(course).collect();
    let hours = all[0].len();
    Indexed::new(vec!["徐州".into()], first(), hours, all.len(), all.concat()).unwrap()
}

/// Probability of coming again when lifted at the end of the first hour.
fn again(courses: &[&[(usize, i16)]]) -> Option<f64> {
    if_lifted(&plan(), &members(courses), first().end())[0].again
}

#[test]
fn a_lift_needs_more_than_36_hours_below() {
    assert_eq!(again(&[&[(60, 150)]]), Some(0.0));
    assert_eq!(again(&[&[(36, 150), (1, 151), (23, 0)]]), Some(1.0), "above again exactly 36 hours after the lift");
    assert_eq!(again(&[&[(37, 150), (1, 151), (22, 0)]]), Some(0.0), "above again 37 hours after it");
    assert_eq!(again(&[&[(1, 151), (59, 0)]]), Some(1.0), "above at the lift itself");
    assert_eq!(again(&[&[(36, 0)]]), None, "the forecast ends too early to say");
    assert_eq!(again(&[&[(37, 0)]]), Some(0.0));
    assert_eq!(again(&[&[(60, 0)], &[(20, 0), (40, 160)], &[(60, 0)], &[(60, 0)]]), Some(0.25));
}

#[test]
fn a_member_with_a_hole_in_the_span_says_nothing_of_the_lift() {
    assert_eq!(again(&[&[(20, 0), (1, NO_INDEX), (39, 0)], &[(60, 160)]]), Some(1.0));
}

#[test]
fn what_is_met_after_the_lift_counts_only_blocks_after_it() {
    let forecast = members(&[&[(30, 250), (70, 0)], &[(60, 250), (40, 0)]]);
    let outlook = &if_lifted(&plan(), &forecast, (first() + 10).end())[0];
    // Blocks after the lift end from hour 34 on: only the second member still has one above 200, and 26 hours of them.
    assert_eq!((outlook.probability.yellow, outlook.probability.orange), (0.5, 0.5));
    let later = &if_lifted(&plan(), &forecast, (first() + 40).end())[0];
    assert_eq!(later.probability.yellow, 0.0);
}

#[test]
fn the_earliest_lift_is_the_first_hour_below_for_good() {
    let earliest =
        |courses: &[&[(usize, i16)]]| earliest_lift(&plan(), &members(courses))[0].map(|hour| hour - first());
    assert_eq!(earliest(&[&[(10, 160), (90, 0)]]), Some(10));
    assert_eq!(earliest(&[&[(10, 160), (20, 0), (10, 160), (60, 0)]]), Some(40));
    assert_eq!(earliest(&[&[(100, 160)]]), None);
}

#[test]
fn late_detection_needs_heavy_air_now_and_no_improvement_in_twelve_hours() {
    let late =
        |observed, courses: &[&[(usize, i16)]]| late_detected(&plan(), &members(courses), 0, observed, first() - 1);
    assert!(late(Some(201), &[&[(12, 201), (20, 0)]]));
    assert!(!late(Some(200), &[&[(12, 201), (20, 0)]]), "exactly 200 is not heavy");
    assert!(!late(None, &[&[(12, 201), (20, 0)]]), "unknown is not heavy");
    assert!(!late(Some(250), &[&[(11, 201), (21, 200)]]), "improves at the twelfth hour");
    assert!(!late(Some(250), &[&[(11, 201)]]), "the forecast ends before");
}

fn said(number: i64, yellow: f64, orange: f64) -> Saying {
    Saying { issue: first() + 24 * number, probability: Probability { yellow, orange, red: 0.0 } }
}

#[test]
fn proposals_do_not_flap_between_the_two_bars() {
    let yellow: Vec<Saying> = [0.3, 0.5, 0.4, 0.52, 0.35, 0.49, 0.34, 0.36]
        .iter()
        .enumerate()
        .map(|(n, p)| said(n as i64, *p, 0.0))
        .collect();
    let steady = steady(&plan(), &yellow);
    let levels = |of: fn(&SteadySaying) -> Option<WarningLevel>| {
        steady.rows.iter().map(|row| if of(row).is_some() { 'y' } else { '-' }).collect::<String>()
    };
    assert_eq!(levels(|row| row.alone), "-y-y----");
    assert_eq!(levels(|row| row.level), "-yyyyy--");
    assert_eq!((steady.changes_alone, steady.changes), (4, 2));
}

#[test]
fn a_level_falls_by_steps_and_rises_at_once() {
    let rows = [said(0, 0.9, 0.6), said(1, 0.9, 0.4), said(2, 0.6, 0.3), said(3, 0.4, 0.1), said(4, 0.9, 0.5)];
    let steady = steady(&plan(), &rows);
    use WarningLevel::{Orange, Yellow};
    let levels: Vec<_> = steady.rows.iter().filter_map(|row| row.level).collect();
    assert_eq!(levels, [Orange, Orange, Yellow, Yellow, Orange]);
}

#[test]
fn the_acting_probability_comes_from_the_costs() {
    let policy = |miss_cost, false_alarm_cost| Policy { keep_at: share(0.1), miss_cost, false_alarm_cost };
    assert_eq!(policy(1.0, 1.0).acting_probability(), 0.5);
    assert_eq!(policy(3.0, 1.0).acting_probability(), 0.25);
}

#[test]
fn what_is_wrong_with_the_courses_is_said_by_name() {
    let flags = |courses: &[&[(usize, i16)]]| check_indexed(&plan(), &members(courses)).flags;
    let city = || "徐州".to_string();
    assert_eq!(flags(&[&[(23, NO_INDEX), (77, 100)]]), []);
    assert_eq!(flags(&[&[(100, NO_INDEX)]]), [CourseFlag::NoForecast { city: city() }]);
    assert_eq!(flags(&[&[(100, 90)], &[(100, NO_INDEX)]]), [CourseFlag::MembersMissing { city: city(), members: 1 }]);
    assert_eq!(
        flags(&[&[(100, 90)], &[(60, 90), (40, NO_INDEX)]]),
        [CourseFlag::EndsEarly { city: city(), members: 1, hours: 60 }]
    );
    assert_eq!(
        flags(&[&[(100, 90)], &[(40, 90), (5, NO_INDEX), (55, 90)]]),
        [CourseFlag::Gap { city: city(), members: 1, hours: 5 }]
    );
}

#[test]
fn a_member_that_says_nothing_does_not_count_as_clean() {
    let found = check_indexed(&plan(), &members(&[&[(100, 210)], &[(100, NO_INDEX)], &[(100, NO_INDEX)]]));
    assert_eq!((found.cities[0].members, found.cities[0].probability.yellow), (1, 1.0));
    let nothing = check_indexed(&plan(), &members(&[&[(100, NO_INDEX)]]));
    assert_eq!((nothing.cities[0].members, nothing.cities[0].level), (0, None));
}

#[test]
fn a_value_that_is_none_is_refused_with_its_place() {
    let index = |value| Indexed::new(vec!["徐州".into()], first(), 2, 2, vec![100, 100, value, 100]);
    for value in [-2, 501] {
        let refused = index(value).unwrap_err().to_string();
        assert!(refused.starts_with("W-106 徐州, member 2, hour 1"), "{refused}");
    }
    assert!(index(500).is_ok() && index(NO_INDEX).is_ok());
    let courses = |value| forecast::Trajectories::of_pm25(vec!["徐州".into()], first(), 2, 1, vec![10.0, value]);
    for value in [-0.1, 10_000.5, f32::INFINITY] {
        let refused = check(&plan(), &courses(value), None).unwrap_err().to_string();
        assert!(refused.starts_with("W-106 徐州, member 1, hour 2"), "{refused}");
    }
    assert!(check(&plan(), &courses(f32::NAN), None).is_ok());
}

#[test]
fn the_frozen_copy_holds_course_outlook_and_lateness() {
    let forecast = members(&[&[(100, 210)], &[(100, 230)], &[(50, 160), (50, 0)]]);
    let check = check_indexed(&plan(), &forecast);
    let known = |observed| CityNow {
        city: "徐州".into(),
        code: city(XUZHOU),
        name: "徐州".into(),
        name_en: "Xuzhou".into(),
        observed,
    };
    let last = first() - 1;
    let frozen = freeze(&plan(), &forecast, &check, &[known(Some(220))], last, first().end());
    assert_eq!((frozen[0].level, frozen[0].late), (Some(WarningLevel::Orange), true));
    assert_eq!(frozen[0].again.map(Share::get), Some(1.0));
    assert_eq!((frozen[0].course.len(), frozen[0].course[0].q50), (100, Some(210)));
    let elsewhere = CityNow { city: "南京".into(), code: city(NANJING), ..known(None) };
    assert_eq!(freeze(&plan(), &forecast, &check, &[elsewhere], last, first().end()), []);
}

proptest! {
    #[test]
    fn whoever_may_lift_now_may_lift_cleaner_air(
        values in prop::collection::vec(0i16..260, 80), less in prop::collection::vec(0i16..60, 80)
    ) {
        let course = |values: Vec<i16>| Indexed::new(vec!["x".into()], first(), 80, 1, values).unwrap();
        let cleaner: Vec<i16> = values.iter().zip(&less).map(|(value, less)| (value - less).max(0)).collect();
        let again = |values| if_lifted(&plan(), &course(values), first().end())[0].again;
        prop_assert!(again(cleaner) <= again(values));
    }

    #[test]
    fn hysteresis_never_changes_more_often(shares in prop::collection::vec(0.0f64..1.0, 1..40)) {
        let rows: Vec<Saying> = shares.iter().enumerate().map(|(n, p)| said(n as i64, *p, 0.0)).collect();
        let steady = steady(&plan(), &rows);
        prop_assert!(steady.changes <= steady.changes_alone);
        for row in &steady.rows {
            prop_assert!(row.level >= row.alone);
        }
    }
}
