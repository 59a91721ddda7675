//! A good plan: each source near its relaxed choice, then single changes among the near-ties at a falling temperature with
//! shortfalls at a rising price, then the cheapest repair and whatever can be taken back.
//!
//! A near-tie is an option of small regret. Everything rests on cost(plan) − bound = Σ regret + Σ price · slack.

use super::model::{Model, Taken};
use fastrand::Rng;

/// Where the search stands.
struct Walk<'m> {
    model: &'m Model<'m>,
    taken: Taken,
    level: Vec<f64>,
    short: Vec<f64>,
    price: Vec<f64>,
    cost: f64,
    penalty: f64,
    missing: usize,
    scratch: Vec<f64>,
    touched: Vec<(u32, f64)>,
    before: Vec<(u32, f64)>,
    work: u64,
}

/// A plan found, and the one nearest to meeting everything when none does.
pub struct Found {
    /// Cheapest plan that meets everything.
    pub best: Option<(f64, Taken)>,
    /// Last plan looked at.
    pub nearest: Taken,
    /// Work done.
    pub work: u64,
}

/// What the relaxation hands to the search.
pub struct Hints<'a> {
    /// Share of each place in the relaxation.
    pub share: &'a [f64],
    /// Regret of each place; infinite: struck out.
    pub regret: &'a [f64],
    /// Price of each condition.
    pub price: &'a [f64],
    /// Bound of the relaxation.
    pub bound: f64,
}

impl<'m> Walk<'m> {
    fn new(model: &'m Model, taken: Taken, price: Vec<f64>) -> Walk<'m> {
        let mut walk = Walk {
            model,
            taken,
            level: vec![],
            short: vec![],
            price,
            cost: 0.0,
            penalty: 0.0,
            missing: 0,
            scratch: vec![],
            touched: vec![],
            before: vec![],
            work: 0,
        };
        walk.recount();
        walk
    }

    /// Everything from the plan alone, so that rounding does not gather.
    fn recount(&mut self) {
        self.level = self.model.levels(&self.taken);
        self.short = (0..self.model.conditions()).map(|c| self.model.short(&self.level, c, &mut self.scratch)).collect();
        self.cost = self.model.cost_of(&self.taken);
        self.reprice();
        self.work += (self.model.columns.row.len() + self.level.len()) as u64;
    }

    fn reprice(&mut self) {
        self.penalty = self.short.iter().zip(&self.price).map(|(short, price)| short * price).sum();
        self.missing = self.short.iter().filter(|&&short| short > 0.0).count();
    }

    /// Change of the penalty if `source` took `place`; `touched` then holds the shortfalls it would have.
    ///
    /// A condition of one entry that a single column touches is looked at in place; anything else is applied, looked at, and
    /// put back.
    fn weigh(&mut self, source: usize, place: usize) -> f64 {
        let (model, p) = (self.model, self.model.precursors);
        let (from, to) = (model.cuts(self.taken[source] as usize), model.cuts(place));
        self.touched.clear();
        let mut change = 0.0;
        if p == 1 && model.scale.len() == model.conditions() {
            let by = to[0] - from[0];
            let range = model.columns.start[source]..model.columns.start[source + 1];
            self.work += range.len() as u64;
            for (&row, &value) in model.columns.row[range.clone()].iter().zip(&model.columns.value[range]) {
                let c = row as usize;
                let short = (model.target[c] - self.level[c] - value * by).max(0.0);
                change += self.price[c] * (short - self.short[c]);
            }
            return change;
        }
        self.before.clear();
        for q in 0..p {
            let (by, column) = (to[q] - from[q], source * p + q);
            if by == 0.0 {
                continue;
            }
            for (c, value) in model.columns.entries(column) {
                let entries = model.entries(c);
                self.work += 1 + 3 * entries.len() as u64;
                let single = entries.len() == 1;
                for entry in entries {
                    self.before.push((entry as u32, self.level[entry]));
                    let weight = if single { 1.0 } else { model.weight(source, entry) };
                    self.level[entry] += value * by * weight;
                }
                let short = model.short(&self.level, c, &mut self.scratch);
                change += self.price[c] * (short - self.short[c]);
                self.touched.push((c as u32, self.short[c]));
                self.short[c] = short;
            }
        }
        for &(c, short) in self.touched.iter().rev() {
            self.short[c as usize] = short;
        }
        for &(entry, level) in self.before.iter().rev() {
            self.level[entry as usize] = level;
        }
        change
    }

    /// `source` takes `place`.
    fn take(&mut self, source: usize, place: usize) {
        let (model, p) = (self.model, self.model.precursors);
        let from = self.taken[source] as usize;
        for q in 0..p {
            let by = model.cuts(place)[q] - model.cuts(from)[q];
            if by == 0.0 {
                continue;
            }
            let column = source * p + q;
            model.add(&mut self.level, column, by);
            for (c, _) in model.columns.entries(column) {
                let short = model.short(&self.level, c, &mut self.scratch);
                self.penalty += self.price[c] * (short - self.short[c]);
                self.missing = self.missing + usize::from(short > 0.0) - usize::from(self.short[c] > 0.0);
                self.short[c] = short;
                self.work += model.entries(c).len() as u64;
            }
        }
        self.cost += model.cost[place] - model.cost[from];
        self.taken[source] = place as u32;
    }

    fn cost_change(&self, source: usize, place: usize) -> f64 {
        self.model.cost[place] - self.model.cost[self.taken[source] as usize]
    }

    /// Takes the changes that remove shortfall most cheaply until none is left; false when no change removes any.
    fn repair(&mut self, candidates: &[(u32, u32)]) -> bool {
        self.recount();
        while self.missing > 0 {
            let mut best: Option<(f64, usize, usize)> = None;
            for &(source, place) in candidates {
                let (source, place) = (source as usize, place as usize);
                if self.taken[source] as usize == place || !self.touches_short(source) {
                    continue;
                }
                let removed = -self.weigh(source, place);
                if removed > 1e-12 * self.penalty {
                    let dearness = self.cost_change(source, place) / removed;
                    if best.is_none_or(|(least, ..)| dearness < least) {
                        best = Some((dearness, source, place));
                    }
                }
            }
            let Some((_, source, place)) = best else { return false };
            self.take(source, place);
        }
        self.recount();
        self.missing == 0
    }

    fn touches_short(&mut self, source: usize) -> bool {
        let p = self.model.precursors;
        let range = self.model.columns.start[source * p]..self.model.columns.start[(source + 1) * p];
        self.work += range.len() as u64 / 4 + 1;
        self.model.columns.row[range].iter().any(|&c| self.short[c as usize] > 0.0)
    }

    /// Takes back what is not needed: the largest saving first, until nothing moves. Everything is met before and after.
    fn trim(&mut self, candidates: &[(u32, u32)]) {
        loop {
            let mut savings: Vec<(f64, u32, u32)> = candidates
                .iter()
                .map(|&(source, place)| (self.cost_change(source as usize, place as usize), source, place))
                .filter(|&(saving, ..)| saving < 0.0)
                .collect();
            savings.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut moved = false;
            for (_, source, place) in savings {
                let (source, place) = (source as usize, place as usize);
                if self.cost_change(source, place) < 0.0 && self.weigh(source, place) <= 0.0 {
                    self.take(source, place);
                    if self.missing > 0 {
                        self.recount();
                    }
                    moved = true;
                }
            }
            if !moved {
                return;
            }
        }
    }
}

/// The places of each source whose regret is at most `most`, as (source, place), smallest regret first; sources with only one
/// such place have nothing to choose and are left out.
fn near_ties(model: &Model, regret: &[f64], most: f64) -> Vec<(u32, u32)> {
    let mut near = vec![];
    for i in 0..model.sources {
        let from = near.len();
        near.extend(model.places(i).filter(|&place| regret[place] <= most).map(|place| (i as u32, place as u32)));
        if near.len() == from + 1 {
            near.pop();
        }
    }
    near.sort_by(|a, b| regret[a.1 as usize].total_cmp(&regret[b.1 as usize]));
    near
}

/// Mean regret per plan if each source chose at this temperature by itself.
fn regret_at(model: &Model, regret: &[f64], temperature: f64) -> f64 {
    let of = |i: usize| {
        let (mut weight, mut sum) = (0.0, 0.0);
        for place in model.places(i).filter(|&place| regret[place] < 40.0 * temperature) {
            let w = (-regret[place] / temperature).exp();
            weight += w;
            sum += w * regret[place];
        }
        if weight > 0.0 { sum / weight } else { 0.0 }
    };
    (0..model.sources).map(of).sum()
}

/// The temperature at which the plan would cost `share` of the bound more than it.
fn temperature(model: &Model, hints: &Hints, share: f64) -> f64 {
    let goal = share * hints.bound.abs();
    let (mut low, mut high) = (1e-12 * hints.bound.abs().max(1e-9), hints.bound.abs().max(1e-9));
    for _ in 0..40 {
        let middle = (low * high).sqrt();
        if regret_at(model, hints.regret, middle) < goal { low = middle } else { high = middle }
    }
    high
}

/// Searches for about `effort` multiplications, from the relaxation or from the plan `start`. The same seed gives the same plan.
pub fn search(model: &Model, hints: &Hints, start: Option<Taken>, effort: u64, seed: u64) -> Found {
    let mut rng = Rng::with_seed(seed);
    let mut best: Option<(f64, Taken)> = None;
    let keep = |walk: &Walk, best: &mut Option<(f64, Taken)>| {
        if walk.missing == 0 && best.as_ref().is_none_or(|(cost, _)| walk.cost < *cost) && model.is_met(&walk.taken) {
            *best = Some((walk.model.cost_of(&walk.taken), walk.taken.clone()));
        }
    };
    let mean = hints.price.iter().sum::<f64>() / hints.price.len().max(1) as f64;
    let floor = mean.max(1e-9 * hints.bound.abs()).max(f64::MIN_POSITIVE);
    let steep: Vec<f64> = hints.price.iter().map(|price| 8.0 * price + 0.25 * floor).collect();
    let all = near_ties(model, hints.regret, f64::MAX);
    if let Some(taken) = start {
        let mut walk = Walk::new(model, taken, steep.clone());
        walk.trim(&all);
        keep(&walk, &mut best);
    }
    let mut walk = Walk::new(model, rounded(model, hints.share), steep.clone());
    let mut near = near_ties(model, hints.regret, 12.0 * temperature(model, hints, FIRST));
    walk.work += 45 * model.cost.len() as u64 * 4;
    if effort > 20 * walk.work {
        walk.price.iter_mut().zip(hints.price).for_each(|(at, price)| *at = 1.6 * price + 0.05 * floor);
        anneal(&mut walk, hints, &mut near, effort, &mut rng, floor, &mut best);
        walk.price.copy_from_slice(&steep);
    }
    if walk.repair(&near) || walk.repair(&all) {
        walk.trim(&near);
        walk.trim(&all);
        walk.recount();
        keep(&walk, &mut best);
    }
    Found { best, nearest: walk.taken, work: walk.work }
}

/// First and last temperature, as the share of the bound that a plan at it would cost more.
const FIRST: f64 = 0.01;
const LAST: f64 = 0.0001;

fn anneal(
    walk: &mut Walk,
    hints: &Hints,
    near: &mut [(u32, u32)],
    effort: u64,
    rng: &mut Rng,
    floor: f64,
    best: &mut Option<(f64, Taken)>,
) {
    let model = walk.model;
    let (first, last) = (temperature(model, hints, FIRST), temperature(model, hints, LAST));
    let begin = walk.work;
    walk.recount();
    let (mut at, mut count, mut moves) = (first, near.len(), 0_u32);
    let mut stale: Vec<u32> = (0..model.sources as u32).collect();
    let mut cheapest = best.as_ref().map_or(f64::INFINITY, |(cost, _)| *cost);
    let mut kept: Taken = walk.taken.clone();
    let mut found = false;
    while count > 1 {
        if moves % 1024 == 0 {
            let done = (walk.work - begin) as f64 / effort as f64;
            if done >= 1.0 {
                break;
            }
            at = first * (last / first).powf(done);
            count = near.partition_point(|&(_, place)| hints.regret[place as usize] <= 12.0 * at).max(2).min(near.len());
            let raise = 5.0_f64.powf(done);
            for (price, by) in walk.price.iter_mut().zip(hints.price) {
                *price = raise * (1.6 * by + 0.05 * floor);
            }
            if moves % (1 << 18) == 0 { walk.recount() } else { walk.reprice() }
        }
        moves = moves.wrapping_add(1);
        walk.work += 8;
        let (source, place) = near[rng.usize(..count)];
        let (source, place) = (source as usize, place as usize);
        if walk.taken[source] as usize == place {
            continue;
        }
        let limit = walk.cost_change(source, place) + at * rng.f64().max(1e-300).ln();
        // The penalty can fall by no more than all of it.
        if limit > walk.penalty {
            continue;
        }
        if limit + walk.weigh(source, place) <= 0.0 {
            walk.take(source, place);
            stale.push(source as u32);
            if walk.missing == 0 && walk.cost < cheapest {
                cheapest = walk.cost;
                found = true;
                for source in stale.drain(..) {
                    kept[source as usize] = walk.taken[source as usize];
                }
            }
        }
    }
    if found && model.is_met(&kept) {
        *best = Some((model.cost_of(&kept), kept));
    }
}

/// The place with the largest share of each source.
fn rounded(model: &Model, share: &[f64]) -> Taken {
    let largest = |i: usize| model.places(i).max_by(|&a, &b| share[a].total_cmp(&share[b]));
    (0..model.sources).map(|i| largest(i).expect("no order is always offered") as u32).collect()
}
