//! From the model to the relaxation and back: which rows, the proven bound, and what each option costs at the prices.

use super::least::Reach;
use super::lp::{Lp, Relaxed};
use super::model::Model;

/// Most rounds in which rows are added for scenarios that the relaxation leaves short.
const ROUNDS: usize = 6;
/// Most rows: their system is dense.
const MOST_ROWS: usize = 2_500;

/// A row of the relaxation: the mean level of some entries of a condition.
///
/// Of the condition's entries at most `spare` may be missed, which gives the least mean ([`Reach::least_mean`]). With one entry and
/// none to spare this is the condition itself.
struct Row {
    condition: usize,
    entries: Vec<usize>,
    target: f64,
}

impl Row {
    fn level(&self, level: &[f64]) -> f64 {
        self.entries.iter().map(|&entry| level[entry]).sum::<f64>() / self.entries.len() as f64
    }
}

/// The rows in use, and those of each condition.
pub struct Rows {
    rows: Vec<Row>,
    of: Vec<Vec<usize>>,
    reach: Reach,
    /// Work of making the rows so far.
    work: u64,
    /// Caps a price; far above what any row is worth unless it cannot be met.
    ceiling: f64,
}

/// A solved relaxation: the prices by row, the share of each place, the bound they prove.
pub struct Root {
    /// Price by row.
    pub price: Vec<f64>,
    /// Share by place of the model.
    pub share: Vec<f64>,
    /// No plan costs less.
    pub bound: f64,
    /// Work done.
    pub work: u64,
}

impl Rows {
    pub fn new(model: &Model) -> Rows {
        let dearest = dearest(model);
        let ceiling = if dearest > 0.0 { 1e4 * dearest } else { 1.0 };
        let mut rows =
            Rows { rows: vec![], of: vec![vec![]; model.conditions()], reach: Reach::new(model), work: 0, ceiling };
        for condition in 0..model.conditions() {
            let entries: Vec<usize> = model.entries(condition).collect();
            let target = rows.least_mean(model, condition, &entries);
            rows.push(condition, entries, target);
        }
        rows
    }

    fn least_mean(&mut self, model: &Model, condition: usize, entries: &[usize]) -> f64 {
        let (least, work) = self.reach.least_mean(model, condition, entries);
        self.work += work;
        least
    }

    fn push(&mut self, condition: usize, entries: Vec<usize>, target: f64) {
        self.of[condition].push(self.rows.len());
        self.rows.push(Row { condition, entries, target });
    }

    /// Adds, for each condition, the row that the levels violate most; false when none is violated.
    fn separate(&mut self, model: &Model, level: &[f64]) -> bool {
        let before = self.rows.len();
        for condition in 0..model.conditions() {
            if model.entries(condition).len() == 1 || self.rows.len() >= MOST_ROWS {
                continue;
            }
            let short = |entry: &usize| model.target[*entry] - level[*entry];
            let mut entries: Vec<usize> = model.entries(condition).filter(|entry| short(entry) > 0.0).collect();
            if model.spare[condition] == 0 {
                // None to spare: the worst scenario alone says most.
                entries.sort_by(|a, b| short(b).total_cmp(&short(a)));
                entries.truncate(1);
            }
            // As many as may be missed say nothing.
            if entries.len() <= model.spare[condition] {
                continue;
            }
            let mean = entries.iter().map(|&entry| level[entry]).sum::<f64>() / entries.len() as f64;
            let target = self.least_mean(model, condition, &entries);
            if mean < target - 1e-6 {
                self.push(condition, entries, target);
            }
        }
        self.rows.len() > before
    }

    /// Drops the rows without a price that were added; the first of each condition stays.
    fn drop_idle(&mut self, model: &Model, price: &mut Vec<f64>) {
        let least = 1e-7 * price.iter().copied().fold(0.0, f64::max);
        let whole = |row: &Row| row.entries.len() == model.entries(row.condition).len();
        let kept: Vec<bool> = self.rows.iter().zip(&*price).map(|(row, price)| whole(row) || *price > least).collect();
        let (mut of_rows, mut of_price) = (kept.iter(), kept.iter());
        self.rows.retain(|_| *of_rows.next().expect("one for each row"));
        price.retain(|_| *of_price.next().expect("one for each price"));
        self.of.iter_mut().for_each(Vec::clear);
        for (place, row) in self.rows.iter().enumerate() {
            self.of[row.condition].push(place);
        }
    }

    /// Solves the relaxation over the places that are `alive`.
    pub fn solve(&self, model: &Model, alive: &[bool], tolerance: f64) -> Root {
        let (lp, places) = self.relaxation(model, alive);
        let Relaxed { price, share, work } = if lp.start.len() > 1 && !lp.target.is_empty() {
            lp.solve(tolerance, self.ceiling)
        } else {
            Relaxed { price: self.alone(&lp), share: vec![], work: 1 }
        };
        let mut by_place = vec![0.0; model.cost.len()];
        for (&place, share) in places.iter().zip(share) {
            by_place[place as usize] = share;
        }
        for i in 0..model.sources {
            let range = model.places(i);
            if by_place[range.clone()].iter().all(|&share| share == 0.0) {
                let cheapest =
                    range.filter(|&place| alive[place]).min_by(|&a, &b| model.cost[a].total_cmp(&model.cost[b]));
                by_place[cheapest.expect("every source keeps a place")] = 1.0;
            }
        }
        let bound = self.bound(model, &price, alive);
        Root { price, share: by_place, bound, work: work + model.columns.row.len() as u64 }
    }

    /// Nothing is left to choose: a row that is still short proves with its ceiling that this cannot be.
    fn alone(&self, lp: &Lp) -> Vec<f64> {
        lp.target.iter().map(|&target| if target > 1e-9 { self.ceiling } else { 0.0 }).collect()
    }

    /// Solves with rows added where the relaxation leaves too many scenarios short.
    pub fn root(&mut self, model: &Model, alive: &[bool]) -> Root {
        let wide = model.scale.len() > model.conditions();
        let mut root = self.solve(model, alive, if wide { 1e-3 } else { 2e-9 });
        let mut work = root.work;
        let rounds = if wide { ROUNDS } else { 0 };
        for _ in 0..rounds {
            let level = self.levels(model, &root.share);
            self.drop_idle(model, &mut root.price);
            if !self.separate(model, &level) {
                break;
            }
            let next = self.solve(model, alive, 1e-4);
            work += next.work;
            let better = next.bound - root.bound;
            if better >= 0.0 {
                root = next;
            }
            if better < 1e-3 * root.bound.abs() {
                break;
            }
        }
        root.price.resize(self.rows.len(), 0.0);
        root.work = work + self.work;
        root
    }

    fn levels(&self, model: &Model, share: &[f64]) -> Vec<f64> {
        let p = model.precursors;
        model.levels_of(|column| {
            model.places(column / p).map(|place| share[place] * model.cut[place * p + column % p]).sum()
        })
    }

    /// Value of a column in each row: `visit(row, value)`.
    fn column(&self, model: &Model, column: usize, mut visit: impl FnMut(usize, f64)) {
        for (condition, value) in model.columns.entries(column) {
            for &row in &self.of[condition] {
                let entries = &self.rows[row].entries;
                let weight = if model.entries(condition).len() == 1 {
                    1.0
                } else {
                    let source = column / model.precursors;
                    entries.iter().map(|&entry| model.weight(source, entry)).sum::<f64>() / entries.len() as f64
                };
                visit(row, value * weight);
            }
        }
    }

    /// What a unit of cut in each column is worth at the prices, and the sum of the sizes of what is added up for it.
    fn worth(&self, model: &Model, price: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let columns = model.sources * model.precursors;
        let (mut worth, mut size) = (vec![0.0; columns], vec![0.0; columns]);
        for column in 0..columns {
            self.column(model, column, |row, value| {
                worth[column] += price[row] * value;
                size[column] += (price[row] * value).abs();
            });
        }
        (worth, size)
    }

    /// The bound that `price` (any, from 0 up) proves, recomputed over every place alive and rounded down.
    ///
    /// For every plan: cost ≥ cost − Σ price·(level − target) = Σ price·target + Σ (cost − worth·cut), and each source's part
    /// is at least its smallest one.
    pub fn bound(&self, model: &Model, price: &[f64], alive: &[bool]) -> f64 {
        let (worth, sizes) = self.worth(model, price);
        let p = model.precursors;
        let (mut sum, mut size) = (model.base, model.base.abs());
        for (row, price) in self.rows.iter().zip(price) {
            sum += price * row.target;
            size += price * (1.0 + row.target.abs());
        }
        for i in 0..model.sources {
            let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
            for place in model.places(i).filter(|&place| alive[place]) {
                let cuts = model.cuts(place);
                least = least.min(model.cost[place] - value(cuts, &worth[i * p..][..p]));
                most = most.max(model.cost[place].abs() + value(cuts, &sizes[i * p..][..p]));
            }
            sum += least;
            size += most;
        }
        // A sum of n numbers is off by at most n·ε of the sum of their sizes; those of the levels are in the 1e-12.
        let terms = (model.sources + self.rows.len()) as f64;
        let bound = sum - size * (1e-12 + terms * f64::EPSILON);
        if bound.is_finite() { bound } else { f64::NEG_INFINITY }
    }

    /// Regret of each place: how much dearer than the best of its source at the prices.
    pub fn regret(&self, model: &Model, price: &[f64], alive: &[bool]) -> Vec<f64> {
        let (worth, _) = self.worth(model, price);
        let p = model.precursors;
        let mut regret = vec![f64::INFINITY; model.cost.len()];
        for i in 0..model.sources {
            let range = model.places(i);
            for place in range.clone().filter(|&place| alive[place]) {
                regret[place] = model.cost[place] - value(model.cuts(place), &worth[i * p..][..p]);
            }
            let least = regret[range.clone()].iter().copied().fold(f64::INFINITY, f64::min);
            regret[range].iter_mut().for_each(|regret| *regret -= least);
        }
        regret
    }

    /// What a plan reaches beyond the rows' targets, at the prices.
    pub fn slack(&self, model: &Model, price: &[f64], taken: &[u32]) -> f64 {
        let level = model.levels(taken);
        self.rows.iter().zip(price).map(|(row, price)| price * (row.level(&level) - row.target)).sum()
    }

    /// Price by condition: cost of a share of its target.
    pub fn by_condition(&self, model: &Model, price: &[f64]) -> Vec<f64> {
        let mut sum = vec![0.0; model.conditions()];
        for (row, price) in self.rows.iter().zip(price) {
            sum[row.condition] += price;
        }
        sum
    }

    /// Price by receptor: 10⁴ CNY for one more µg/m³ of need in every scenario.
    pub fn by_receptor(&self, model: &Model, price: &[f64]) -> Vec<f64> {
        let mut sum = vec![0.0; model.receptors];
        for (row, price) in self.rows.iter().zip(price) {
            if let Some(receptor) = model.receptor[row.condition] {
                // More need in every scenario raises every target, and the row's in proportion.
                let of = |values: &[f64]| row.entries.iter().map(|&entry| values[entry]).sum::<f64>();
                let targets = of(&model.target);
                let share = if targets > 0.0 { row.target / targets } else { 1.0 / row.entries.len() as f64 };
                sum[receptor as usize] += price * of(&model.unit) * share;
            }
        }
        sum
    }

    fn relaxation(&self, model: &Model, alive: &[bool]) -> (Lp, Vec<u32>) {
        let p = model.precursors;
        let mut lp = Lp { precursors: p, start: vec![0], column: vec![0], fixed: model.base, ..Lp::default() };
        lp.target = self.rows.iter().map(|row| row.target).collect();
        let (mut places, mut offered, mut entries) = (vec![], vec![], vec![]);
        for i in 0..model.sources {
            offered.clear();
            offered.extend(model.places(i).filter(|&place| alive[place]).map(|place| place as u32));
            if p == 1 {
                hull(model, &mut offered);
            }
            if let [only] = offered[..] {
                lp.fixed += model.cost[only as usize];
                for (q, &cut) in model.cuts(only as usize).iter().enumerate().filter(|(_, cut)| **cut != 0.0) {
                    self.column(model, i * p + q, |row, value| lp.target[row] -= value * cut);
                }
                continue;
            }
            for &place in &offered {
                places.push(place);
                lp.cost.push(model.cost[place as usize]);
                lp.cut.extend_from_slice(model.cuts(place as usize));
            }
            lp.start.push(lp.cost.len());
            for q in 0..p {
                entries.clear();
                self.column(model, i * p + q, |row, value| entries.push((row as u32, value)));
                entries.sort_unstable_by_key(|&(row, _)| row);
                for &(row, value) in &entries {
                    lp.row.push(row);
                    lp.value.push(value);
                }
                lp.column.push(lp.row.len());
            }
        }
        (lp, places)
    }
}

fn value(cuts: &[f64], worth: &[f64]) -> f64 {
    cuts.iter().zip(worth).map(|(cut, worth)| cut * worth).sum()
}

/// The largest cost that any plan can have.
pub fn dearest(model: &Model) -> f64 {
    let most = |i| model.places(i).map(|place| model.cost[place]).fold(f64::NEG_INFINITY, f64::max);
    (0..model.sources).map(most).sum::<f64>().max(0.0)
}

/// Keeps the lower convex hull of (cut, cost): at any price the best place lies on it.
fn hull(model: &Model, offered: &mut Vec<u32>) {
    let cut = |place: u32| model.cut[place as usize];
    let cost = |place: u32| model.cost[place as usize];
    offered.sort_by(|&a, &b| cut(a).total_cmp(&cut(b)).then(cost(a).total_cmp(&cost(b))));
    let mut kept: Vec<u32> = Vec::with_capacity(offered.len());
    for &place in offered.iter() {
        if kept.last().is_some_and(|&last| cut(last) == cut(place)) {
            continue;
        }
        while let [.., a, b] = kept[..] {
            let above = (cost(b) - cost(a)) * (cut(place) - cut(a)) >= (cost(place) - cost(a)) * (cut(b) - cut(a));
            if !above {
                break;
            }
            kept.pop();
        }
        kept.push(place);
    }
    *offered = kept;
}
