use super::case::{Reference, Told};
use super::estimate::{Estimate, ratio_by_weeks};
use serde::Serialize;

/// A forecaster's scores beside those of the references (与参照预报并列).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared<S> {
    /// Over all cases.
    pub forecast: S,
    /// Over the cases that have a climatology.
    pub climatology: Option<Against<S>>,
    /// Over the cases that have a persistence.
    pub persistence: Option<Against<S>>,
}

/// A reference and the skill against it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Against<S> {
    /// The reference scored as a forecaster.
    pub reference: S,
    /// One less the ratio of the summed losses, paired case by case; `None` where the reference has no loss at all.
    pub skill: Option<Estimate>,
}

/// Scores cases, then the same cases as each reference tells them. `None` where `score` finds no case.
///
/// `loss` is what the skill is about: smaller is better, zero perfect.
pub(crate) fn compare<C: Told, S>(
    cases: &[&C],
    score: impl Fn(&[&C]) -> Option<S>,
    loss: impl Fn(&C) -> Option<f64>,
    seed: u64,
) -> Option<Compared<S>> {
    let against = |reference: Reference| {
        let pairs: Vec<(&C, C)> = cases.iter().filter_map(|case| Some((*case, case.told_by(reference)?))).collect();
        let told: Vec<&C> = pairs.iter().map(|(_, told)| told).collect();
        let losses = pairs.iter().filter_map(|(case, told)| Some((case.occasion().issue, loss(case)?, loss(told)?)));
        Some(Against { reference: score(&told)?, skill: ratio_by_weeks(losses, seed).map(Estimate::complement) })
    };
    Some(Compared {
        forecast: score(cases)?,
        climatology: against(Reference::Climatology),
        persistence: against(Reference::Persistence),
    })
}
