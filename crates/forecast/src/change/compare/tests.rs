use super::*;
use crate::episode::{DaySpread, EndSpread, PeakSpread};
use proptest::prelude::*;

fn day(index: i32) -> BeijingDay {
    BeijingDay::from_index(index)
}

fn statement(days: &[(&str, i32, u16, f64)]) -> Statement {
    let one = |(city, date, median, p): &(&str, i32, u16, f64)| {
        let median = Aqi::new(*median).unwrap();
        DayStatement::new(city, day(*date), median, *p, (median, median))
    };
    Statement {
        issue: BeijingHour::from_index(1),
        model_id: "m1".into(),
        guidance: vec![],
        left_out: vec![],
        days: days.iter().map(one).collect(),
        episodes: vec![],
    }
}

fn outlook(probability: f64, onset: i32, end: Option<i32>) -> EpisodeOutlook {
    let spread = |at: i32| DaySpread { q10: day(at), q50: day(at), q90: day(at), mode: day(at) };
    let end = end.map(day);
    EpisodeOutlook {
        city: Some("a".into()),
        horizon: day(7),
        probability,
        going_since: None,
        onset: Some(spread(onset)),
        peak_day: Some(spread(onset + 1)),
        peak_value: Some(PeakSpread { q10: 160.0, q50: 170.0, q90: 180.0 }),
        end: Some(EndSpread { q10: end, q50: end, q90: end, mode: end, beyond: 0.0 }),
        again: 0.0,
        cities: vec![],
    }
}

fn with_episode(probability: f64, onset: i32, end: Option<i32>) -> Statement {
    Statement { episodes: vec![outlook(probability, onset, end)], ..statement(&[]) }
}

fn since(city: &str, seen: f64) -> Since {
    let hour = BeijingHour::from_index(1);
    Since { city: city.into(), from: hour, to: hour, hours: 1, seen, said: 60.0, low: 50.0, high: 70.0 }
}

#[test]
fn the_largest_change_stands_first_and_noise_is_not_told() {
    let before = statement(&[("a", 1, 100, 0.1), ("b", 1, 60, 0.0), ("b", 2, 60, 0.0)]);
    let now = statement(&[("a", 1, 109, 0.19), ("b", 1, 70, 0.0), ("b", 2, 92, 0.55)]);
    let said = changes(Some(&before), &now, &[]);
    let told: Vec<(ChangeKind, i32)> = said.items.iter().map(|c| (c.what, c.date.unwrap().index())).collect();
    // City a: nine points and nine hundredths are noise, but 100 to 109 is another level.
    let expected =
        [(ChangeKind::PAqi150, 2), (ChangeKind::Levels, 1), (ChangeKind::Median, 2), (ChangeKind::Median, 1)];
    assert_eq!(told, expected);
    assert_eq!(said.unexplained, ["b", "a"]);
}

#[test]
fn a_range_over_two_levels_reaches_both() {
    let aqi = |value| Aqi::new(value).unwrap();
    let said = DayStatement::new("a", day(1), aqi(100), 0.0, (aqi(85), aqi(115)));
    assert_eq!(said.levels, [AqiLevel::Moderate, AqiLevel::LightlyPolluted]);
}

#[test]
fn days_only_one_run_has_are_no_change() {
    let said =
        changes(Some(&statement(&[("a", 1, 50, 0.0)])), &statement(&[("a", 2, 200, 0.9), ("b", 1, 300, 1.0)]), &[]);
    assert!(said.items.is_empty());
}

#[test]
fn an_episode_that_moves_appears_or_goes_is_told() {
    let told = |before: &Statement, now: &Statement| -> Vec<(ChangeKind, f64)> {
        changes(Some(before), now, &[]).items.iter().map(|change| (change.what, change.size)).collect()
    };
    let (before, moved) = (with_episode(0.6, 2, Some(4)), with_episode(0.6, 3, None));
    assert_eq!(told(&before, &moved), [(ChangeKind::End, 4.0), (ChangeKind::Onset, 1.0), (ChangeKind::Peak, 1.0)]);
    assert_eq!(told(&before, &with_episode(0.3, 2, Some(4))), [(ChangeKind::Onset, 2.0)]);
    assert_eq!(told(&with_episode(0.3, 2, Some(4)), &before), [(ChangeKind::Onset, 2.0)]);
    assert_eq!(told(&with_episode(0.1, 1, None), &with_episode(0.3, 5, None)), []);
}

#[test]
fn every_difference_of_what_the_runs_were_made_from_is_a_reason() {
    let names = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
    let before = Statement { guidance: names(&["cmaq", "cams"]), left_out: names(&["c"]), ..statement(&[]) };
    let now = Statement {
        model_id: "m2".into(),
        guidance: names(&["cams", "wrf"]),
        left_out: names(&["d"]),
        ..statement(&[])
    };
    let said = changes(Some(&before), &now, &[since("a", 71.0), since("b", 20.0), since("c", 60.0)]).reasons;
    let expected = [
        Reason::Model { from: "m1".into(), to: "m2".into() },
        Reason::GuidanceMissing { name: "cmaq".into() },
        Reason::GuidanceNew { name: "wrf".into() },
        Reason::LeftOut { city: "d".into() },
        Reason::Back { city: "c".into() },
        Reason::Observed(since("b", 20.0)),
        Reason::Observed(since("a", 71.0)),
    ];
    assert_eq!(said, expected);
}

#[test]
fn a_surprise_that_points_the_other_way_explains_nothing() {
    let (before, now) = (statement(&[("a", 1, 60, 0.0)]), statement(&[("a", 1, 90, 0.0)]));
    assert!(changes(Some(&before), &now, &[since("a", 90.0)]).unexplained.is_empty());
    assert_eq!(changes(Some(&before), &now, &[since("a", 30.0)]).unexplained, ["a"]);
    assert_eq!(changes(Some(&before), &now, &[since("b", 90.0)]).unexplained, ["a"]);
}

#[test]
fn the_hours_since_are_compared_over_what_was_both_seen_and_said() {
    let hour = BeijingHour::from_index;
    let seen = |at: BeijingHour| if at == hour(12) { f64::NAN } else { 100.0 };
    let said = |member: usize, at: BeijingHour| if at == hour(12) { 900.0 } else { 50.0 + 10.0 * member as f64 };
    let found = Since::of("a", (hour(10), hour(14)), 3, seen, said).unwrap();
    assert_eq!((found.hours, found.from, found.to), (3, hour(10), hour(13)));
    assert_eq!((found.seen, found.said), (100.0, 60.0));
    assert_eq!(Since::of("a", (hour(10), hour(10)), 3, seen, said), None);
    assert_eq!(Since::of("a", (hour(12), hour(13)), 3, seen, said), None);
}

proptest! {
    #[test]
    fn a_run_against_itself_says_nothing_changed(
        days in prop::collection::vec((0usize..3, 0i32..7, 0u16..=500, 0.0f64..=1.0), 0..20),
        probability in 0.0f64..=1.0, onset in 0i32..5
    ) {
        let mut days: Vec<(&str, i32, u16, f64)> =
            days.into_iter().map(|(city, day, aqi, p)| (["a", "b", "c"][city], day, aqi, p)).collect();
        days.sort_by_key(|day| (day.0, day.1));
        days.dedup_by_key(|day| (day.0, day.1));
        let run = Statement { episodes: vec![outlook(probability, onset, None)], ..statement(&days) };
        let said = changes(Some(&run), &run, &[]);
        prop_assert!(said.items.is_empty() && said.reasons.is_empty() && said.unexplained.is_empty());
    }
}
