use super::*;
use crate::episode::definition_of;
use proptest::prelude::*;

fn day(index: i32) -> BeijingDay {
    BeijingDay::from_index(index)
}

/// Observed days 0.., forecast days after them, one city.
fn outlook(definition: &EpisodeDefinition, seen: &[f64], members: &[&[f64]]) -> EpisodeOutlook {
    let first = day(seen.len() as i32);
    let observed = CityDays::new(vec!["a".into()], day(0), seen.len(), |_, d| seen[d.index() as usize]);
    let value = |m: usize, _: usize, d: BeijingDay| members[m][(d - first) as usize];
    let courses = DayCourses::new(vec!["a".into()], (first, members[0].len()), members.len(), value);
    outlooks(definition, &observed, &courses).remove(0)
}

#[test]
fn four_members_worked_by_hand() {
    let said = outlook(
        &definition_of(2, 0),
        &[10.0],
        &[
            &[160.0, 180.0, 10.0, 10.0],
            &[10.0, 160.0, 200.0, 10.0],
            &[10.0, 10.0, 170.0, 160.0],
            &[10.0, 160.0, 10.0, 160.0],
        ],
    );
    assert_eq!((said.probability, said.again, said.going_since), (0.75, 0.0, None));
    assert_eq!(said.onset, Some(DaySpread { q10: day(1), q50: day(2), q90: day(3), mode: day(1) }));
    assert_eq!(said.peak_day, Some(DaySpread { q10: day(2), q50: day(3), q90: day(3), mode: day(3) }));
    assert_eq!(said.peak_value.map(|peak| peak.q50), Some(180.0));
    let end = said.end.unwrap();
    assert_eq!((end.q10, end.q50, end.q90), (Some(day(2)), Some(day(3)), None));
    assert!((end.beyond - 1.0 / 3.0).abs() < 1e-12);
}

#[test]
fn an_episode_that_began_before_the_issue_keeps_its_observed_onset_and_peak() {
    let said = outlook(&definition_of(2, 0), &[10.0, 190.0, 170.0], &[&[160.0, 10.0], &[10.0, 10.0]]);
    assert_eq!((said.probability, said.going_since), (0.5, Some(day(1))));
    assert_eq!(said.onset.map(|onset| onset.q50), Some(day(1)));
    assert_eq!(said.peak_day.map(|peak| peak.q50), Some(day(1)));
    assert_eq!(said.end.unwrap().q50, Some(day(3)));
}

#[test]
fn one_day_above_before_the_issue_becomes_an_episode_with_the_next() {
    let said = outlook(&definition_of(2, 0), &[10.0, 190.0], &[&[160.0, 10.0]]);
    assert_eq!((said.probability, said.going_since), (1.0, None));
    assert_eq!(said.onset.map(|onset| onset.q50), Some(day(1)));
}

#[test]
fn observations_of_the_forecast_days_are_not_looked_at() {
    let planted = CityDays::new(vec!["a".into()], day(0), 6, |_, _| 400.0);
    let known = planted.before(day(3));
    let courses = DayCourses::new(vec!["a".into()], (day(3), 3), 1, |_, _, d| f64::from(d.index()));
    let definition = definition_of(1, 0);
    assert_eq!(outlooks(&definition, &planted, &courses), outlooks(&definition, &known, &courses));
}

#[test]
fn a_city_without_a_forecast_is_left_out_and_no_episode_has_no_dates() {
    let names = vec!["a".to_string(), "b".to_string()];
    let seen = CityDays::new(names.clone(), day(0), 1, |_, _| 10.0);
    let courses = DayCourses::new(names, (day(1), 2), 3, |_, city, _| [f64::NAN, 10.0][city]);
    let said = outlooks(&definition_of(2, 0), &seen, &courses);
    assert_eq!(said.iter().map(|o| o.city.as_deref()).collect::<Vec<_>>(), [Some("b"), None]);
    assert!(said.iter().all(|o| o.probability == 0.0 && o.onset.is_none() && o.end.is_none()));
    assert_eq!(said[1].cities, [("b".to_string(), 0.0)]);
}

#[test]
fn the_region_is_above_when_enough_cities_are_on_the_same_day() {
    let names = vec!["a".to_string(), "b".to_string()];
    let seen = CityDays::new(names.clone(), day(0), 1, |_, _| 10.0);
    // In member 0 both cities on days 1 and 2; in member 1 one after the other.
    let values = [[[160.0, 170.0], [180.0, 165.0]], [[160.0, 10.0], [10.0, 165.0]]];
    let courses = DayCourses::new(names, (day(1), 2), 2, |m, city, d| values[m][city][d.index() as usize - 1]);
    let definition = EpisodeDefinition { fewest_cities: 2, ..definition_of(2, 0) };
    let region = outlooks(&definition, &seen, &courses).pop().unwrap();
    assert_eq!((region.city.clone(), region.probability), (None, 0.5));
    assert_eq!(region.peak_value.map(|peak| peak.q50), Some(165.0));
    assert_eq!(region.cities, [("a".to_string(), 0.5), ("b".to_string(), 0.5)]);
}

proptest! {
    #[test]
    fn probabilities_lie_within_bounds_and_fall_as_the_bound_rises(
        values in prop::collection::vec(50.0f64..250.0, 120), days in 1usize..4, gap in 0usize..3
    ) {
        let names: Vec<String> = ["a", "b", "c"].map(String::from).to_vec();
        let place = |m: usize, city: usize, d: i32| values[(m * 3 + city) * 8 + d as usize];
        let seen = CityDays::new(names.clone(), day(0), 3, |city, d| place(0, city, d.index()));
        let courses = DayCourses::new(names, (day(3), 5), 5, |m, city, d| place(m, city, d.index()));
        let mut before = vec![1.0; 4];
        for bound in [60, 100, 140, 180, 220] {
            let definition = EpisodeDefinition { bound, fewest_cities: 2, ..definition_of(days, gap) };
            let said: Vec<f64> =
                outlooks(&definition, &seen, &courses).iter().map(|outlook| outlook.probability).collect();
            prop_assert!(said.iter().zip(&before).all(|(p, before)| (0.0..=*before).contains(p)));
            before = said;
        }
    }
}
