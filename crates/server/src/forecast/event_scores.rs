//! Scores of events and of whole courses, as the verification answer tells them.

use super::models::Bounded;
use super::scored::{estimated, share};
use crate::figure::Figure;
use ::forecast::verification::{EventScore, IndexEventScore, JointCase, PairCase, joint_scores, pair_scores};
use serde::Serialize;
use utoipa::ToSchema;

/// An AQI above a bound, decided by its probability.
#[derive(Serialize, ToSchema)]
pub(super) struct Event {
    pub bound: u16,
    /// Probability above which it counts as forecast.
    threshold: Option<Figure>,
    hits: usize,
    misses: usize,
    false_alarms: usize,
    pod: Option<Figure>,
    far: Option<Figure>,
    ts: Option<Figure>,
    pub brier: Option<Figure>,
    /// Against the observed frequency.
    pub brier_skill: Option<Figure>,
    reliability: Option<Figure>,
    resolution: Option<Figure>,
    uncertainty: Option<Figure>,
    /// Reliability diagram.
    bins: Vec<Bin>,
    roc_area: Option<Figure>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Bin {
    /// Mean probability said.
    p: Option<Figure>,
    /// Observed frequency.
    observed: Option<Figure>,
    count: usize,
}

/// Scores of whole courses over cities and days.
#[derive(Serialize, ToSchema)]
pub(super) struct Joint {
    /// Runs observed completely, which the two scores need.
    complete_runs: usize,
    /// Of logarithms; smaller is better.
    energy: Option<Figure>,
    energy_climatology: Option<Figure>,
    energy_persistence: Option<Figure>,
    variogram: Option<Figure>,
    variogram_climatology: Option<Figure>,
    /// Two days in a row above 115 µg/m³ in a city, as the members say it.
    event48: Option<PairScore>,
    /// The same by the calibrated probability, which decisions use.
    event48_calibrated: Option<PairScore>,
    /// Brier skill of the calibrated probability against the members' share; bounds that hold 0 tell no difference.
    event48_gain: Option<Bounded>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct PairScore {
    cases: usize,
    brier: Option<Figure>,
    /// Against the observed frequency.
    brier_skill: Option<Figure>,
    observed: Option<Figure>,
    said: Option<Figure>,
}

/// One bound of the index.
pub(super) fn index_event(score: &IndexEventScore) -> Event {
    let (said, decided) = (&score.probability, &score.probability.by_probability);
    let fine = |value| Figure::rounded(value, 4);
    Event {
        bound: score.bound,
        threshold: share(said.threshold),
        hits: decided.hits,
        misses: decided.misses,
        false_alarms: decided.false_alarms,
        pod: estimated(decided.pod),
        far: estimated(decided.far),
        ts: estimated(decided.ts),
        brier: fine(said.brier.value),
        brier_skill: estimated(said.brier_skill),
        reliability: fine(said.reliability),
        resolution: fine(said.resolution),
        uncertainty: fine(said.uncertainty),
        bins: said
            .bins
            .iter()
            .map(|bin| Bin { p: share(bin.said), observed: share(bin.observed), count: bin.count })
            .collect(),
        roc_area: said.roc_area.and_then(share),
    }
}

/// Joint scores of runs; `None` where there is nothing to score.
pub(super) fn joint(cases: &[JointCase], events: &[PairCase], seed: u64) -> Option<Joint> {
    let (all, pairs) = (joint_scores(cases, seed)?, pair_scores(events, seed));
    let whole = pairs.first();
    let pair = |event: &EventScore| PairScore {
        cases: event.cases,
        brier: Figure::rounded(event.brier.value, 4),
        brier_skill: estimated(event.brier_skill),
        observed: share(event.observed),
        said: share(event.said),
    };
    Some(Joint {
        complete_runs: all.forecast.complete_runs,
        energy: estimated(all.forecast.energy),
        energy_climatology: all.climatology.as_ref().and_then(|score| estimated(score.energy)),
        energy_persistence: all.persistence.as_ref().and_then(|score| estimated(score.energy)),
        variogram: estimated(all.forecast.variogram),
        variogram_climatology: all.climatology.as_ref().and_then(|score| estimated(score.variogram)),
        event48: whole.map(|score| pair(&score.members)),
        event48_calibrated: whole.map(|score| pair(&score.calibrated)),
        event48_gain: whole.and_then(|score| score.gain).map(Bounded::from),
    })
}
