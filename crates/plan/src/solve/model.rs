//! The instance as the solver sees it: per source the options worth a look (the order to do nothing among them), per
//! condition the scenarios that are neither always nor never met.

use crate::additions::Additions;
use crate::check::Attained;
use crate::instance::{Columns, Instance, threshold};
use std::ops::Range;

/// The option index of "no order".
pub const NONE: u32 = u32::MAX;

/// Options and conditions. A condition (receptor or legal minimum) is met when the level of at least all but `spare` of
/// its entries reaches their target; an entry is one scenario, and levels are scaled so that targets are near 1.
pub struct Model<'a> {
    pub precursors: usize,
    pub sources: usize,
    /// Options of source `i`: `start[i]..start[i + 1]`, cheapest first.
    pub start: Vec<usize>,
    pub option: Vec<u32>,
    /// With the additions, less what "no order" costs (`base`).
    pub cost: Vec<f64>,
    pub cut: Vec<f64>,
    pub base: f64,
    /// Rows are conditions; for conditions of one entry the value is the whole effect on the level.
    pub columns: Columns,
    pub entry_start: Vec<usize>,
    pub scale: Vec<f64>,
    pub scenario: Vec<u32>,
    pub target: Vec<f64>,
    /// No level of the entry is lower, whatever is chosen.
    pub lowest: Vec<f64>,
    pub spare: Vec<usize>,
    /// Receptor of each condition, or `None` for a legal minimum.
    pub receptor: Vec<Option<u32>>,
    /// Level of each entry for one µg/m³ (or kg/day) of cut.
    pub unit: Vec<f64>,
    sure: &'a [f64],
    scenarios: usize,
    /// Conditions that even the largest cuts cannot meet.
    pub impossible: bool,
    /// Number of receptors of the instance.
    pub receptors: usize,
    /// One precursor and no negative response: the plan that cuts most meets whatever any plan meets.
    pub monotone: bool,
}

impl<'a> Model<'a> {
    pub fn new(instance: &'a Instance, additions: &Additions, asked: &Asked) -> Model<'a> {
        let p = instance.precursors;
        let monotone = instance.response.value.iter().all(|&value| value >= 0.0);
        let mut model = Model {
            precursors: p,
            sources: instance.sources,
            start: vec![0],
            option: vec![],
            cost: vec![],
            cut: vec![],
            base: 0.0,
            columns: Columns::default(),
            entry_start: vec![0],
            scale: vec![],
            scenario: vec![],
            target: vec![],
            lowest: vec![],
            spare: vec![],
            receptor: vec![],
            unit: vec![],
            sure: &instance.sure,
            scenarios: instance.scenarios,
            impossible: false,
            monotone: monotone && p == 1,
            receptors: instance.receptors.len(),
        };
        model.take_options(instance, additions, monotone);
        model.take_conditions(instance, asked);
        model
    }

    pub fn conditions(&self) -> usize {
        self.spare.len()
    }

    pub fn places(&self, source: usize) -> Range<usize> {
        self.start[source]..self.start[source + 1]
    }

    pub fn entries(&self, condition: usize) -> Range<usize> {
        self.entry_start[condition]..self.entry_start[condition + 1]
    }

    pub fn cuts(&self, place: usize) -> &[f64] {
        &self.cut[place * self.precursors..][..self.precursors]
    }

    /// Effect of one unit of a column's value on the level of an entry of a condition of several entries.
    pub fn weight(&self, source: usize, entry: usize) -> f64 {
        let sure =
            if self.sure.is_empty() { 1.0 } else { self.sure[source * self.scenarios + self.scenario[entry] as usize] };
        self.scale[entry] * sure
    }

    fn take_options(&mut self, instance: &Instance, additions: &Additions, monotone: bool) {
        let mut by_source: Vec<u32> =
            (0..instance.options() as u32).filter(|&m| !instance.forbidden[m as usize]).collect();
        by_source.sort_by_key(|&m| instance.source[m as usize]);
        let mut next = 0;
        let none = vec![0.0; self.precursors];
        let mut offered: Vec<(f64, u32)> = vec![];
        for i in 0..instance.sources {
            let idle = additions.idle(i);
            self.base += idle;
            offered.clear();
            offered.push((0.0, NONE));
            while next < by_source.len() && instance.source[by_source[next] as usize] as usize == i {
                let m = by_source[next];
                offered.push((instance.cost[m as usize] + additions.order(i, m as usize) - idle, m));
                next += 1;
            }
            offered.sort_by(|a, b| a.0.total_cmp(&b.0));
            let cuts = |m: u32| if m == NONE { &none[..] } else { instance.cuts(m as usize) };
            if monotone {
                keep_undominated(&mut offered, cuts);
            }
            for &(cost, m) in &offered {
                self.option.push(m);
                self.cost.push(cost);
                self.cut.extend_from_slice(cuts(m));
            }
            self.start.push(self.option.len());
        }
    }

    /// Largest cut of each column that an offered option makes.
    pub fn largest(&self) -> Vec<f64> {
        let p = self.precursors;
        let mut largest = vec![0.0_f64; self.sources * p];
        for i in 0..self.sources {
            for place in self.places(i) {
                for (q, &cut) in self.cuts(place).iter().enumerate() {
                    largest[i * p + q] = largest[i * p + q].max(cut);
                }
            }
        }
        largest
    }

    fn take_conditions(&mut self, instance: &Instance, asked: &Asked) {
        let (scenarios, p) = (instance.scenarios, self.precursors);
        let count = instance.receptors.len();
        let largest = self.largest();
        let (mut least, mut most) = (vec![0.0; count * scenarios], vec![0.0; count * scenarios]);
        for (column, &largest) in largest.iter().enumerate() {
            for (k, value) in instance.response.entries(column) {
                let to = if value < 0.0 { &mut least } else { &mut most };
                for s in 0..scenarios {
                    to[k * scenarios + s] += value * largest * self.sure_of(column / p, s);
                }
            }
        }
        let mut condition = vec![NONE; count];
        for (k, condition) in condition.iter_mut().enumerate() {
            let spare = asked.spare[k];
            let range = k * scenarios..(k + 1) * scenarios;
            let bounds = |s: usize| {
                let at = range.start + s;
                let (need, factor) = (threshold(asked.need[at]), instance.factor[at]);
                (need, factor * least[at], factor * most[at], factor)
            };
            // A scenario that even the largest cuts miss uses up one that may be missed. The margin keeps a level
            // that only rounding separates from its target among those that are looked at.
            let never = (0..scenarios).filter(|&s| bounds(s).2 < bounds(s).0 - 1e-12 * bounds(s).0.abs()).count();
            let open = |s: usize| bounds(s).1 < bounds(s).0 && bounds(s).2 >= bounds(s).0 - 1e-12 * bounds(s).0.abs();
            let opened = (0..scenarios).filter(|&s| open(s)).count();
            self.impossible |= never > spare;
            if opened == 0 || opened + never <= spare {
                continue;
            }
            *condition = self.spare.len() as u32;
            for s in (0..scenarios).filter(|&s| open(s)) {
                let (need, low, _, factor) = bounds(s);
                self.push_entry(s, factor, need, low);
            }
            // What cannot be met is asked for as far as it goes, for the smallest relaxation.
            self.close(spare.saturating_sub(never), Some(k as u32));
        }
        let legal = self.take_legal(instance, asked, &largest);
        self.take_columns(instance, &condition, &legal);
    }

    /// The condition of each city and precursor, of which only the largest minimum counts.
    fn take_legal(&mut self, instance: &Instance, asked: &Asked, largest: &[f64]) -> Vec<u32> {
        let p = self.precursors;
        let (mut need, mut most) = (vec![0.0_f64; instance.cities * p], vec![0.0; instance.cities * p]);
        for (row, &cut) in instance.legal.iter().zip(&asked.legal) {
            need[row.about] = need[row.about].max(threshold(cut));
        }
        for (column, largest) in largest.iter().enumerate() {
            most[instance.city[column / p] as usize * p + column % p] += largest;
        }
        let mut condition = vec![NONE; need.len()];
        for about in 0..need.len() {
            self.impossible |= most[about] < need[about] - 1e-12 * need[about];
            let need = need[about].min(threshold(most[about]));
            if need > 0.0 {
                condition[about] = self.spare.len() as u32;
                self.push_entry(0, 1.0, need, 0.0);
                self.close(0, None);
            }
        }
        condition
    }

    fn push_entry(&mut self, scenario: usize, factor: f64, need: f64, lowest: f64) {
        let unit = 1.0 / (need - lowest);
        self.scenario.push(scenario as u32);
        self.scale.push(factor * unit);
        self.target.push(need * unit);
        self.lowest.push(lowest * unit);
        self.unit.push(unit);
    }

    fn close(&mut self, spare: usize, receptor: Option<u32>) {
        self.entry_start.push(self.scale.len());
        self.spare.push(spare);
        self.receptor.push(receptor);
    }

    fn take_columns(&mut self, instance: &Instance, condition: &[u32], legal: &[u32]) {
        let p = self.precursors;
        let size = instance.response.row.len() + self.sources * p;
        let mut columns = Columns { start: vec![0], row: Vec::with_capacity(size), value: Vec::with_capacity(size) };
        for column in 0..self.sources * p {
            for (k, value) in instance.response.entries(column) {
                if condition[k] == NONE || value == 0.0 {
                    continue;
                }
                let entries = self.entries(condition[k] as usize);
                let whole = if entries.len() == 1 { self.weight(column / p, entries.start) } else { 1.0 };
                columns.row.push(condition[k]);
                columns.value.push(value * whole);
            }
            let row = legal[instance.city[column / p] as usize * p + column % p];
            if row != NONE {
                columns.row.push(row);
                columns.value.push(self.scale[self.entry_start[row as usize]]);
            }
            columns.start.push(columns.row.len());
        }
        self.columns = columns;
    }

    fn sure_of(&self, source: usize, scenario: usize) -> f64 {
        if self.sure.is_empty() { 1.0 } else { self.sure[source * self.scenarios + scenario] }
    }
}

/// Drops every option that another one beats in cost and in each cut; expects the cheapest first.
fn keep_undominated<'c>(offered: &mut Vec<(f64, u32)>, cuts: impl Fn(u32) -> &'c [f64]) {
    if cuts(NONE).len() == 1 {
        // One precursor: sorted by cost, only a larger cut than all before is worth its cost.
        offered.sort_by(|a, b| a.0.total_cmp(&b.0).then(cuts(b.1)[0].total_cmp(&cuts(a.1)[0])));
        let mut best = f64::NEG_INFINITY;
        offered.retain(|&(_, m)| {
            cuts(m)[0] > best && {
                best = cuts(m)[0];
                true
            }
        });
    } else if offered.len() <= 64 {
        let beats = |a: u32, b: u32| cuts(a).iter().zip(cuts(b)).all(|(a, b)| a >= b);
        let mut kept: Vec<(f64, u32)> = vec![];
        for &(cost, m) in offered.iter() {
            if !kept.iter().any(|&(_, other)| beats(other, m)) {
                kept.push((cost, m));
            }
        }
        *offered = kept;
    }
}

/// What is asked: µg/m³ by receptor and scenario, how many scenarios each receptor may miss, kg/day of each legal minimum.
pub struct Asked {
    need: Vec<f64>,
    spare: Vec<usize>,
    legal: Vec<f64>,
}

impl Asked {
    /// What the instance asks.
    pub fn of(instance: &Instance) -> Asked {
        Asked {
            need: instance.need.clone(),
            spare: vec![instance.scenarios - instance.required(); instance.receptors.len()],
            legal: instance.legal.iter().map(|row| row.said.cut).collect(),
        }
    }

    /// No more than is reached: a receptor below the confidence keeps every scenario, with no more need than was taken off.
    pub fn eased(mut self, instance: &Instance, reach: &Attained) -> Asked {
        for k in (0..reach.met.len()).filter(|&k| reach.met[k] < instance.required()) {
            self.spare[k] = 0;
            for at in k * instance.scenarios..(k + 1) * instance.scenarios {
                self.need[at] = self.need[at].min(reach.cut[at]);
            }
        }
        self.legal.iter_mut().zip(&reach.legal).for_each(|(asked, reached)| *asked = asked.min(*reached));
        self
    }
}

/// A plan in the model: the place of the option taken, by source.
pub type Taken = Vec<u32>;

impl Model<'_> {
    /// Level of every entry under `taken`.
    pub fn levels(&self, taken: &[u32]) -> Vec<f64> {
        self.levels_of(|column| {
            let place = taken[column / self.precursors] as usize;
            self.cut[place * self.precursors + column % self.precursors]
        })
    }

    /// Level of every entry when `cut` says the cut of each column.
    pub fn levels_of(&self, cut: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut level = vec![0.0; self.scale.len()];
        for column in 0..self.sources * self.precursors {
            let cut = cut(column);
            if cut != 0.0 {
                self.add(&mut level, column, cut);
            }
        }
        level
    }

    /// Adds the effect of `cut` more in one column.
    pub fn add(&self, level: &mut [f64], column: usize, cut: f64) {
        for (condition, value) in self.columns.entries(column) {
            let entries = self.entries(condition);
            if entries.len() == 1 {
                level[entries.start] += value * cut;
            } else {
                for entry in entries {
                    level[entry] += value * cut * self.weight(column / self.precursors, entry);
                }
            }
        }
    }

    /// How far a condition is from being met, as a share of its target; from 0 down it is met, with so much to spare.
    pub fn short(&self, level: &[f64], condition: usize, scratch: &mut Vec<f64>) -> f64 {
        let entries = self.entries(condition);
        if entries.len() == 1 {
            return self.target[entries.start] - level[entries.start];
        }
        scratch.clear();
        scratch.extend(entries.map(|e| self.target[e] - level[e]));
        self.shortest_that_counts(condition, scratch)
    }

    /// Of what each entry is short, the largest after the `spare` that may be missed.
    pub fn shortest_that_counts(&self, condition: usize, short: &mut [f64]) -> f64 {
        let place = short.len() - 1 - self.spare[condition];
        *short.select_nth_unstable_by(place, f64::total_cmp).1
    }

    pub fn cost_of(&self, taken: &[u32]) -> f64 {
        self.base + taken.iter().map(|&place| self.cost[place as usize]).sum::<f64>()
    }

    pub fn is_met(&self, taken: &[u32]) -> bool {
        let (level, mut scratch) = (self.levels(taken), vec![]);
        (0..self.conditions()).all(|c| self.short(&level, c, &mut scratch) <= 0.0)
    }

    /// The plan that cuts most; with several precursors, the most of the first that differs.
    pub fn largest_taken(&self) -> Taken {
        (0..self.sources).map(|i| self.most_of(i)).collect()
    }

    fn most_of(&self, source: usize) -> u32 {
        let by_cut = |&a: &usize, &b: &usize| self.cuts(a).partial_cmp(self.cuts(b)).expect("cuts are numbers");
        self.places(source).max_by(by_cut).expect("no order is always offered") as u32
    }

    /// The plan without orders.
    fn idle(&self) -> Taken {
        let none = |i: usize| self.places(i).find(|&place| self.option[place] == NONE).unwrap_or(self.start[i]);
        (0..self.sources).map(|i| none(i) as u32).collect()
    }

    /// A chosen set as a plan of the model. Instead of an option that is not offered, the cheapest of its source that cuts as much, or
    /// else the one that cuts most of the first precursor.
    pub fn taken(&self, instance: &Instance, chosen: &[usize]) -> Taken {
        let mut taken = self.idle();
        for &m in chosen.iter().filter(|&&m| m < instance.options()) {
            let i = instance.source[m] as usize;
            let as_much = |place: &usize| self.cuts(*place).iter().zip(instance.cuts(m)).all(|(a, b)| a >= b);
            let offered = self.places(i).find(|&place| self.option[place] as usize == m);
            taken[i] = match offered.or_else(|| self.places(i).find(as_much)) {
                Some(place) => place as u32,
                None => self.most_of(i),
            };
        }
        taken
    }

    /// The option indices of a plan, in order.
    pub fn chosen(&self, taken: &[u32]) -> Vec<usize> {
        let mut chosen: Vec<usize> =
            taken.iter().map(|&place| self.option[place as usize]).filter(|&m| m != NONE).map(|m| m as usize).collect();
        chosen.sort_unstable();
        chosen
    }
}
