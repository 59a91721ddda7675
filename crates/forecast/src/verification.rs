//! Verification (预报检验): forecasts beside what happened, and beside what persistence and climatology would have said.
//!
//! Pure functions over rows of [`Case`] (a concentration or the AQI as a distribution), [`IndexCase`] (the AQI as it is
//! published) and [`JointCase`] (all cities and days of a run together). A measure over no case is missing, never zero.
//! What every measure means stands in `docs/guide/verification.md`.

mod case;
mod compare;
mod coverage;
mod decisions;
mod estimate;
mod event;
#[cfg(test)]
mod example;
mod grouping;
mod index;
mod index_timing;
mod joint;
mod observed;
mod pair;
mod reference;
mod scorecard;
mod timing;
mod value;
mod weights;

pub use case::{Author, Case, IndexCase, IndexSaid, Item, Occasion, Reference, References, Said, Told};
pub use compare::{Against, Compared};
pub use coverage::{CoverageAlarm, CoverageWatch, FEWEST_WATCHED, coverage_watch};
pub use decisions::Decisions;
pub use estimate::{Estimate, mean_by_weeks, ratio_by_weeks};
pub use event::{Bin, EventCase, EventScore, IndexEventScore, WARNING_PROBABILITY, event_score, index_event_scores};
pub use grouping::{By, Key, groups};
pub use index::{IndexScore, RANGE_SHARE, half_level, index_scores, interval_score};
pub use index_timing::{IndexTiming, index_timing};
pub use joint::{
    HEAVY_PM25, JointCase, JointScore, JointVerification, MANY_CITIES, days_in_a_row, joint_score, joint_scores,
    many_cities,
};
pub use observed::{ObservedDay, observed_day};
pub use pair::{PairCase, PairScore, pair_scores};
pub use reference::ReferenceBook;
pub use scorecard::{FEWEST_RANKED, Scorecard, scorecards};
pub use timing::{Span, Step, StepErrors, TimingScore, spans, timing_score};
pub use value::{ValueScore, value_scores};
pub use weights::{PastScore, WeightRule, skill_weights, weighted_median};

use serde::Serialize;
use std::collections::BTreeMap;

/// AQI bounds of the events that are scored.
pub const EVENT_BOUNDS: [u16; 2] = [150, 200];

/// All scores of one group and item (分组检验结果).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupScore {
    /// The group, in the order of what was grouped by.
    pub key: Vec<Key>,
    /// Pollutant or AQI.
    pub item: Item,
    /// As a number with quantiles.
    pub value: Option<Compared<ValueScore>>,
    /// The published index; only of the AQI.
    pub index: Option<Compared<IndexScore>>,
    /// AQI above 150 and above 200; only of the AQI, where probabilities were given.
    pub events: Vec<Compared<IndexEventScore>>,
    /// Start, peak and end of episodes; only of the AQI, where there was one.
    pub timing: Option<IndexTiming>,
}

/// Scores every group and item that has a case, in order of key and item.
pub fn verify(cases: &[Case], indices: &[IndexCase], by: &[By], seed: u64) -> Vec<GroupScore> {
    let mut scores: BTreeMap<(Vec<Key>, Item), GroupScore> = BTreeMap::new();
    let empty = |key: &[Key], item| {
        let key = key.to_vec();
        GroupScore { key, item, value: None, index: None, events: vec![], timing: None }
    };
    for item in Item::ALL {
        for (key, group) in groups(cases.iter().filter(|case| case.item == item), by) {
            let value = value_scores(&group, seed);
            scores.entry((key.clone(), item)).or_insert_with(|| empty(&key, item)).value = value;
        }
    }
    for (key, group) in groups(indices, by) {
        let score = scores.entry((key.clone(), Item::Aqi)).or_insert_with(|| empty(&key, Item::Aqi));
        score.index = index_scores(&group, seed);
        score.events = EVENT_BOUNDS.iter().filter_map(|bound| index_event_scores(&group, *bound, seed)).collect();
        // Days picked by what was observed are no course.
        score.timing = if by.contains(&By::Level) { None } else { index_timing(&group) };
    }
    scores.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_scored_by_item_and_key_in_order() {
        let cases = [example::case(0, 2, 50.0), example::case(0, 1, 80.0)];
        let indices = [example::index(0, (54, 84), &[], 0.1, 69)];
        let found = verify(&cases, &indices, &[By::Lead], 1);
        let short: Vec<_> = found.iter().map(|score| (score.key[0].clone(), score.item.code())).collect();
        assert_eq!(short, [(Key::Number(1), "PM2_5"), (Key::Number(1), "AQI"), (Key::Number(2), "PM2_5")]);
        assert!(found[0].index.is_none() && found[0].value.is_some());
        assert_eq!((found[1].value.is_none(), found[1].events.len()), (true, 1), "no probability of 200 was given");
    }

    #[test]
    fn nothing_to_score_gives_no_group() {
        assert!(verify(&[], &[], &[By::Lead], 1).is_empty());
    }
}
