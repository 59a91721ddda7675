use super::*;
use proptest::prelude::*;

fn hour(issue: i64) -> BeijingHour {
    BeijingHour::from_index(400_000 + 24 * issue)
}

fn never() -> BeijingHour {
    hour(100_000)
}

/// A case of one issue and place with points for members.
fn case(issue: i64, place: usize, said: &[f64], seen: f64) -> Case {
    let said = said.iter().map(|value| value.is_finite().then_some([*value; 5])).collect();
    Case { issue: hour(issue), over: hour(issue + 2), place, said, seen }
}

/// Errors that repeat without being constant: a factor by issue and place.
fn noise(issue: i64, place: usize, salt: i64) -> f64 {
    let mixed = (issue * 7 + place as i64 * 13 + salt * 29).rem_euclid(11);
    (mixed as f64 - 5.0) / 10.0
}

fn cases(issues: i64, said: impl Fn(i64, usize, f64) -> Vec<f64>) -> Vec<Case> {
    let one = |issue: i64, place: usize| {
        let seen = 80.0 * noise(issue, place, 0).exp();
        case(issue, place, &said(issue, place, seen), seen)
    };
    (0..issues)
        .flat_map(|issue| (0..6).map(move |place| (issue, place)))
        .map(|(issue, place)| one(issue, place))
        .collect()
}

#[test]
fn without_a_past_weights_are_equal_and_the_pool_is_the_geometric_mean() {
    let rule = learn(&[], 2, never(), Settings::default());
    assert_eq!((rule.weights.clone(), rule.issues), (vec![0.5, 0.5], 0));
    let pooled = rule.apply(0, &[Some([40.0; 5]), Some([90.0; 5])]).unwrap();
    assert!((pooled[2] - 60.0).abs() < 1e-9);
    assert_eq!(rule.apply(0, &[None, None]), None);
}

#[test]
fn the_better_member_weighs_more_and_little_knowledge_less() {
    let said = |issue: i64, place: usize, seen: f64| {
        vec![seen * (0.2 * noise(issue, place, 1)).exp(), seen * (2.0 * noise(issue, place, 2)).exp()]
    };
    let weight = |issues: i64| learn(&cases(issues, said), 2, never(), Settings::default()).weights[0];
    let (young, old) = (weight(1), weight(60));
    assert!(young > 0.5 && old > young && old > 0.9, "{young} {old}");
    let sceptic = Settings { power: 0.0, ..Settings::default() };
    let equal = learn(&cases(1, said), 2, never(), sceptic).weights[0];
    assert!((0.5..0.52).contains(&equal), "{equal}");
}

#[test]
fn what_is_not_over_is_not_learned_from() {
    let said =
        |issue: i64, _: usize, seen: f64| if issue < 5 { vec![seen, 2.0 * seen] } else { vec![9.0 * seen, seen] };
    let all = cases(20, said);
    let early: Vec<Case> = all.iter().filter(|case| case.issue < hour(5)).cloned().collect();
    let until = hour(6);
    assert_eq!(learn(&all, 2, until, Settings::default()), learn(&early, 2, until, Settings::default()));
    assert!(
        learn(&all, 2, never(), Settings::default()).weights != learn(&early, 2, never(), Settings::default()).weights
    );
}

#[test]
fn a_lasting_factor_is_corrected_and_neither_a_chance_nor_a_young_one() {
    let lasting = |issue: i64, place: usize, seen: f64| vec![2.0 * seen * (0.3 * noise(issue, place, 1)).exp()];
    let rule = learn(&cases(20, lasting), 1, never(), Settings::default());
    assert_eq!(learn(&cases(19, lasting), 1, never(), Settings::default()).corrected, [0.0]);
    let corrected = rule.apply(0, &[Some([100.0; 5])]).unwrap()[2];
    assert!(rule.corrected[0] == 1.0 && (corrected / 50.0 - 1.0).abs() < 0.15, "{corrected}");
    let chance = |issue: i64, place: usize, seen: f64| vec![seen * noise(issue, place, 1).exp()];
    assert_eq!(learn(&cases(20, chance), 1, never(), Settings::default()).corrected, [0.0]);
}

#[test]
fn a_place_unknown_to_a_member_takes_the_mean_over_places() {
    let lasting = |_: i64, _: usize, seen: f64| vec![2.0 * seen];
    let rule = learn(&cases(20, lasting), 1, never(), Settings::default());
    let elsewhere = rule.apply(99, &[Some([100.0; 5])]).unwrap()[2];
    assert!((40.0..70.0).contains(&elsewhere), "{elsewhere}");
}

#[test]
fn the_pool_gives_way_to_a_single_member_it_loses_to() {
    let said = |issue: i64, place: usize, seen: f64| vec![seen * (0.2 * noise(issue, place, 1)).exp(), seen * 9.0];
    let settings = Settings { correction_gain: 1.0, power: 0.0, ..Settings::default() };
    let rule = learn(&cases(20, said), 2, never(), settings);
    assert!(rule.loss <= rule.losses[0] * (1.0 + settings.margin), "{} {:?}", rule.loss, rule.losses);
    let young = learn(&cases(5, said), 2, never(), settings);
    assert!(young.weights[1] > 0.1, "{:?}", young.weights);
}

#[test]
fn points_get_a_spread_from_past_errors() {
    let said = |issue: i64, place: usize, seen: f64| vec![seen * noise(issue, place, 1).exp()];
    let all = cases(40, said);
    let rule = learn(&all, 1, never(), Settings::default());
    let inside = all.iter().filter(|case| {
        let quantiles = rule.apply(case.place, &case.said).unwrap();
        (quantiles[0]..=quantiles[4]).contains(&case.seen)
    });
    let covered = inside.count() as f64 / all.len() as f64;
    assert!((0.8..=1.0).contains(&covered), "{covered}");
}

#[test]
fn a_member_that_was_never_scored_weighs_as_much_as_the_others_do_on_average() {
    let said = |issue: i64, place: usize, seen: f64| {
        vec![seen * noise(issue, place, 1).exp(), seen * noise(issue, place, 2).exp(), f64::NAN]
    };
    let rule = learn(&cases(3, said), 3, never(), Settings::default());
    assert!((rule.weights[2] - 1.0 / 3.0).abs() < 0.06, "{:?}", rule.weights);
}

#[test]
fn a_missing_member_leaves_its_weight_to_the_others() {
    let said = |issue: i64, place: usize, seen: f64| {
        vec![seen * noise(issue, place, 1).exp(), seen * noise(issue, place, 2).exp()]
    };
    let rule = learn(&cases(20, said), 2, never(), Settings { correction_gain: 1.0, ..Settings::default() });
    let alone = rule.apply(0, &[None, Some([70.0; 5])]).unwrap()[2];
    assert!((alone - 70.0).abs() < 1e-9);
}

proptest! {
    #[test]
    fn weights_are_never_negative_and_sum_to_one(
        values in prop::collection::vec((1.0f64..500.0, 1.0f64..500.0, 1.0f64..500.0, 1.0f64..500.0), 1..90)
    ) {
        let all: Vec<Case> =
            values.iter().enumerate().map(|(n, v)| case(n as i64 / 3, n % 3, &[v.0, v.1, v.2], v.3)).collect();
        let rule = learn(&all, 3, never(), Settings::default());
        prop_assert!(rule.weights.iter().all(|weight| *weight >= 0.0));
        prop_assert!((rule.weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        let best = rule.losses.iter().copied().fold(f64::MAX, f64::min);
        prop_assert!(rule.issues < 20 || rule.loss <= best * 1.02 + 1e-9);
        let quantiles = rule.apply(0, &all[0].said).unwrap();
        prop_assert!(quantiles.is_sorted());
    }
}
