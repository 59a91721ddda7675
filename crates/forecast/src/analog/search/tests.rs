use super::*;
use crate::analog::analog_words;
use crate::words::Words;
use proptest::prelude::*;

const DAYS: i32 = 900;

fn day(index: i32) -> BeijingDay {
    BeijingDay::from_index(index)
}

fn at(index: i32) -> BeijingHour {
    BeijingHour::of_day(day(index), 20).unwrap()
}

fn definition() -> &'static EpisodeDefinition {
    EpisodeDefinition::named("pm25-115").unwrap()
}

fn history(value: impl Fn(usize, i32) -> f64) -> CityDays {
    let names = (0..4).map(|city| city.to_string()).collect();
    CityDays::new(names, day(0), DAYS as usize, |city, day| value(city, day.index()))
}

/// Values that look like weather and never repeat.
fn noise(city: usize, day: i32) -> f64 {
    let x = f64::from(day) * 1.7 + city as f64 * 0.4;
    60.0 * (0.5 * x.sin() + 0.3 * (x * 0.37).sin() + 0.2 * (x * 2.3).cos()).exp()
}

/// A hill of nine days around `top`, nothing else like it.
fn hill(day: i32, top: i32) -> f64 {
    let off = f64::from((day - top).abs());
    if off < 5.0 { 1.0 + (5.0 - off) * 0.5 } else { 1.0 }
}

fn found(history: &CityDays, issue: i32, notes: &[Note]) -> Analogs {
    let expected = history.span(day(issue), day(issue + 8));
    analogs(&AnalogRule::default(), definition(), history, Some(&expected), at(issue), notes)
}

#[test]
fn the_day_with_the_same_course_is_found_and_what_followed_is_told() {
    let history = history(|city, day| noise(city, day) * hill(day, 402) * hill(day, 768));
    let said = found(&history, 766, &[]);
    let first = &said.items[0];
    assert!((399..=401).contains(&first.date.index()), "{}", first.date);
    assert_eq!((first.days_after[0], first.after[2][0]), (first.date + 1, history.value(2, first.date + 1)));
    assert_eq!((first.days_before.len(), first.before[0].len(), first.days_after.len()), (5, 5, 7));
    assert!(first.similarity > 0.3 && said.mean_after[0][0].is_finite());
}

#[test]
fn a_planted_future_changes_nothing() {
    let issue = 766;
    let honest = history(noise);
    let planted = history(|city, day| if day < issue { noise(city, day) } else { 999.0 });
    let expected = honest.span(day(issue), day(issue + 8));
    let of =
        |history: &CityDays| analogs(&AnalogRule::default(), definition(), history, Some(&expected), at(issue), &[]);
    assert_eq!(of(&honest), of(&planted));
    assert!(of(&honest).items.iter().all(|item| item.days_after[6] < day(issue)));
}

#[test]
fn a_perfect_copy_after_the_issue_is_not_found() {
    let history = history(|city, day| noise(city, day) * hill(day, 742) * hill(day, 768));
    let said = found(&history, 740, &[]);
    assert!(said.items.iter().all(|item| item.date.index() <= 730));
}

#[test]
fn no_two_analogs_come_from_one_episode_or_stand_close() {
    // One long episode 380..=420: whatever is chosen there is chosen once.
    let history =
        history(|city, day| if (380..=420).contains(&day) { 150.0 + noise(city, day) } else { noise(city, day) });
    let said = found(&history, 760, &[]);
    let dates: Vec<i32> = said.items.iter().map(|item| item.date.index()).collect();
    assert!(dates.len() >= 2, "{dates:?}");
    assert!(dates.iter().filter(|date| (380..=420).contains(*date)).count() <= 1, "{dates:?}");
    let close = |(k, a): (usize, &i32)| dates[..k].iter().any(|b| (a - b).abs() < 10);
    assert!(!dates.iter().enumerate().any(close), "{dates:?}");
}

#[test]
fn days_of_the_episode_that_is_going_on_are_no_analogs_of_it() {
    let history =
        history(|city, day| if (715..=770).contains(&day) { 160.0 + noise(city, day) } else { noise(city, day) });
    let said = found(&history, 760, &[]);
    assert!(said.items.iter().all(|item| item.date.index() < 715));
    assert!(said.candidates > 0);
}

#[test]
fn only_days_of_the_season_are_candidates() {
    let said = found(&history(noise), 730, &[]);
    let apart = |item: &Analog| season_distance(item.date, day(730));
    assert!(!said.items.is_empty() && said.items.iter().all(|item| apart(item) <= 45.0));
}

#[test]
fn without_a_forecast_the_observed_days_alone_are_compared() {
    let history = history(|city, day| noise(city, day) * hill(day, 402) * hill(day, 768));
    let said = analogs(&AnalogRule::default(), definition(), &history, None, at(769), &[]);
    assert!((401..=405).contains(&said.items[0].date.index()), "{}", said.items[0].date);
}

#[test]
fn a_history_of_ten_days_has_no_analogs() {
    let short = history(noise).span(day(756), day(766));
    let said = found(&short, 766, &[]);
    assert_eq!((said.candidates, said.items.len()), (0, 0));
    assert!(said.mean_after[0][0].is_nan());
}

#[test]
fn notes_of_the_time_are_told_and_their_absence_is_no_record() {
    let history = history(noise);
    let date = found(&history, 766, &[]).items[0].date;
    let note = |days: i32| Note {
        time: BeijingHour::of_day(date + days, 9).unwrap().end(),
        text: format!("黄色预警 {days}"),
        source: "应急办".into(),
    };
    let after_the_issue = Note { time: at(767).end(), ..note(0) };
    let said = found(&history, 766, &[note(-6), note(1), note(7), note(8), after_the_issue]);
    let texts: Vec<&str> = said.items[0].notes.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(texts, ["黄色预警 1", "黄色预警 7"]);
    let names = |_: Option<&str>| Words::default();
    let words = |item: &Analog| analog_words(definition(), item, &names).text_en;
    assert!(words(&said.items[0]).contains("黄色预警 1 (应急办)"));
    let silent = words(&found(&history, 766, &[]).items[0]);
    assert!(silent.ends_with("What was done then: no record."), "{silent}");
}

proptest! {
    #[test]
    fn analogs_are_sorted_by_distance_and_their_similarity_falls(shift in 0i32..300, scale in 0.3f64..3.0) {
        let history = history(|city, day| scale * noise(city, day + shift));
        let said = found(&history, 766, &[]);
        prop_assert!(said.items.is_sorted_by(|a, b| a.distance <= b.distance && a.similarity >= b.similarity));
        prop_assert!(said.items.iter().all(|item| (0.0..=1.0).contains(&item.similarity)));
    }

    #[test]
    fn the_level_of_the_years_does_not_matter(scale in 0.3f64..3.0) {
        let history_of = |scale: f64| history(|city, day| if day < 500 { scale } else { 1.0 } * noise(city, day));
        // Episodes are of absolute values, so that none may be in the way.
        let none = EpisodeDefinition { bound: 9_999, ..definition().clone() };
        let dates = |history: &CityDays| -> Vec<BeijingDay> {
            let expected = history.span(day(766), day(774));
            let said = analogs(&AnalogRule::default(), &none, history, Some(&expected), at(766), &[]);
            said.items.iter().map(|item| item.date).filter(|date| date.index() < 480).collect()
        };
        prop_assert_eq!(dates(&history_of(scale)), dates(&history_of(1.0)));
    }
}
