//! The consensus of members (集成): weights and corrections learned on cases that were over before the issue.
//!
//! A case is one place and target (day or hour) with what each member said, as five quantiles; a member without a
//! spread says the same number five times. Members are pooled by the weighted mean of their quantiles, of their
//! logarithms for concentrations: errors of concentrations are factors.

mod correction;
mod weights;

use correction::Corrections;
use forecast::measures::{QUANTILES, crps_of_quantiles, quantile};
use std::collections::BTreeSet;
use units::BeijingHour;

/// From this many issues on, the score of a single member is believed against the pool's. Over a dozen it is not: the
/// member that had been best of the KDD members lost to the pool in most segments afterwards.
const TRUSTED_ISSUES: usize = 20;
/// Steps towards the best member that are tried.
const STEPS: u32 = 8;

/// What all members said about one target, and what came.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// When it was said.
    pub issue: BeijingHour,
    /// When the target was over: nothing may be learned from it before.
    pub over: BeijingHour,
    /// The city or station, by any numbering.
    pub place: usize,
    /// The five published quantiles of each member; `None` where it says nothing.
    pub said: Vec<Option<[f64; 5]>>,
    /// What came; NaN where it is not known.
    pub seen: f64,
}

/// How a consensus is learned (集成设置).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Issues that weights by single scores count for: what little is known about the pool is shrunk towards them.
    pub prior_issues: f64,
    /// How sharply single scores weigh, as a power of the loss.
    pub power: f64,
    /// How much of a past error is left an issue later.
    pub decay: f64,
    /// A correction is applied only where it lessened the loss by this share on the cases learned from.
    pub correction_gain: f64,
    /// From twenty issues on the pool gives way to the best single member where it lost more than this share to it.
    pub margin: f64,
    /// Pool logarithms, for concentrations; `false` for an index.
    pub logs: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { prior_issues: 40.0, power: 2.0, decay: 0.9, correction_gain: 0.02, margin: 0.02, logs: true }
    }
}

/// What was learned for one pollutant and lead.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    settings: Settings,
    /// Weight of each member; they sum to one.
    pub weights: Vec<f64>,
    /// Mean loss of each member on the cases learned from; NaN where it has none.
    pub losses: Vec<f64>,
    /// Mean loss of the pool on them; NaN of none.
    pub loss: f64,
    /// Issues learned from.
    pub issues: usize,
    /// The share of each member's mean error that is taken off, 0 where that did not help.
    pub corrected: Vec<f64>,
    corrections: Corrections,
    shifts: [f64; 5],
}

/// Learns from the cases of one pollutant and lead that were over by `until`.
///
/// Without any such case the weights are equal and nothing is corrected.
pub fn learn(cases: &[Case], members: usize, until: BeijingHour, settings: Settings) -> Rule {
    let usable = |case: &&Case| case.over <= until && in_space(case.seen, settings).is_finite();
    let past: Vec<Past> = cases.iter().filter(usable).map(|case| Past::of(case, members, settings)).collect();
    let issues = past.iter().map(|case| case.issue).collect::<BTreeSet<BeijingHour>>().len();
    let (corrections, corrected) = correction::learn(&past, members, settings);
    let past: Vec<Past> = past.into_iter().map(|case| corrections.apply_to(case, &corrected)).collect();
    let losses: Vec<f64> = (0..members).map(|member| mean_loss(&past, |case| case.said[member])).collect();
    let mut weights = weights::fit(&past, members, issues as f64, settings);
    let mut loss = mean_loss(&past, |case| pool(&case.said, &weights));
    if issues >= TRUSTED_ISSUES {
        (weights, loss) = give_way(&past, weights, loss, &losses, settings);
    }
    let shifts = shifts(&past, &weights, issues as f64, settings);
    Rule { settings, weights, losses, loss, issues, corrected, corrections, shifts }
}

impl Rule {
    /// The five quantiles of the consensus at a place; `None` when no member says anything.
    ///
    /// A member that is missing leaves its weight to the others; where all that are there weigh nothing, they are equal.
    pub fn apply(&self, place: usize, said: &[Option<[f64; 5]>]) -> Option<[f64; 5]> {
        let inside = |values: [f64; 5]| values.map(|value| in_space(value, self.settings));
        let past = Past {
            issue: BeijingHour::from_index(0),
            place,
            said: said.iter().map(|s| s.map(inside)).collect(),
            seen: 0.0,
        };
        let corrected = self.corrections.apply_to(past, &self.corrected);
        let pooled = pool(&corrected.said, &self.weights)?;
        let mut quantiles: [f64; 5] = std::array::from_fn(|q| out_of_space(pooled[q] + self.shifts[q], self.settings));
        quantiles.sort_by(f64::total_cmp);
        Some(quantiles)
    }
}

/// Moves the weights towards the best member by the smallest of eight steps that keeps the loss within the margin.
fn give_way(past: &[Past], weights: Vec<f64>, loss: f64, losses: &[f64], settings: Settings) -> (Vec<f64>, f64) {
    let known = (0..losses.len()).filter(|member| losses[*member].is_finite());
    let Some(best) = known.min_by(|a, b| losses[*a].total_cmp(&losses[*b])) else { return (weights, loss) };
    let most = losses[best] * (1.0 + settings.margin);
    let moved = |step: u32| {
        let share = f64::from(step) / f64::from(STEPS);
        let one = |(n, w): (usize, &f64)| w * (1.0 - share) + if n == best { share } else { 0.0 };
        let weights: Vec<f64> = weights.iter().enumerate().map(one).collect();
        let loss = mean_loss(past, |case| pool(&case.said, &weights));
        (weights, loss)
    };
    (0..=STEPS).map(moved).find(|(_, loss)| *loss <= most).unwrap_or((weights, loss))
}

/// A case with logarithms in place of concentrations.
#[derive(Clone, Debug)]
pub(crate) struct Past {
    issue: BeijingHour,
    place: usize,
    said: Vec<Option<[f64; 5]>>,
    seen: f64,
}

impl Past {
    fn of(case: &Case, members: usize, settings: Settings) -> Past {
        let inside = |values: [f64; 5]| values.map(|value| in_space(value, settings));
        let finite = |values: &[f64; 5]| values.iter().all(|value| value.is_finite());
        let said = (0..members).map(|n| case.said.get(n).copied().flatten().map(inside).filter(finite)).collect();
        Past { issue: case.issue, place: case.place, said, seen: in_space(case.seen, settings) }
    }
}

/// Concentrations below a tenth of a unit differ by noise only.
const FLOOR: f64 = 0.1;

fn in_space(value: f64, settings: Settings) -> f64 {
    if settings.logs && value.is_finite() { value.max(FLOOR).ln() } else { value }
}

fn out_of_space(value: f64, settings: Settings) -> f64 {
    if settings.logs { value.exp() } else { value }
}

/// The weighted mean of the quantiles of those that say something.
pub(crate) fn pool(said: &[Option<[f64; 5]>], weights: &[f64]) -> Option<[f64; 5]> {
    let there = || said.iter().zip(weights).filter_map(|(said, weight)| Some(((*said)?, *weight)));
    let total: f64 = there().map(|(_, weight)| weight).sum();
    let count = there().count() as f64;
    let share = |weight: f64| if total > 0.0 { weight / total } else { 1.0 / count };
    let mut sum = [0.0; 5];
    there()
        .for_each(|(values, weight)| sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += share(weight) * value));
    (count > 0.0).then_some(sum)
}

/// Mean CRPS over the cases for which there is a forecast; NaN of none.
fn mean_loss(past: &[Past], said: impl Fn(&Past) -> Option<[f64; 5]>) -> f64 {
    let losses = past.iter().filter_map(|case| Some(crps_of_quantiles(&said(case)?, case.seen)));
    let (sum, count) = losses.fold((0.0, 0.0), |(sum, count), loss| (sum + loss, count + 1.0));
    sum / count
}

/// How far each quantile must move so that the share of past cases below it is its own; the median stays.
///
/// A pool of members without spread gets its spread here. Shrunk to nothing where little is known, unless there is
/// no spread at all.
fn shifts(past: &[Past], weights: &[f64], issues: f64, settings: Settings) -> [f64; 5] {
    let pooled: Vec<([f64; 5], f64)> =
        past.iter().filter_map(|case| Some((pool(&case.said, weights)?, case.seen))).collect();
    if pooled.is_empty() {
        return [0.0; 5];
    }
    let flat = pooled.iter().all(|(quantiles, _)| quantiles[0] == quantiles[4]);
    let trust = if flat { 1.0 } else { issues / (issues + settings.prior_issues) };
    let wanted = |q: usize| {
        let mut errors: Vec<f64> = pooled.iter().map(|(quantiles, seen)| seen - quantiles[q]).collect();
        errors.sort_by(f64::total_cmp);
        quantile(&errors, QUANTILES[q])
    };
    std::array::from_fn(|q| if q == 2 { 0.0 } else { trust * wanted(q) })
}

#[cfg(test)]
mod tests;
