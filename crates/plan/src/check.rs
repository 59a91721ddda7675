//! A chosen set looked at from the instance alone: what it costs, what it attains, what it breaks.

use crate::PlanError;
use crate::additions::Additions;
use crate::instance::{Instance, threshold};
use crate::solve::{CostSplit, Unmet, UnmetLegal};
use serde::{Deserialize, Serialize};

/// The chosen options of a plan, and what the plan says about itself.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Chosen {
    /// Option indices.
    pub chosen: Vec<usize>,
    /// Cost stated.
    #[serde(default)]
    pub cost: Option<f64>,
    /// Bound stated.
    #[serde(default)]
    pub lower_bound: Option<f64>,
}

impl Chosen {
    /// A chosen set without statements.
    pub fn new(chosen: Vec<usize>) -> Chosen {
        Chosen { chosen, ..Chosen::default() }
    }

    /// Refuses `P-103` an index that the instance does not have.
    pub(crate) fn fits(&self, instance: &Instance) -> Result<(), PlanError> {
        let options = instance.options();
        match self.chosen.iter().position(|&option| option >= options) {
            Some(place) => Err(PlanError::NoSuchOption { place, option: self.chosen[place], options }),
            None => Ok(()),
        }
    }
}

/// What a chosen set reaches.
pub(crate) struct Attained {
    /// Scenarios in which each receptor is met.
    pub met: Vec<usize>,
    /// The same as a share.
    pub share: Vec<f64>,
    /// kg/day of each legal minimum's city and precursor, at face value.
    pub legal: Vec<f64>,
    /// Scenarios in which all receptors are met.
    pub all: usize,
    /// µg/m³ taken off, `receptor * scenarios + scenario`.
    pub cut: Vec<f64>,
}

/// Recomputes everything from the instance. Expects indices in range.
pub(crate) fn attained(instance: &Instance, chosen: &[usize]) -> Attained {
    let (scenarios, p) = (instance.scenarios, instance.precursors);
    let mut cut = vec![0.0; instance.sources * p];
    for &option in chosen {
        for (q, amount) in instance.cuts(option).iter().enumerate() {
            cut[instance.source[option] as usize * p + q] += amount;
        }
    }
    let mut effect = vec![0.0; instance.receptors.len() * scenarios];
    for (column, &cut) in cut.iter().enumerate().filter(|(_, cut)| **cut != 0.0) {
        let sure = instance.sure.get(column / p * scenarios..(column / p + 1) * scenarios);
        for (k, value) in instance.response.entries(column) {
            for s in 0..scenarios {
                effect[k * scenarios + s] += value * cut * sure.map_or(1.0, |sure| sure[s]);
            }
        }
    }
    effect.iter_mut().zip(&instance.factor).for_each(|(effect, factor)| *effect *= factor);
    let is_met = |k: usize, s: usize| {
        let at = k * scenarios + s;
        effect[at] >= threshold(instance.need[at])
    };
    let receptors = 0..instance.receptors.len();
    let met: Vec<usize> = receptors.clone().map(|k| (0..scenarios).filter(|&s| is_met(k, s)).count()).collect();
    let mut by_city = vec![0.0; instance.cities * p];
    for (column, cut) in cut.iter().enumerate() {
        by_city[instance.city[column / p] as usize * p + column % p] += cut;
    }
    Attained {
        share: met.iter().map(|&met| met as f64 / scenarios as f64).collect(),
        met,
        legal: instance.legal.iter().map(|row| by_city[row.about]).collect(),
        all: (0..scenarios).filter(|&s| receptors.clone().all(|k| is_met(k, s))).count(),
        cut: effect,
    }
}

pub(crate) fn unmet(instance: &Instance, share: &[f64]) -> Vec<Unmet> {
    let below = share.iter().enumerate().filter(|&(_, &share)| share < instance.confidence);
    below.map(|(receptor, &best_share)| Unmet { receptor, best_share }).collect()
}

pub(crate) fn unmet_legal(instance: &Instance, legal: &[f64]) -> Vec<UnmetLegal> {
    let rows = instance.legal.iter().zip(legal).enumerate();
    rows.filter(|(_, (row, reached))| **reached < threshold(row.said.cut))
        .map(|(legal_min, (_, &best_cut))| UnmetLegal { legal_min, best_cut })
        .collect()
}

/// What a chosen set is worth, from the instance alone (方案复核).
#[derive(Clone, Debug, Serialize)]
pub struct Checked {
    /// Whether it is a lawful plan that meets everything.
    pub feasible: bool,
    /// 10⁴ CNY per day, recomputed.
    pub cost: f64,
    /// What the cost is made of.
    pub cost_split: CostSplit,
    /// The bound that the plan states, if it is a number; it belongs to the instance and not to the chosen set, so it is kept.
    pub lower_bound: Option<f64>,
    /// `(cost − lower_bound) / lower_bound` with the recomputed cost.
    pub gap: Option<f64>,
    /// Whether the certificate still holds: feasible, the stated cost is the recomputed one, and the bound is not above it.
    pub certificate: bool,
    /// Share of scenarios in which each receptor is met.
    pub attained: Vec<f64>,
    /// Share of scenarios in which all receptors are met at once.
    pub attained_jointly: f64,
    /// Receptors below the confidence.
    pub unmet: Vec<Unmet>,
    /// Legal minima that are short.
    pub unmet_legal: Vec<UnmetLegal>,
    /// Chosen options that are forbidden.
    pub forbidden: Vec<usize>,
    /// Sources with more than one chosen option.
    pub ordered_twice: Vec<usize>,
    /// Why the certificate does not hold, in words.
    pub broken: Vec<String>,
}

/// Checks any chosen set, such as a plan edited by hand.
///
/// Cuts of a source that is ordered twice are added up, and the set is not feasible. Refuses `P-103` an index that the instance does not have.
pub fn check(instance: &Instance, additions: &Additions, plan: &Chosen) -> Result<Checked, PlanError> {
    plan.fits(instance)?;
    let mut times = vec![0_u32; instance.sources];
    plan.chosen.iter().for_each(|&option| times[instance.source[option] as usize] += 1);
    let ordered_twice: Vec<usize> = (0..instance.sources).filter(|&source| times[source] > 1).collect();
    let forbidden: Vec<usize> = plan.chosen.iter().copied().filter(|&option| instance.forbidden[option]).collect();
    let Attained { share, legal, all, .. } = attained(instance, &plan.chosen);
    let (unmet, unmet_legal) = (unmet(instance, &share), unmet_legal(instance, &legal));
    let cost_split = additions.split(instance, &plan.chosen);
    let cost = cost_split.total();
    let mut broken = vec![];
    for (what, count) in [
        ("家企业有不止一条命令 source(s) with more than one order", ordered_twice.len()),
        ("项措施不得采用 forbidden option(s)", forbidden.len()),
        ("个受体低于保证率 receptor(s) below the confidence", unmet.len()),
        ("项法定最低减排量不足 legal minimum (minima) short", unmet_legal.len()),
    ] {
        if count > 0 {
            broken.push(format!("{count} {what}"));
        }
    }
    let feasible = broken.is_empty();
    let near = 1e-9 * cost.abs();
    if let Some(said) = plan.cost.filter(|said| (said - cost).abs() > near) {
        broken.push(format!("所述成本不符 cost {cost} is stated as {said}"));
    }
    if let Some(bound) = plan.lower_bound.filter(|&bound| feasible && bound > cost + near) {
        broken.push(format!("下界高于成本 lower bound {bound} is above the cost {cost} of this plan"));
    }
    let gap = plan.lower_bound.filter(|&bound| bound > 0.0).map(|bound| (cost - bound) / bound);
    Ok(Checked {
        feasible,
        cost,
        cost_split,
        lower_bound: plan.lower_bound,
        gap,
        certificate: broken.is_empty(),
        attained: share,
        attained_jointly: all as f64 / instance.scenarios as f64,
        unmet,
        unmet_legal,
        forbidden,
        ordered_twice,
        broken,
    })
}
