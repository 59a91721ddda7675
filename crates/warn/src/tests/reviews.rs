//! Warnings held against what came.

use super::*;

fn first() -> BeijingHour {
    "2026-01-01T21:00:00+08:00".parse().unwrap()
}

/// Ten days of observed indices with a block above 200 that ends at column 120: the episode is columns 97 to 120.
fn truth() -> Indexed {
    let mut aqi = vec![50; 240];
    aqi[120] = 210;
    Indexed::new(vec!["徐州".into()], first(), 240, 1, aqi).unwrap()
}

/// Runs every 24 hours from column -1 on; those in `warned` warn of these columns.
fn standings(warned: &[usize], (from, to): (i64, i64)) -> Vec<Vec<Standing>> {
    let standing = |day: usize| Standing {
        issue: first() - 1 + 24 * day as i64,
        warned: warned.contains(&day).then_some((WarningLevel::Yellow, first() + from, first() + to)),
    };
    vec![(0..9).map(standing).collect()]
}

fn reviewed(warned: &[usize], span: (i64, i64)) -> ReviewSum {
    let plan = Plan::bundled("national-2024").unwrap();
    sum(&review(&plan, &truth(), &standings(warned, span), WarningLevel::Yellow))
}

#[test]
fn a_hit_has_the_lead_of_the_first_unbroken_warning() {
    // The run of day 2 is issued at column 47, 50 hours before the episode begins at column 97.
    let hit = reviewed(&[2, 3, 4, 5], (97, 120));
    assert_eq!((hit.episodes, hit.hits, hit.late, hit.misses), (1, 1, 0, 0));
    assert_eq!((hit.mean_lead_hours, hit.episode_hours, hit.warned_hours, hit.false_hours), (Some(50.0), 24, 24, 0));
    let broken = reviewed(&[1, 3, 4, 5], (97, 120));
    assert_eq!(broken.mean_lead_hours, Some(26.0), "what was taken back between does not count");
}

#[test]
fn a_warning_that_comes_during_the_episode_is_late_and_none_is_a_miss() {
    // The run of day 4 is issued at column 95, that of day 5 at column 119.
    assert_eq!((reviewed(&[5], (97, 120)).late, reviewed(&[5], (97, 120)).warned_hours), (1, 1));
    let missed = reviewed(&[], (0, 0));
    assert_eq!((missed.misses, missed.hits, missed.mean_lead_hours, missed.warned_hours), (1, 0, None, 0));
}

#[test]
fn hours_warned_without_need_are_counted_until_a_run_takes_them_back() {
    // Warned of columns 60 to 200 by the runs of days 2 to 4; that of day 5, issued at column 119, takes it back. Of
    // columns 60 to 119 the last 23 lie in the episode.
    let found = reviewed(&[2, 3, 4], (60, 200));
    assert_eq!((found.false_hours, found.warned_hours), (37, 23));
}

#[test]
fn an_hour_without_an_observed_index_is_neither_right_nor_wrong() {
    let plan = Plan::bundled("national-2024").unwrap();
    let mut unknown = truth();
    (60..70).for_each(|column| unknown.aqi[column] = NO_INDEX);
    let found = sum(&review(&plan, &unknown, &standings(&[2, 3, 4], (60, 200)), WarningLevel::Yellow));
    assert_eq!(found.false_hours, 27);
}

#[test]
fn an_episode_under_way_at_the_first_run_is_not_reviewed_and_no_false_alarm() {
    let plan = Plan::bundled("national-2024").unwrap();
    let mut begun = truth();
    begun.aqi[120] = 50;
    begun.aqi[10] = 210;
    let found = sum(&review(&plan, &begun, &standings(&[0], (0, 20)), WarningLevel::Yellow));
    // Columns -13 to 10 are the episode; of columns 0 to 20 the last ten were warned without need.
    assert_eq!((found.episodes, found.false_hours), (0, 10));
}

#[test]
fn perfect_knowledge_misses_nothing_and_warns_of_nothing_else() {
    let plan = Plan::bundled("national-2024").unwrap();
    let issues: Vec<BeijingHour> = (0..9).map(|day| first() - 1 + 24 * day).collect();
    let knowing = perfect(&plan, &truth(), &issues, 172, WarningLevel::Yellow);
    let found = sum(&review(&plan, &truth(), &knowing, WarningLevel::Yellow));
    assert_eq!((found.hits, found.misses, found.false_hours, found.warned_hours), (1, 0, 0, 24));
}
