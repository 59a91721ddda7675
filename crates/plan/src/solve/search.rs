//! A good plan: each source near its relaxed choice, then single changes among the near-ties at a falling temperature with
//! shortfalls at a rising price, then the cheapest repair and whatever can be taken back.
//!
//! A near-tie is an option of small regret. Everything rests on cost(plan) − bound = Σ regret + Σ price · slack.

use super::model::{Model, Taken};
use fastrand::Rng;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// Where the search stands.
struct Walk<'m> {
    model: &'m Model<'m>,
    taken: Taken,
    level: Vec<f64>,
    /// By condition as [`Model::short`] says it: above 0 it is not met.
    short: Vec<f64>,
    price: Vec<f64>,
    /// No entry of the condition falls by more for one less of a column's value.
    heaviest: Vec<f64>,
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

/// Times that a repair begins anew, for instances in which one change can undo another.
const REPAIRS: usize = 8;

/// A number that can be compared.
struct Ordered(f64);

impl PartialEq for Ordered {
    fn eq(&self, other: &Ordered) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Ordered) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Ordered) -> Ordering {
        self.0.total_cmp(&other.0)
    }
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

impl Hints<'_> {
    /// A small price for conditions that the relaxation does not price.
    fn floor(&self) -> f64 {
        let mean = self.price.iter().sum::<f64>() / self.price.len().max(1) as f64;
        mean.max(1e-9 * self.bound.abs()).max(f64::MIN_POSITIVE)
    }
}

/// What is needed to make a plan of any choice: prices of shortfalls, and every place.
pub struct Finish {
    steep: Vec<f64>,
    all: Vec<(u32, u32)>,
}

impl Finish {
    pub fn new(model: &Model, hints: &Hints) -> Finish {
        let floor = hints.floor();
        let steep = hints.price.iter().map(|price| 8.0 * price + 0.25 * floor).collect();
        Finish { steep, all: all_places(model) }
    }

    /// Repairs and trims `taken`; keeps the plan if it is the cheapest. Returns the work.
    pub fn finish(&self, model: &Model, taken: Taken, best: &mut Option<(f64, Taken)>) -> u64 {
        let mut walk = Walk::new(model, taken, self.steep.clone());
        walk.finish(&self.all, best);
        walk.work
    }
}

impl<'m> Walk<'m> {
    fn new(model: &'m Model, taken: Taken, price: Vec<f64>) -> Walk<'m> {
        let heaviest = |c: usize| model.scale[model.entries(c)].iter().copied().fold(0.0, f64::max);
        let mut walk = Walk {
            model,
            taken,
            level: vec![],
            short: vec![],
            price,
            heaviest: (0..model.conditions()).map(heaviest).collect(),
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
        self.short =
            (0..self.model.conditions()).map(|c| self.model.short(&self.level, c, &mut self.scratch)).collect();
        self.cost = self.model.cost_of(&self.taken);
        self.reprice();
        self.work += (self.model.columns.row.len() + self.level.len()) as u64;
    }

    fn reprice(&mut self) {
        self.penalty = self.short.iter().zip(&self.price).map(|(short, price)| short.max(0.0) * price).sum();
        self.missing = self.short.iter().filter(|&&short| short > 0.0).count();
    }

    /// Change of the penalty if `source` took `place`. Once it is certainly above `most`, any value above it.
    ///
    /// With one precursor every condition is looked at in place, since one column touches it; with several, the change is applied,
    /// looked at, and put back.
    fn weigh(&mut self, source: usize, place: usize, most: f64) -> f64 {
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
                change += self.price[c] * (short - self.short[c].max(0.0));
            }
            return change;
        }
        if p == 1 {
            return self.weigh_scenarios(source, to[0] - from[0], most);
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
                change += self.price[c] * (short.max(0.0) - self.short[c].max(0.0));
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

    /// Change of the penalty if the only column of `source` had `by` more; one precursor, conditions of several entries.
    fn weigh_scenarios(&mut self, source: usize, by: f64, most: f64) -> f64 {
        let (model, mut change) = (self.model, 0.0);
        for (c, value) in model.columns.entries(source) {
            // With nothing short the penalty can only grow on the way.
            if self.missing == 0 && change > most {
                break;
            }
            self.work += 1;
            let (by, short, entries) = (value * by, self.short[c], model.entries(c));
            let now = if entries.len() == 1 {
                model.target[entries.start] - self.level[entries.start] - by
            } else {
                // Met, and met whatever the scenario: most conditions of a good plan have that much to spare.
                if short - by.min(0.0) * self.heaviest[c] <= 0.0 {
                    continue;
                }
                self.work += 2 * entries.len() as u64;
                self.scratch.clear();
                let (level, target) = (&self.level, &model.target);
                self.scratch.extend(entries.map(|e| target[e] - level[e] - by * model.weight(source, e)));
                model.shortest_that_counts(c, &mut self.scratch)
            };
            change += self.price[c] * (now.max(0.0) - short.max(0.0));
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
                self.penalty += self.price[c] * (short.max(0.0) - self.short[c].max(0.0));
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
    ///
    /// A change removes less the more was removed before, so that it is weighed again only when it comes up as the cheapest.
    fn repair(&mut self, candidates: &[(u32, u32)]) -> bool {
        for _ in 0..REPAIRS {
            self.recount();
            if self.missing == 0 {
                return true;
            }
            let mut queue = BinaryHeap::new();
            for (place, &(source, to)) in candidates.iter().enumerate() {
                if self.touches_short(source as usize) {
                    queue
                        .extend(self.dearness(source, to).map(|dearness| (Reverse(Ordered(dearness)), Reverse(place))));
                }
            }
            let mut moved = false;
            while let Some((Reverse(Ordered(before)), Reverse(place))) = queue.pop() {
                if self.missing == 0 {
                    break;
                }
                let (source, to) = candidates[place];
                let Some(now) = self.dearness(source, to) else { continue };
                if now > before && queue.peek().is_some_and(|(Reverse(Ordered(next)), _)| now > *next) {
                    queue.push((Reverse(Ordered(now)), Reverse(place)));
                } else {
                    self.take(source as usize, to as usize);
                    moved = true;
                }
            }
            if !moved {
                return false;
            }
        }
        self.recount();
        self.missing == 0
    }

    /// Cost of a change for the shortfall it removes, at the prices; `None` when it removes none.
    fn dearness(&mut self, source: u32, place: u32) -> Option<f64> {
        let (source, place) = (source as usize, place as usize);
        if self.taken[source] as usize == place {
            return None;
        }
        let removed = -self.weigh(source, place, f64::INFINITY);
        (removed > 1e-12 * self.penalty).then(|| self.cost_change(source, place) / removed)
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
                if self.cost_change(source, place) < 0.0 && self.weigh(source, place, 0.0) <= 0.0 {
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

    /// Repair, then trim; keeps the plan if it is the cheapest.
    fn finish(&mut self, candidates: &[(u32, u32)], best: &mut Option<(f64, Taken)>) {
        if !self.repair(candidates) {
            return;
        }
        self.trim(candidates);
        self.recount();
        let cheaper = best.as_ref().is_none_or(|(cost, _)| self.cost < *cost);
        if cheaper && self.missing == 0 && self.model.is_met(&self.taken) {
            *best = Some((self.cost, self.taken.clone()));
        }
    }

    /// Single changes at a temperature falling from the first to the last of `temperatures`; the price of a shortfall rises.
    #[expect(clippy::too_many_arguments, reason = "each is one plain thing, used once")]
    fn anneal(
        &mut self,
        hints: &Hints,
        (near, without): (&[(u32, u32)], &[u32]),
        (first, last): (f64, f64),
        effort: u64,
        rng: &mut Rng,
        priced: &[f64],
        best: &mut Option<(f64, Taken)>,
    ) {
        let model = self.model;
        let begin = self.work;
        self.recount();
        let (mut at, mut count, mut moves) = (first, near.len(), 0_u32);
        let mut stale: Vec<u32> = (0..model.sources as u32).collect();
        let mut cheapest = best.as_ref().map_or(f64::INFINITY, |(cost, _)| *cost);
        let mut kept = self.taken.clone();
        let mut found = false;
        while count > 0 {
            if moves % 1024 == 0 {
                let done = (self.work - begin) as f64 / effort as f64;
                if done >= 1.0 {
                    break;
                }
                at = first * (last / first).powf(done);
                count = near
                    .partition_point(|&(_, place)| hints.regret[place as usize] <= CORE * at)
                    .max(1)
                    .min(near.len());
                let raise = RAISE.powf(done);
                self.price.iter_mut().zip(priced).for_each(|(price, first)| *price = raise * first);
                if moves % (1 << 18) == 0 { self.recount() } else { self.reprice() }
            }
            moves = moves.wrapping_add(1);
            self.work += 8;
            // Now and then any option: a large source may have to take one of large regret.
            let among = if rng.u8(..) < FAR { near.len() } else { count };
            let (source, place) = near[rng.usize(..among)];
            // Towards the near-tie, or from it back to the place without regret.
            let source = source as usize;
            let place = if self.taken[source] == place { without[source] } else { place } as usize;
            let limit = self.cost_change(source, place) + at * rng.f64().max(1e-300).ln();
            // The penalty can fall by no more than all of it.
            if limit > self.penalty {
                continue;
            }
            if limit + self.weigh(source, place, -limit) <= 0.0 {
                self.take(source, place);
                if stale.len() < model.sources {
                    stale.push(source as u32);
                }
                if self.missing == 0 && self.cost < cheapest {
                    cheapest = self.cost;
                    found = true;
                    // A full list may have missed some: then everything is copied.
                    if stale.len() == model.sources {
                        kept.copy_from_slice(&self.taken);
                    }
                    for source in stale.drain(..) {
                        kept[source as usize] = self.taken[source as usize];
                    }
                }
            }
        }
        if found && model.is_met(&kept) {
            *best = Some((model.cost_of(&kept), kept));
        }
    }
}

/// All places as (source, place) whose regret is at most `most`, smallest regret first, without the `best` of each source.
fn near_ties(model: &Model, regret: &[f64], best: &[u32], most: f64) -> Vec<(u32, u32)> {
    let mut near = vec![];
    for (i, &best) in best.iter().enumerate() {
        let others = model.places(i).filter(|&place| regret[place] <= most && place as u32 != best);
        near.extend(others.map(|place| (i as u32, place as u32)));
    }
    near.sort_by(|a, b| regret[a.1 as usize].total_cmp(&regret[b.1 as usize]));
    near
}

/// The place without regret of each source.
fn best_places(model: &Model, regret: &[f64]) -> Taken {
    let best = |i: usize| model.places(i).min_by(|&a, &b| regret[a].total_cmp(&regret[b]));
    (0..model.sources).map(|i| best(i).expect("no order is always offered") as u32).collect()
}

/// Every place of every source.
fn all_places(model: &Model) -> Vec<(u32, u32)> {
    (0..model.sources).flat_map(|i| model.places(i).map(move |place| (i as u32, place as u32))).collect()
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
    let floor = hints.floor();
    let Finish { steep, all } = Finish::new(model, hints);
    if let Some(taken) = start {
        let mut walk = Walk::new(model, taken, steep.clone());
        walk.finish(&all, &mut best);
    }
    let mut walk = Walk::new(model, rounded(model, hints.share), steep.clone());
    walk.finish(&all, &mut best);
    let greedy = best.as_ref().map_or(0.1, |(cost, _)| (cost - hints.bound) / hints.bound.abs().max(1e-9));
    if effort > 2 * walk.work && greedy > 1e-9 {
        let wide = model.scale.len() > model.conditions();
        let heat = if wide { WIDE * greedy } else { greedy };
        let share = (FIRST * heat, LAST * heat);
        let temperatures = (temperature(model, hints, share.0), temperature(model, hints, share.1));
        let without = best_places(model, hints.regret);
        // An option whose regret is above the whole gap is in no cheaper plan.
        let near = near_ties(model, hints.regret, &without, greedy * hints.bound.abs());
        walk.work += 200 * model.cost.len() as u64;
        let left = effort.saturating_sub(walk.work);
        let walks = (left / (LONG * model.columns.row.len() as u64 + 1)).clamp(1, MOST_WALKS);
        for number in 0..walks as usize {
            let steepness = PRICE[number % PRICE.len()];
            let priced: Vec<f64> = hints.price.iter().map(|price| steepness * price + 0.05 * floor).collect();
            walk.anneal(hints, (&near, &without), temperatures, left / walks, &mut rng, &priced, &mut best);
            walk.price.copy_from_slice(&steep);
            walk.finish(&all, &mut best);
        }
    }
    Found { best, nearest: walk.taken, work: walk.work }
}

/// First and last temperature: what a plan at it would cost more than the bound, as a share of what the first repair cost more.
const FIRST: f64 = 1.0;
const LAST: f64 = 0.01;
/// With scenarios most of that distance is the bound's and not the plan's: both temperatures are so much lower.
const WIDE: f64 = 0.2;
/// Work of a walk by entries of the instance from which on several walks find more than a longer one, and the most walks.
const LONG: u64 = 1500;
const MOST_WALKS: u64 = 8;
/// Options whose regret is above so many temperatures are tried only in so many of 256 moves: they are hardly ever taken.
const CORE: f64 = 12.0;
const FAR: u8 = 64;
/// A shortfall is priced at this multiple of the relaxation's price, in turn, and a twentieth of the mean price, and rises so many times
/// during the walk. On generated instances of 2,000 sources now one and now another of them finds the cheapest plan, by up to 3 %.
const PRICE: [f64; 3] = [1.2, 1.6, 2.0];
const RAISE: f64 = 2.5;

/// The place with the largest share of each source.
fn rounded(model: &Model, share: &[f64]) -> Taken {
    let largest = |i: usize| model.places(i).max_by(|&a, &b| share[a].total_cmp(&share[b]));
    (0..model.sources).map(|i| largest(i).expect("no order is always offered") as u32).collect()
}
