//! How sure is sure: a plan on scenarios it was not made with, and what each share of certainty costs.

use crate::PlanError;
use crate::additions::Additions;
use crate::check::{Chosen, attained};
use crate::instance::Instance;
use crate::solve::{Effort, Plan, Status, solve};
use serde::Serialize;

/// Attainment on fresh scenarios (样本外到位).
#[derive(Clone, Debug, Serialize)]
pub struct FreshAttainment {
    /// Scenarios evaluated.
    pub scenarios: usize,
    /// Confidence of each `at_least`.
    pub level: f64,
    /// By receptor, in order.
    pub receptors: Vec<FreshShare>,
    /// All receptors at once.
    pub jointly: FreshShare,
}

/// A share that was counted, and what it proves.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FreshShare {
    /// Scenarios met.
    pub met: usize,
    /// As a share of all.
    pub share: f64,
    /// The true share is at least this, at the level asked for (Clopper-Pearson, one-sided).
    pub at_least: f64,
}

/// Evaluates a chosen set on fresh scenarios: the same instance with scenarios that the plan was not made with.
///
/// `level` is the confidence of the bounds, above 0 and below 1, such as 0.95. Refuses `P-102` a level outside, `P-103` unknown
/// options, and `P-104` another instance or the very scenarios of `instance`.
pub fn evaluate_fresh(
    instance: &Instance,
    fresh: &Instance,
    chosen: &[usize],
    level: f64,
) -> Result<FreshAttainment, PlanError> {
    if !(level > 0.0 && level < 1.0) {
        let reason = format!("{level} is not between 0 and 1");
        return Err(PlanError::Value { path: "level".into(), reason });
    }
    instance.admits_fresh(fresh)?;
    Chosen::new(chosen.to_vec()).fits(fresh)?;
    let counts = attained(fresh, chosen);
    let scenarios = fresh.scenarios;
    let share = |met: usize| FreshShare {
        met,
        share: met as f64 / scenarios as f64,
        at_least: clopper_pearson_lower(met, scenarios, level),
    };
    Ok(FreshAttainment {
        scenarios,
        level,
        receptors: counts.met.iter().map(|&met| share(met)).collect(),
        jointly: share(counts.all),
    })
}

/// The largest share that is still refuted at `level`: with it, `met` or more of `count` would be seen with probability 1 − level.
pub fn clopper_pearson_lower(met: usize, count: usize, level: f64) -> f64 {
    if met == 0 {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if at_least(met, count, middle) < 1.0 - level { low = middle } else { high = middle }
    }
    low
}

/// Probability of `met` or more successes among `count` at probability `share` each. Summed from the largest term outwards.
fn at_least(met: usize, count: usize, share: f64) -> f64 {
    if share <= 0.0 || share >= 1.0 {
        return if share >= 1.0 { 1.0 } else { 0.0 };
    }
    let odds = share / (1.0 - share);
    // log of the term at `met`, then each next term by its ratio.
    let choose: f64 = (1..=met).map(|j| ((count - met + j) as f64 / j as f64).ln()).sum();
    let mut term = choose + met as f64 * share.ln() + (count - met) as f64 * (-share).ln_1p();
    let mut sum = 0.0;
    for j in met..=count {
        sum += term.exp();
        if j < count {
            term += ((count - j) as f64 / (j + 1) as f64 * odds).ln();
        }
    }
    sum.min(1.0)
}

/// One point of the price of certainty (确定性的价格).
#[derive(Clone, Debug, Serialize)]
pub struct CertaintyPrice {
    /// Confidence asked for.
    pub confidence: f64,
    /// The plan for it.
    pub plan: Plan,
}

/// What each confidence costs, from the highest asked for to the lowest; each plan begins with the one before, which meets the lower
/// confidence too, so that cost never rises as the confidence falls, and a bound is never above one for more confidence.
///
/// Refuses `P-102` a confidence outside 0 to 1.
pub fn price_of_certainty(
    instance: &Instance,
    additions: &Additions,
    confidences: &[f64],
    effort: Effort,
) -> Result<Vec<CertaintyPrice>, PlanError> {
    let mut order = confidences.to_vec();
    order.sort_by(|a, b| b.total_cmp(a));
    let mut curve: Vec<CertaintyPrice> = vec![];
    for confidence in order {
        let eased = instance.with_confidence(confidence)?;
        let before = curve.last().map(|point| &point.plan).filter(|plan| plan.status != Status::Infeasible);
        let plan = solve(&eased, additions, effort, before.map(|plan| &plan.chosen[..]));
        curve.push(CertaintyPrice { confidence, plan });
    }
    Ok(curve)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exact_binomial_bound_is_the_textbook_one() {
        // All of n met: the bound is (1 − level)^(1/n).
        assert!((clopper_pearson_lower(10, 10, 0.95) - 0.05_f64.powf(0.1)).abs() < 1e-9);
        assert_eq!(clopper_pearson_lower(0, 10, 0.95), 0.0);
        // 916 of 1,000 are enough for a promise of 90 %, 915 are not.
        assert!(clopper_pearson_lower(916, 1000, 0.95) > 0.9);
        assert!(clopper_pearson_lower(915, 1000, 0.95) < 0.9);
    }
}
