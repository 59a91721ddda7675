//! The robust least-cost plan with its proven bound.

mod branch;
mod cholesky;
mod least;
mod lp;
mod model;
mod relax;
mod search;

use crate::additions::Additions;
use crate::check::{Attained, attained};
use crate::instance::Instance;
use branch::{SAME, branch};
use model::{Asked, Model, Taken};
use relax::{Root, Rows, dearest};
use search::{Found, Hints, search};
use serde::Serialize;

/// How sure the plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// No plan is cheaper, to one part in 10⁹.
    Optimal,
    /// Everything is met; the bound says how much cheaper a plan could at most be.
    Feasible,
    /// The plan with the smallest relaxation (最小放宽方案): not everything is met.
    Infeasible,
}

/// A receptor that stays below the confidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unmet {
    /// Index of the receptor.
    pub receptor: usize,
    /// Share of scenarios in which the least-relaxed plan meets it.
    pub best_share: f64,
}

/// A legal minimum that stays short.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnmetLegal {
    /// Index in `legal_min`.
    pub legal_min: usize,
    /// kg/day that the plan reaches.
    pub best_cut: f64,
}

/// What the cost is made of, 10⁴ CNY per day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CostSplit {
    /// The measures themselves.
    pub measures: f64,
    /// Orders that differ from the previous plan.
    pub changes: f64,
    /// Burden of sources that were ordered before.
    pub burden: f64,
}

/// Why cost and bound differ: for every plan cost − bound = regret + slack, to rounding.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GapParts {
    /// Choices that are not the best at the prices.
    pub regret: f64,
    /// What is cut beyond the need, at the prices.
    pub slack: f64,
}

/// A plan (减排方案) with its certificate.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    /// How sure it is.
    pub status: Status,
    /// Option indices in order; whoever is not named has no order.
    pub chosen: Vec<usize>,
    /// 10⁴ CNY per day, with the additions.
    pub cost: f64,
    /// No plan costs less; `None` when infeasible.
    pub lower_bound: Option<f64>,
    /// `(cost − lower_bound) / lower_bound`; `None` when infeasible or when the bound is not above 0 and the cost is.
    pub gap: Option<f64>,
    /// Share of scenarios in which each receptor is met.
    pub attained: Vec<f64>,
    /// What one more µg/m³ of need in every scenario would cost at each receptor, 10⁴ CNY per day.
    pub price: Vec<f64>,
    /// Receptors that stay below the confidence.
    pub unmet: Vec<Unmet>,
    /// Legal minima that stay short.
    pub unmet_legal: Vec<UnmetLegal>,
    /// Infeasible: whether it is proven that no plan meets everything, or only none was found.
    pub proven: bool,
    /// Bound of the relaxation alone, before branching.
    pub relaxed_bound: Option<f64>,
    /// What makes up the difference between cost and `relaxed_bound`.
    pub gap_parts: Option<GapParts>,
    /// What the cost is made of.
    pub cost_split: CostSplit,
}

/// Below so many options branching begins at once.
const SMALL: usize = 200;
/// With effort for so many relaxations half of it goes into branching.
const BRANCHED: u64 = 4;

/// How long to look, and with which luck.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Multiplications, about [`WORK_PER_SECOND`] in a second of one core. The work and not the clock ends the search, so that
    /// the same instance and seed give the same plan everywhere.
    pub work: u64,
    /// Seed of the search.
    pub seed: u64,
}

/// Work of about one CPU second.
pub const WORK_PER_SECOND: f64 = 3.2e8;

impl Effort {
    /// The work of about so many CPU seconds.
    pub fn seconds(seconds: f64, seed: u64) -> Effort {
        Effort { work: (seconds.max(0.0) * WORK_PER_SECOND) as u64, seed }
    }
}

/// Finds the cheapest plan that meets every receptor in the demanded share of scenarios and every legal minimum.
///
/// `start` is a plan to begin with, in option indices; what does not fit the instance is left out of account.
/// Infeasible is a value: the plan is then the cheapest one with the smallest relaxation.
pub fn solve(instance: &Instance, additions: &Additions, effort: Effort, start: Option<&[usize]>) -> Plan {
    let asked = Asked::of(instance);
    let outcome = attempt(instance, &Model::new(instance, additions, &asked), effort, start);
    let (mut nearest, mut proven) = (outcome.nearest, outcome.proven);
    if let Some(taken) = outcome.taken {
        let plan = outcome.certificate.plan(instance, additions, taken);
        if plan.unmet.is_empty() && plan.unmet_legal.is_empty() {
            return plan;
        }
        // Met in the model and not in the instance: only rounding at the very edge of the tolerance tells them apart.
        (nearest, proven) = (plan.chosen, false);
    }
    // The smallest relaxation: ask of what is short only what the nearest plan reaches, and that as cheaply as possible.
    let reach = attained(instance, &nearest);
    let eased = asked.eased(instance, &reach);
    let cheaper = attempt(instance, &Model::new(instance, additions, &eased), effort, Some(&nearest));
    let chosen = cheaper.taken.unwrap_or(nearest);
    Plan {
        status: Status::Infeasible,
        lower_bound: None,
        gap: None,
        relaxed_bound: None,
        gap_parts: None,
        proven,
        ..cheaper.certificate.plan(instance, additions, chosen)
    }
}

/// What is known besides the plan itself.
struct Certificate {
    bound: f64,
    relaxed: f64,
    parts: Option<GapParts>,
    price: Vec<f64>,
}

struct Outcome {
    taken: Option<Vec<usize>>,
    nearest: Vec<usize>,
    proven: bool,
    certificate: Certificate,
}

fn attempt(instance: &Instance, model: &Model, effort: Effort, start: Option<&[usize]>) -> Outcome {
    let mut alive = vec![true; model.cost.len()];
    let mut rows = Rows::new(model);
    let root = rows.root(model, &alive);
    let none = |proven: bool, nearest: Vec<usize>, bound: f64| Outcome {
        taken: None,
        nearest,
        proven,
        certificate: Certificate {
            bound,
            relaxed: root.bound,
            parts: None,
            price: rows.by_receptor(model, &root.price),
        },
    };
    let top = model.base + dearest(model);
    if model.monotone && (model.impossible || !model.is_met(&model.largest_taken())) {
        return none(true, model.chosen(&model.largest_taken()), root.bound);
    }
    let regret = rows.regret(model, &root.price, &alive);
    let price = rows.by_condition(model, &root.price);
    let hints = Hints { share: &root.share, regret: &regret, price: &price, bound: root.bound };
    let left = effort.work.saturating_sub(root.work);
    // Where a relaxation is cheap next to the effort, branching says more than a longer search, and on a small instance
    // everything.
    let small = model.cost.len() < SMALL;
    let branches = small || effort.work > BRANCHED * root.work;
    let first = if small {
        0
    } else if branches {
        left / 2
    } else {
        left
    };
    let largest = || model.monotone.then(|| model.largest_taken());
    let start = start.map(|chosen| model.taken(instance, chosen)).or_else(largest);
    let Found { best, nearest, work } = search(model, &hints, start, first, effort.seed);
    let mut bound = root.bound;
    // Whatever the search did, what cuts most is known to be a plan.
    let mut best = best.or_else(|| largest().map(|taken| (model.cost_of(&taken), taken)));
    let mut closed = false;
    if branches {
        if let Some((cost, _)) = &best {
            strike_out(&mut alive, &regret, (cost - root.bound).max(0.0));
        }
        let done = branch(model, &rows, &hints, &alive, best, left.saturating_sub(work));
        (bound, best, closed) = (bound.max(done.bound), done.best, done.closed);
    }
    if model.impossible {
        return none(true, best.map_or(model.chosen(&nearest), |(_, taken)| model.chosen(&taken)), bound);
    }
    let Some((cost, taken)) = best else {
        let proven = closed || root.bound > top + 1e-6 * top.abs();
        return none(proven, model.chosen(&nearest), bound);
    };
    Outcome {
        certificate: Certificate {
            bound: bound.min(cost),
            relaxed: root.bound,
            parts: Some(parts(&rows, model, &root, &regret, &taken)),
            price: rows.by_receptor(model, &root.price),
        },
        taken: Some(model.chosen(&taken)),
        nearest: vec![],
        proven: true,
    }
}

/// An option whose regret alone is above the distance from bound to plan is in no cheaper plan.
fn strike_out(alive: &mut [bool], regret: &[f64], distance: f64) {
    let most = distance + 1e-6 * distance.abs();
    alive.iter_mut().zip(regret).for_each(|(alive, &regret)| *alive &= regret <= most);
}

fn parts(rows: &Rows, model: &Model, root: &Root, regret: &[f64], taken: &Taken) -> GapParts {
    GapParts {
        regret: taken.iter().map(|&place| regret[place as usize]).sum(),
        slack: rows.slack(model, &root.price, taken),
    }
}

impl Certificate {
    fn plan(self, instance: &Instance, additions: &Additions, chosen: Vec<usize>) -> Plan {
        let cost_split = additions.split(instance, &chosen);
        let cost = cost_split.total();
        let Attained { share, legal, .. } = attained(instance, &chosen);
        let bound = self.bound.min(cost);
        let gap = if cost - bound <= 0.0 { Some(0.0) } else { (bound > 0.0).then(|| (cost - bound) / bound) };
        let (unmet, unmet_legal) = (crate::check::unmet(instance, &share), crate::check::unmet_legal(instance, &legal));
        let optimal = cost - bound <= 1.5 * SAME * cost.abs();
        Plan {
            status: if optimal { Status::Optimal } else { Status::Feasible },
            unmet,
            unmet_legal,
            attained: share,
            chosen,
            cost,
            lower_bound: Some(bound),
            gap,
            price: self.price,
            proven: true,
            relaxed_bound: Some(self.relaxed.min(cost)),
            gap_parts: self.parts,
            cost_split,
        }
    }
}

impl CostSplit {
    /// All of it.
    pub fn total(&self) -> f64 {
        self.measures + self.changes + self.burden
    }
}
