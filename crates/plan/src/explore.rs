//! Questions to a plan: what it would be if some options were not to be had, and which measures carry it.

use crate::PlanError;
use crate::additions::Additions;
use crate::check::Chosen;
use crate::instance::Instance;
use crate::solve::{Effort, Plan, Status, solve};
use serde::Serialize;

/// The plan if these options could not be ordered either (限制措施后重算), such as those above a limit for their sector.
///
/// Begins with `plan`, so that little effort is enough: with `Effort { work: 0, … }` prices, bound, repair and trimming, but no
/// search. Refuses `P-103` an option that the instance does not have.
pub fn solve_without(
    instance: &Instance,
    additions: &Additions,
    effort: Effort,
    plan: &[usize],
    options: &[usize],
) -> Result<Plan, PlanError> {
    Ok(solve(&instance.without(options)?, additions, effort, Some(plan)))
}

/// A measure that carries a plan (主力措施).
#[derive(Clone, Debug, Serialize)]
pub struct Carrier {
    /// The chosen option.
    pub option: usize,
    /// 10⁴ CNY per day that it costs.
    pub cost: f64,
    /// 10⁴ CNY per day that its cuts are worth at the prices of the receptors.
    pub worth: f64,
    /// µg/m³ that it takes off each receptor, mean of the scenarios.
    pub takes_off: Vec<f64>,
    /// Cost of the plan without it, 10⁴ CNY per day; `None` when no plan was found that meets everything.
    pub cost_without: Option<f64>,
    /// No plan without it costs less.
    pub lower_bound_without: Option<f64>,
}

/// The measures whose cuts are worth most at the prices of `plan`, at most `most` of them, the greatest first, each with what the
/// plan would cost if it were not to be had (its source may still be ordered to do something else).
///
/// Each takes one [`solve`] with `effort`. Refuses `P-103` a plan of another instance.
pub fn carriers(
    instance: &Instance,
    additions: &Additions,
    effort: Effort,
    plan: &Plan,
    most: usize,
) -> Result<Vec<Carrier>, PlanError> {
    Chosen::new(plan.chosen.clone()).fits(instance)?;
    let worth =
        |option: usize| takes_off(instance, option).iter().zip(&plan.price).map(|(cut, price)| cut * price).sum();
    let mut worths: Vec<(f64, usize)> = plan.chosen.iter().map(|&option| (worth(option), option)).collect();
    worths.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    worths.truncate(most);
    let carrier = |(worth, option)| {
        let without = solve_without(instance, additions, effort, &plan.chosen, &[option])?;
        let met = without.status != Status::Infeasible;
        Ok(Carrier {
            option,
            cost: instance.cost[option],
            worth,
            takes_off: takes_off(instance, option),
            cost_without: met.then_some(without.cost),
            lower_bound_without: without.lower_bound,
        })
    };
    worths.into_iter().map(carrier).collect()
}

/// µg/m³ that one option takes off each receptor, mean of the scenarios.
fn takes_off(instance: &Instance, option: usize) -> Vec<f64> {
    let (scenarios, source) = (instance.scenarios, instance.source[option] as usize);
    let mut effect = vec![0.0; instance.receptors.len()];
    for (q, cut) in instance.cuts(option).iter().enumerate() {
        for (k, value) in instance.response.entries(source * instance.precursors + q) {
            effect[k] += cut * value;
        }
    }
    let sure = instance.sure.get(source * scenarios..(source + 1) * scenarios);
    for (effect, factor) in effect.iter_mut().zip(instance.factor.chunks(scenarios)) {
        let mean = factor.iter().enumerate().map(|(s, factor)| factor * sure.map_or(1.0, |sure| sure[s])).sum::<f64>();
        *effect *= mean / scenarios as f64;
    }
    effect
}
