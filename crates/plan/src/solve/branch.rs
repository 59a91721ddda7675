//! Branch and bound: the relaxation again and again with one source's options split in two, the lowest bound first. Ends with
//! a proof on small instances; on larger ones the lowest open bound is still a bound.

use super::model::{Model, Taken};
use super::relax::{Rows, dearest};
use super::search::{Finish, Hints};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Relative distance below which two costs are one.
pub const SAME: f64 = 1e-9;

/// What branching ended with.
pub struct Branched {
    /// No plan costs less (to [`SAME`]); infinite when every part was shown to hold no plan.
    pub bound: f64,
    /// Every part was closed.
    pub closed: bool,
    /// Cheapest plan known.
    pub best: Option<(f64, Taken)>,
}

/// A part of the plans: some sources keep only places in a range.
struct Part {
    bound: f64,
    number: u64,
    ranges: Vec<(u32, u32, u32)>,
}

impl PartialEq for Part {
    fn eq(&self, other: &Part) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Part {}

impl PartialOrd for Part {
    fn partial_cmp(&self, other: &Part) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Part {
    /// The greatest is looked at first: the lowest bound, among equals the latest, which is the deepest.
    fn cmp(&self, other: &Part) -> Ordering {
        other.bound.total_cmp(&self.bound).then(self.number.cmp(&other.number))
    }
}

/// Branches for about `effort` multiplications over the places that are `alive`, from the bound of the relaxation and a plan if one
/// is known. Each part's relaxation is rounded to a plan too: where a few large sources decide, that finds what a walk does not.
pub fn branch(
    model: &Model,
    rows: &Rows,
    hints: &Hints,
    alive: &[bool],
    mut best: Option<(f64, Taken)>,
    effort: u64,
) -> Branched {
    let mut open = BinaryHeap::from([Part { bound: hints.bound, number: 0, ranges: vec![] }]);
    let (mut work, mut number) = (0, 0);
    let finish = Finish::new(model, hints);
    // A bound above the dearest plan of all proves that there is none.
    let dearest = model.base + dearest(model);
    let dearest = dearest + 1e-6 * dearest.abs() + f64::MIN_POSITIVE;
    let limit = |best: &Option<(f64, Taken)>| best.as_ref().map_or(dearest, |(cost, _)| cost - SAME * cost.abs());
    while let Some(part) = open.pop() {
        if part.bound >= limit(&best) {
            // The lowest bound of all is not below the plan: everything is closed.
            open.clear();
            break;
        }
        if work >= effort {
            open.push(part);
            break;
        }
        let within = restricted(model, alive, &part.ranges);
        let solved = rows.solve(model, &within, 1e-9);
        work += solved.work + model.cost.len() as u64;
        let bound = solved.bound.max(part.bound);
        work += finish.finish(model, largest(model, &solved.share), &mut best);
        if bound >= limit(&best) {
            continue;
        }
        for range in split(model, &within, &solved.share) {
            number += 1;
            let mut ranges = part.ranges.clone();
            ranges.push(range);
            open.push(Part { bound, number, ranges });
        }
    }
    let lowest = open.peek().map(|part| part.bound);
    let known = best.as_ref().map_or(f64::INFINITY, |(cost, _)| cost - SAME * cost.abs());
    Branched { bound: lowest.map_or(known, |bound| bound.min(known)), closed: lowest.is_none(), best }
}

fn restricted(model: &Model, alive: &[bool], ranges: &[(u32, u32, u32)]) -> Vec<bool> {
    let mut within = alive.to_vec();
    for &(source, first, last) in ranges {
        for place in model.places(source as usize) {
            within[place] &= (first as usize..=last as usize).contains(&place);
        }
    }
    within
}

fn largest(model: &Model, share: &[f64]) -> Taken {
    let of = |i: usize| model.places(i).max_by(|&a, &b| share[a].total_cmp(&share[b])).expect("no order is offered");
    (0..model.sources).map(|i| of(i) as u32).collect()
}

/// The two halves of the source whose split says most: where the relaxation mixes the dearest difference. Empty when every
/// source has one place left.
fn split(model: &Model, within: &[bool], share: &[f64]) -> Vec<(u32, u32, u32)> {
    let mut best: Option<(f64, usize, usize)> = None;
    for i in 0..model.sources {
        let range = model.places(i);
        let mut left = range.clone().filter(|&place| within[place]);
        let (Some(first), Some(last)) = (left.next(), left.next_back()) else { continue };
        let mean: f64 = range.clone().map(|place| share[place] * place as f64).sum();
        let spread: f64 = range.map(|place| share[place] * (place as f64 - mean).abs()).sum();
        let says = (1e-9 + spread) * (1e-9 + model.cost[last] - model.cost[first]);
        if best.is_none_or(|(most, ..)| says > most) {
            let below = (mean.floor() as usize).clamp(first, last - 1);
            best = Some((says, i, below));
        }
    }
    let Some((_, i, below)) = best else { return vec![] };
    let range = model.places(i);
    vec![(i as u32, range.start as u32, below as u32), (i as u32, below as u32 + 1, range.end as u32 - 1)]
}
