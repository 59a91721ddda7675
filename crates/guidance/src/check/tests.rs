use super::*;
use std::collections::BTreeMap;

fn hours(n: i64) -> Vec<BeijingHour> {
    let first: BeijingHour = "2019-01-14T01:00:00+08:00".parse().unwrap();
    (0..n).map(|k| first + k).collect()
}

/// A member of one place whose PM2.5 is `course`.
fn member(model: &str, course: Vec<f64>) -> Member {
    let hours = hours(course.len() as i64);
    let run = hours[0] - 5;
    let values = BTreeMap::from([(Pollutant::Pm25, course)]);
    Member { model: model.into(), run, span_hours: 1, places: vec!["南京".into()], hours, values, flags: vec![] }
}

fn wave(n: usize) -> Vec<f64> {
    (0..n).map(|k| 60.0 + 20.0 * (k as f64 / 24.0 * std::f64::consts::TAU).sin()).collect()
}

fn kinds(member: &Member) -> Vec<FlagKind> {
    member.flags.iter().map(|flag| flag.kind).collect()
}

#[test]
fn a_good_member_has_no_flag() {
    let mut good = member("a", wave(48));
    single(&mut good);
    assert_eq!((kinds(&good), good.filled(), good.usable()), (vec![], 48, true));
}

#[test]
fn negative_infinite_and_huge_values_go_and_the_others_stay() {
    let mut course = wave(48);
    (course[3], course[5], course[7]) = (-1.0, f64::INFINITY, 9_000.0);
    let mut bad = member("a", course);
    single(&mut bad);
    assert_eq!((kinds(&bad), bad.filled()), (vec![FlagKind::Negative, FlagKind::OutOfRange], 45));
}

#[test]
fn kilograms_are_recognised_and_the_pollutant_dropped() {
    let mut bad = member("a", wave(48).iter().map(|value| value * 1e-9).collect());
    single(&mut bad);
    assert_eq!((kinds(&bad), bad.values.len()), (vec![FlagKind::UnitDoubtful], 0));
    assert!(bad.flags[0].detail.contains("kg/m³"), "{}", bad.flags[0]);
    let mut carbon = member("a", wave(48));
    carbon.values = BTreeMap::from([(Pollutant::Co, wave(48).iter().map(|value| value * 10.0).collect())]);
    single(&mut carbon);
    assert!(carbon.flags[0].detail.contains("µg/m³ where mg/m³ is due"), "{}", carbon.flags[0]);
}

#[test]
fn a_stuck_course_goes_and_a_short_one_is_not_judged() {
    let mut stuck = member("a", vec![50.0; 48]);
    single(&mut stuck);
    assert_eq!((stuck.filled(), stuck.flags[0].kind), (0, FlagKind::Constant));
    let mut short = member("a", vec![50.0; 11]);
    single(&mut short);
    assert_eq!(short.filled(), 11);
}

#[test]
fn a_block_without_values_is_told_from_six_hours() {
    let with_hole = |length: usize| {
        let mut course = wave(48);
        course[10..10 + length].fill(f64::NAN);
        let mut holed = member("a", course);
        single(&mut holed);
        kinds(&holed)
    };
    assert_eq!((with_hole(5), with_hole(6)), (vec![], vec![FlagKind::MissingBlock]));
}

#[test]
fn a_copy_up_to_rounding_is_left_out_and_a_likeness_is_not() {
    let rounded = wave(48).iter().map(|value| (value * 10.0).round() / 10.0).collect();
    let near = wave(48).iter().map(|value| value * 1.01).collect();
    let mut members = vec![member("a", wave(48)), member("b", rounded), member("c", near)];
    together(&mut members);
    assert_eq!(members.iter().map(Member::usable).collect::<Vec<_>>(), [true, false, true]);
}

#[test]
fn a_member_with_fewer_hours_is_told() {
    let mut members = vec![member("a", wave(48)), member("b", wave(24).iter().map(|value| value + 5.0).collect())];
    together(&mut members);
    assert_eq!((kinds(&members[0]), kinds(&members[1])), (vec![], vec![FlagKind::Partial]));
    assert!(members[1].usable());
}

#[test]
fn a_run_after_the_issue_or_two_days_before_is_not_used() {
    let flagged = |later: i64| {
        let mut run = member("a", wave(48));
        let issue = run.run + later;
        late(&mut run, issue);
        (kinds(&run), run.usable())
    };
    assert_eq!(flagged(-1), (vec![FlagKind::Late], false));
    assert_eq!((flagged(0), flagged(12)), ((vec![], true), (vec![], true)));
    assert_eq!((flagged(13), flagged(48)), ((vec![FlagKind::Partial], true), (vec![FlagKind::Partial], true)));
    assert_eq!(flagged(49), (vec![FlagKind::Late], false));
}

#[test]
fn utc_taken_for_beijing_time_is_found_by_the_daily_course() {
    let day = |label: i64| 60.0 + 20.0 * ((label as f64 - 9.0) / 24.0 * std::f64::consts::TAU).sin();
    let seen = |pollutant: Pollutant, _: &str, hour: BeijingHour| {
        if pollutant == Pollutant::Pm25 { day(i64::from(hour.label())) } else { f64::NAN }
    };
    let judge = |ahead: i64| {
        let course = hours(48).iter().map(|hour| 1.3 * day(i64::from(hour.label()) + ahead)).collect();
        let mut shifted_member = member("a", course);
        let found = shifted(&mut [&mut shifted_member], &hours(72), seen);
        (found.map(|shift| shift.hours), shifted_member.usable())
    };
    assert_eq!(judge(8), (Some(-8), false));
    assert_eq!((judge(0), judge(1)), ((None, true), (None, true)));
    assert_eq!(judge(-8), (Some(8), false));
}

#[test]
fn a_flat_or_noisy_day_says_nothing_about_the_hour() {
    let flat = [50.0; 24];
    let mut sharp = [50.0; 24];
    sharp[3] = 90.0;
    assert_eq!(shift(&sharp, &flat), None);
    let three_hourly: [f64; 24] =
        std::array::from_fn(|label| if label % 6 == 0 { 40.0 + label as f64 } else { f64::NAN });
    assert_eq!(shift(&three_hourly, &sharp), None);
}
