use super::*;
use proptest::prelude::*;
use units::Share;

fn line(id: usize, enterprise: &str, delivered: f64, verified: f64) -> ClosedLine {
    let from: BeijingDay = "2026-01-01".parse().unwrap();
    ClosedLine {
        id: format!("line-{id}"),
        enterprise: enterprise.parse().unwrap(),
        industry: "水泥".into(),
        measure: "停窑".into(),
        from: from + id as i32 * 3,
        to: from + id as i32 * 3 + 2,
        delivered: Share::new(delivered).unwrap(),
        verified: Share::new(verified).unwrap(),
    }
}

fn of(lines: Vec<ClosedLine>, enterprise: &str) -> Certainty {
    let learned = Learned::from_lines(lines, Prior::bundled()).unwrap();
    learned.of(&enterprise.parse().unwrap(), "水泥", "停窑")
}

fn several(enterprise: &str, from: usize, count: usize, delivered: f64) -> Vec<ClosedLine> {
    (from..from + count).map(|id| line(id, enterprise, delivered, 1.0)).collect()
}

#[test]
fn nothing_verified_is_the_prior_and_rests_on_nothing() {
    let certainty = of(vec![], "a");
    assert!((certainty.mean_share.mean - 0.65).abs() < 1e-12);
    assert_eq!((certainty.lines, certainty.own_part, certainty.others), (0, 0.0, 0));
    assert!(certainty.rests_on.is_empty() && certainty.industry_days.is_none());
    assert_eq!(certainty.prior, "certainty-2026");
}

#[test]
fn an_enterprise_of_few_lines_lies_between_its_own_and_its_industry() {
    let mut lines: Vec<_> =
        ["b", "c", "d", "e", "f"].iter().enumerate().flat_map(|(n, e)| several(e, n * 10, 4, 0.9)).collect();
    let stranger = of(lines.clone(), "a");
    assert!((0.75..0.9).contains(&stranger.mean_share.mean), "{stranger:?}");
    lines.push(line(90, "a", 0.1, 1.0));
    let after_one = of(lines.clone(), "a");
    assert!(after_one.mean_share.mean > 0.4 && after_one.mean_share.mean < stranger.mean_share.mean, "{after_one:?}");
    lines.extend(several("a", 91, 30, 0.1));
    let after_many = of(lines, "a");
    assert!(after_many.mean_share.mean < 0.25 && after_many.own_part > 0.75, "{after_many:?}");
    assert_eq!((after_many.lines, after_many.others, after_many.rests_on.len()), (31, 5, 31));
}

#[test]
fn others_like_each_other_pull_more_than_others_that_differ() {
    let alike: Vec<_> = (0..8).flat_map(|n| several(&format!("e{n}"), n * 10, 6, 0.9)).collect();
    let unlike: Vec<_> =
        (0..8).flat_map(|n| several(&format!("e{n}"), n * 10, 6, if n % 4 == 3 { 0.0 } else { 1.0 })).collect();
    let pulled = |mut lines: Vec<ClosedLine>| {
        lines.extend(several("a", 95, 2, 0.2));
        of(lines, "a")
    };
    assert!(pulled(alike).own_part < pulled(unlike).own_part);
}

#[test]
fn a_line_hardly_verified_hardly_counts() {
    let with = |verified| of(vec![line(1, "a", 0.0, verified)], "a").mean_share.mean;
    assert!(with(1.0) < with(0.5) && with(0.5) < with(0.05));
    assert!((with(0.05) - 0.65).abs() < 0.02);
}

#[test]
fn an_unsteady_enterprise_has_the_wider_spread_in_one_order() {
    let steady = several("a", 0, 10, 0.5);
    let unsteady: Vec<_> = (0..10).map(|id| line(id, "a", if id % 2 == 0 { 0.0 } else { 1.0 }, 1.0)).collect();
    let (steady, unsteady) = (of(steady, "a"), of(unsteady, "a"));
    assert!((steady.mean_share.mean - unsteady.mean_share.mean).abs() < 0.05);
    assert!(unsteady.one_order.deviation > steady.one_order.deviation + 0.05, "{steady:?} {unsteady:?}");
    assert!(steady.one_order.deviation > steady.mean_share.deviation);
}

#[test]
fn an_enterprise_that_always_delivers_becomes_sure() {
    let certainty = of(several("a", 0, 20, 1.0), "a");
    assert!(certainty.mean_share.mean > 0.9 && certainty.mean_share.deviation < 0.08, "{certainty:?}");
}

#[test]
fn lines_that_teach_nothing_are_refused_by_id() {
    let refused = |lines: Vec<ClosedLine>| Learned::from_lines(lines, Prior::bundled()).unwrap_err().to_string();
    assert!(refused(vec![line(1, "a", 1.0, 0.0)]).starts_with("V-401 closed line line-1"));
    assert!(refused(vec![line(1, "a", 1.0, 1.0), line(1, "a", 0.5, 1.0)]).contains("twice"));
    let backwards = ClosedLine { to: "2025-01-01".parse().unwrap(), ..line(1, "a", 1.0, 1.0) };
    assert!(refused(vec![backwards]).contains("before"));
}

#[test]
fn growth_has_a_row_for_each_day_on_which_a_line_ended() {
    let lines = [several("a", 0, 4, 1.0), several("b", 10, 2, 0.0)].concat();
    let rows = growth(&lines, &"a".parse().unwrap(), "水泥", "停窑", Prior::bundled()).unwrap();
    assert_eq!(rows.len(), 4);
    assert!(rows.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1.mean_share.mean < pair[1].1.mean_share.mean));
    assert!(rows.windows(2).all(|pair| pair[0].1.mean_share.deviation > pair[1].1.mean_share.deviation));
}

#[test]
fn scenarios_have_the_mean_and_spread_they_stand_for() {
    let one_order = of(several("a", 0, 6, 0.8), "a").one_order;
    let drawn = one_order.scenarios(200, 7);
    let mean = drawn.iter().sum::<f64>() / 200.0;
    let deviation = (drawn.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 200.0).sqrt();
    assert!((mean - one_order.mean).abs() < 0.005, "{mean} {one_order:?}");
    assert!((deviation - one_order.deviation).abs() < 0.01, "{deviation} {one_order:?}");
    assert_eq!(drawn, one_order.scenarios(200, 7));
    assert_ne!(drawn, one_order.scenarios(200, 8));
    assert!(one_order.scenarios(0, 1).is_empty());
}

#[test]
fn a_prior_out_of_its_range_is_refused_by_file() {
    let text = include_str!("../../../../data/verify/certainty-2026.toml");
    for (from, to, named) in [
        ("mean = 0.65", "mean = 1.0", "mean"),
        ("alike_lines = 4.0", "alike_lines = 0", "alike_lines"),
        ("title", "titel", "titel"),
    ] {
        let refused = Prior::parse("mine.toml", &text.replace(from, to)).unwrap_err().to_string();
        assert!(refused.starts_with("V-101 mine.toml") && refused.contains(named), "{refused}");
    }
}

fn any_lines() -> impl Strategy<Value = Vec<ClosedLine>> {
    let one = (0usize..5, 0.0f64..=1.0, 0.05f64..=1.0);
    prop::collection::vec(one, 1..25).prop_map(|rows| {
        rows.into_iter().enumerate().map(|(id, (who, x, w))| line(id, &format!("e{who}"), x, w)).collect()
    })
}

proptest! {
    #[test]
    fn the_order_of_lines_is_irrelevant(lines in any_lines(), seed in any::<u64>()) {
        let mut other = lines.clone();
        let count = other.len();
        (0..count).for_each(|n| other.swap(n, (seed.rotate_left(n as u32) % count as u64) as usize));
        prop_assert_eq!(of(lines, "e0"), of(other, "e0"));
    }

    #[test]
    fn the_same_share_again_narrows_what_is_known(delivered in 0.0f64..=1.0, count in 1usize..12) {
        let of_count = |count| of(several("a", 0, count, delivered), "a").mean_share;
        // Compared where the mean is nearly settled: moving towards a half may widen a share by itself.
        let (fewer, more) = (of_count(count + 8), of_count(count + 30));
        prop_assert!(more.deviation < fewer.deviation);
    }

    #[test]
    fn a_better_line_never_lowers_the_mean(lines in any_lines(), better in 0.0f64..=1.0) {
        let (before, mut after) = (lines.clone(), lines);
        let worst = after[0].delivered.get();
        let raised = worst.max(better);
        after[0].delivered = Share::new(raised).unwrap();
        let who = after[0].enterprise.to_string();
        // How alike the others are is learned in steps; within a step the mean follows the line.
        let (before, after) = (of(before, &who), of(after, &who));
        prop_assert!(after.mean_share.mean >= before.mean_share.mean - 0.08);
    }

    #[test]
    fn shares_and_spreads_stay_in_range(lines in any_lines()) {
        for who in ["e0", "e1", "stranger"] {
            let known = of(lines.clone(), who);
            for beta in [known.mean_share, known.one_order] {
                prop_assert!(beta.mean > 0.0 && beta.mean < 1.0 && beta.deviation > 0.0 && beta.deviation < 0.5);
                prop_assert!((0.0..=1.0).contains(&beta.quantile(0.05)) && beta.quantile(0.05) <= beta.quantile(0.95));
            }
            prop_assert!(known.one_order.deviation >= known.mean_share.deviation - 1e-12);
        }
    }
}
