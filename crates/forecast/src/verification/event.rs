use super::case::{IndexCase, Told};
use super::compare::{Compared, compare};
use super::decisions::Decisions;
use super::estimate::{Estimate, mean_by_weeks, ratio_by_weeks};
use super::value::mean;
use crate::measures::brier;
use serde::Serialize;
use units::BeijingDay;

/// Exceedance probability from which a day counts as warned of (the median never warns, see the guide).
pub const WARNING_PROBABILITY: f64 = 0.3;

/// Bins of the reliability diagram.
const BINS: usize = 10;

/// One yes-or-no event beside its probability (事件预报实况对).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EventCase {
    /// Day of the issue.
    pub issue: BeijingDay,
    /// Forecast probability, 0 to 1.
    pub probability: f64,
    /// Whether it happened.
    pub happened: bool,
}

/// Scores of an event (事件检验).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventScore {
    /// Forecasts.
    pub cases: usize,
    /// Mean probability that was said.
    pub said: f64,
    /// Observed frequency.
    pub observed: f64,
    /// Probability above which the event counts as forecast.
    pub threshold: f64,
    /// Yes-or-no forecasts by that threshold.
    pub by_probability: Decisions,
    /// Brier score; equals reliability - resolution + uncertainty.
    pub brier: Estimate,
    /// How far what was said is from what then happened, bin by bin; 0 is perfect (可靠性).
    pub reliability: f64,
    /// How much the forecast tells days apart, within bins too; larger is better (分辨性).
    pub resolution: f64,
    /// Brier score of the observed frequency itself (不确定性).
    pub uncertainty: f64,
    /// Brier skill against the observed frequency; `None` where the event always or never happened.
    pub brier_skill: Option<Estimate>,
    /// Reliability diagram; empty bins are left out (可靠性图).
    pub bins: Vec<Bin>,
    /// Area under the ROC curve: share of pairs of an event and a non-event that are told apart; .5 is chance.
    pub roc_area: Option<f64>,
}

/// One bin of a reliability diagram.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// Mean probability said.
    pub said: f64,
    /// Observed frequency.
    pub observed: f64,
    /// Forecasts.
    pub count: usize,
}

/// An event of the published index with both ways of deciding on it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IndexEventScore {
    /// The AQI that is exceeded.
    pub bound: u16,
    /// By its probability.
    pub probability: EventScore,
    /// The same days decided by the middle of the range.
    pub by_middle: Decisions,
}

/// Scores `AQI > bound`, 150 or 200, beside the references; skill is of the Brier score.
/// `None` where no case carries the probability.
pub fn index_event_scores(cases: &[&IndexCase], bound: u16, seed: u64) -> Option<Compared<IndexEventScore>> {
    let score = |cases: &[&IndexCase]| {
        let events: Vec<EventCase> = cases.iter().filter_map(|case| index_event(case, bound)).collect();
        let decided = cases.iter().filter(|case| index_event(case, bound).is_some());
        let middle =
            decided.map(|case| (case.occasion().issue, case.said.middle().get() > bound, case.seen.get() > bound));
        Some(IndexEventScore {
            bound,
            probability: event_score(&events, WARNING_PROBABILITY, seed)?,
            by_middle: Decisions::of(middle, seed),
        })
    };
    let loss = |case: &IndexCase| index_event(case, bound).map(|event| brier(event.probability, event.happened));
    compare(cases, score, loss, seed)
}

fn index_event(case: &IndexCase, bound: u16) -> Option<EventCase> {
    let probability = if bound == 150 { case.said.p_aqi150 } else { case.said.p_aqi200 }?;
    Some(EventCase { issue: case.occasion.issue, probability, happened: case.seen.get() > bound })
}

/// Scores of probabilities of an event; `None` of no case.
pub fn event_score(cases: &[EventCase], threshold: f64, seed: u64) -> Option<EventScore> {
    let observed = mean(cases.iter().map(|case| f64::from(case.happened)))?;
    let loss = |case: &EventCase| brier(case.probability, case.happened);
    let uncertainty = observed * (1.0 - observed);
    let (bins, reliability) = diagram(cases);
    let brier_score = mean_by_weeks(cases.iter().map(|case| (case.issue, loss(case))), seed)?;
    let against = cases.iter().map(|case| (case.issue, loss(case), brier(observed, case.happened)));
    Some(EventScore {
        cases: cases.len(),
        said: mean(cases.iter().map(|case| case.probability))?,
        observed,
        threshold,
        by_probability: Decisions::of(
            cases.iter().map(|case| (case.issue, case.probability > threshold, case.happened)),
            seed,
        ),
        brier: brier_score,
        reliability,
        // With unequal probabilities in a bin, the classical parts miss the variance within bins. The generalised
        // resolution of Stephenson, Coelho and Jolliffe 2008 takes it in, and the three parts add up again.
        resolution: reliability + uncertainty - brier_score.value,
        uncertainty,
        brier_skill: if uncertainty > 0.0 { ratio_by_weeks(against, seed).map(Estimate::complement) } else { None },
        bins,
        roc_area: roc_area(cases),
    })
}

/// Ten bins of equal width, and the reliability over them.
fn diagram(cases: &[EventCase]) -> (Vec<Bin>, f64) {
    let mut sums = [(0.0, 0usize, 0usize); BINS];
    for case in cases {
        let sum = &mut sums[((case.probability * BINS as f64) as usize).min(BINS - 1)];
        *sum = (sum.0 + case.probability, sum.1 + usize::from(case.happened), sum.2 + 1);
    }
    let filled = sums.into_iter().filter(|sum| sum.2 > 0);
    let bins: Vec<Bin> = filled
        .map(|(said, happened, count)| Bin {
            said: said / count as f64,
            observed: happened as f64 / count as f64,
            count,
        })
        .collect();
    let apart: f64 = bins.iter().map(|bin| bin.count as f64 * (bin.said - bin.observed).powi(2)).sum();
    (bins, apart / cases.len() as f64)
}

/// Share of pairs (event, non-event) in which the event had the larger probability, ties half (Mann and Whitney).
fn roc_area(cases: &[EventCase]) -> Option<f64> {
    let mut sorted: Vec<&EventCase> = cases.iter().collect();
    sorted.sort_by(|a, b| a.probability.total_cmp(&b.probability));
    let (mut below, mut won, mut events) = (0usize, 0.0, 0usize);
    for tied in sorted.chunk_by(|a, b| a.probability == b.probability) {
        let happened = tied.iter().filter(|case| case.happened).count();
        let others = tied.len() - happened;
        won += happened as f64 * (below as f64 + 0.5 * others as f64);
        below += others;
        events += happened;
    }
    (events > 0 && below > 0).then(|| won / (events as f64 * below as f64))
}

#[cfg(test)]
mod tests {
    use super::super::case::References;
    use super::super::example::index;
    use super::*;
    use proptest::prelude::*;

    fn event(n: i32, probability: f64, happened: bool) -> EventCase {
        EventCase { issue: BeijingDay::from_index(17_500 + n), probability, happened }
    }

    #[test]
    fn scores_worked_by_hand() {
        let cases = [event(0, 0.8, true), event(1, 0.8, false), event(2, 0.4, true), event(3, 0.0, false)];
        let found = event_score(&cases, 0.5, 1).unwrap();
        assert!((found.brier.value - (0.04 + 0.64 + 0.36) / 4.0).abs() < 1e-12);
        assert_eq!((found.observed, found.said, found.uncertainty), (0.5, 0.5, 0.25));
        // Two in the bin at .8 (seen .5), one at .4 (seen 1), one at 0.
        assert!((found.reliability - (2.0 * 0.09 + 0.36) / 4.0).abs() < 1e-12);
        // Resolution of the bins: .5 .5 | 1 | 0 around .5, no spread within a bin.
        assert!((found.resolution - (0.25 + 0.25) / 4.0).abs() < 1e-12, "{found:?}");
        assert!((found.brier_skill.unwrap().value - (1.0 - 0.26 / 0.25)).abs() < 1e-12);
        // Events .8 and .4 against .8 and 0: half, one, nothing, one.
        assert_eq!(found.roc_area, Some(2.5 / 4.0));
        let decided = found.by_probability;
        assert_eq!((decided.hits, decided.misses, decided.false_alarms, decided.correct_negatives), (1, 1, 1, 1));
        assert_eq!(found.bins.iter().map(|bin| bin.count).collect::<Vec<_>>(), [1, 1, 2]);
    }

    #[test]
    fn an_event_that_never_happened_has_no_skill_and_no_curve() {
        let found = event_score(&[event(0, 0.2, false), event(9, 0.0, false)], 0.3, 1).unwrap();
        assert_eq!((found.brier_skill, found.roc_area, found.uncertainty), (None, None, 0.0));
        assert!(event_score(&[], 0.3, 1).is_none());
    }

    #[test]
    fn the_probability_warns_where_the_middle_does_not() {
        let cases = [index(0, (100, 140), &[], 0.35, 180), index(7, (60, 90), &[], 0.02, 70)];
        let found = index_event_scores(&cases.iter().collect::<Vec<_>>(), 150, 1).unwrap().forecast;
        assert_eq!((found.probability.by_probability.hits, found.by_middle.hits, found.by_middle.misses), (1, 0, 1));
    }

    #[test]
    fn a_missing_probability_is_not_taken_for_zero() {
        let case = index(0, (100, 140), &[], 0.35, 230);
        assert!(index_event_scores(&[&case], 200, 1).is_none());
        assert!(index_event_scores(&[&case], 150, 1).is_some());
    }

    #[test]
    fn brier_skill_against_itself_is_zero() {
        let one = index(0, (100, 140), &[], 0.35, 180);
        let references = References { climatology: None, persistence: Some(one.said.clone()) };
        let found = index_event_scores(&[&IndexCase { references, ..one }], 150, 1).unwrap();
        assert_eq!(found.persistence.unwrap().skill.unwrap().value, 0.0);
    }

    proptest! {
        #[test]
        fn the_parts_add_up_to_the_score_and_keep_their_bounds(
            said in prop::collection::vec((0.0f64..=1.0, any::<bool>()), 1..60)
        ) {
            let cases: Vec<EventCase> =
                said.iter().enumerate().map(|(n, (p, yes))| event(n as i32, *p, *yes)).collect();
            let found = event_score(&cases, 0.3, 1).unwrap();
            let parts = found.reliability - found.resolution + found.uncertainty;
            prop_assert!((found.brier.value - parts).abs() < 1e-9);
            // The generalised resolution by its own formula: between bins, less the variance within, plus twice the
            // covariance.
            let bin = |p: f64| ((p * 10.0) as usize).min(9);
            let n = cases.len() as f64;
            let direct: f64 = (0..10).map(|k| {
                let inside: Vec<&EventCase> = cases.iter().filter(|case| bin(case.probability) == k).collect();
                let (Some(f), Some(o)) = (
                    mean(inside.iter().map(|case| case.probability)),
                    mean(inside.iter().map(|case| f64::from(case.happened))),
                ) else { return 0.0 };
                let within: f64 = inside.iter().map(|case| {
                    let (df, d) = (case.probability - f, f64::from(case.happened) - o);
                    2.0 * df * d - df * df
                }).sum();
                inside.len() as f64 * (o - found.observed).powi(2) + within
            }).sum::<f64>() / n;
            prop_assert!((found.resolution - direct).abs() < 1e-9, "{} {}", found.resolution, direct);
            prop_assert!((0.0..=1.0).contains(&found.brier.value));
            prop_assert!(found.roc_area.is_none_or(|area| (0.0..=1.0).contains(&area)));
            prop_assert_eq!(found.bins.iter().map(|bin| bin.count).sum::<usize>(), cases.len());
        }

        #[test]
        fn turning_every_probability_round_turns_the_curve_round(
            said in prop::collection::vec((0u8..=20, any::<bool>()), 2..40)
        ) {
            let cases = |turn: bool| -> Vec<EventCase> {
                said.iter().map(|(p, yes)| event(0, f64::from(if turn { 20 - p } else { *p }) / 20.0, *yes)).collect()
            };
            if let (Some(a), Some(b)) = (roc_area(&cases(false)), roc_area(&cases(true))) {
                prop_assert!((a + b - 1.0).abs() < 1e-9);
            }
        }
    }
}
