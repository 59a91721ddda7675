//! Costs beside the instance: changing an order, and ordering the same sources again.

use crate::instance::Instance;
use crate::solve::CostSplit;
use crate::{Chosen, PlanError};
use serde::Deserialize;

/// Additions to the cost (附加成本): switching (换令成本) against a previous plan, and burden (轮换负担) by source. All zero by default.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Additions {
    /// Option indices of the plan in force.
    pub previous: Vec<usize>,
    /// 10⁴ CNY for each source whose order differs from the plan in force.
    pub change_cost: f64,
    /// 10⁴ CNY per day for ordering each source at all, by source; empty: 0.
    pub burden: Vec<f64>,
    /// Option that was in force by source; made by [`Additions::against`].
    #[serde(skip)]
    before: Vec<Option<usize>>,
}

impl Additions {
    /// Checks the additions against the instance. Refuses `P-102` with the path, and `P-103`.
    pub fn against(mut self, instance: &Instance) -> Result<Additions, PlanError> {
        let wrong = |path: String, reason: String| Err(PlanError::Value { path, reason });
        if !(self.change_cost.is_finite() && self.change_cost >= 0.0) {
            return wrong("change_cost".into(), format!("{} is no number from 0 up", self.change_cost));
        }
        if !self.burden.is_empty() && self.burden.len() != instance.sources {
            return wrong("burden".into(), format!("{} values for {} sources", self.burden.len(), instance.sources));
        }
        if let Some(place) = self.burden.iter().position(|value| !(value.is_finite() && *value >= 0.0)) {
            return wrong(format!("burden[{place}]"), format!("{} is no number from 0 up", self.burden[place]));
        }
        Chosen::new(self.previous.clone()).fits(instance)?;
        let in_force = self.change_cost > 0.0 || !self.previous.is_empty();
        self.before = vec![None; if in_force { instance.sources } else { 0 }];
        for &option in &self.previous {
            self.before[instance.source[option] as usize] = Some(option);
        }
        Ok(self)
    }

    /// What leaving a source without an order adds.
    pub(crate) fn idle(&self, source: usize) -> f64 {
        self.change(source, None)
    }

    /// What ordering an option of a source adds.
    pub(crate) fn order(&self, source: usize, option: usize) -> f64 {
        self.change(source, Some(option)) + self.burden.get(source).copied().unwrap_or(0.0)
    }

    fn change(&self, source: usize, option: Option<usize>) -> f64 {
        if self.before.get(source).is_none_or(|before| *before == option) { 0.0 } else { self.change_cost }
    }

    /// Sources whose order differs from the plan in force, in order; none when no plan was given.
    pub fn changed(&self, instance: &Instance, chosen: &[usize]) -> Vec<usize> {
        let mut now = vec![None; self.before.len()];
        for &option in chosen {
            if let Some(now) = instance.source.get(option).and_then(|&source| now.get_mut(source as usize)) {
                *now = Some(option);
            }
        }
        (0..now.len()).filter(|&source| now[source] != self.before[source]).collect()
    }

    /// What a chosen set costs. Expects at most one option a source.
    pub(crate) fn split(&self, instance: &Instance, chosen: &[usize]) -> CostSplit {
        let mut split = CostSplit { measures: 0.0, changes: 0.0, burden: 0.0 };
        for &option in chosen {
            split.measures += instance.cost[option];
            split.burden += self.burden.get(instance.source[option] as usize).copied().unwrap_or(0.0);
        }
        split.changes = self.change_cost * self.changed(instance, chosen).len() as f64;
        split
    }
}
