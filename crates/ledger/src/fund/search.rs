use super::bound::Prices;
use super::layers::{Layer, layers};
use super::problem::{NO_LIMIT, Problem};
use crate::LedgerError;

/// States kept at a layer, one search after the other. What a narrow search finds prunes the next one.
const WIDTHS: [usize; 4] = [300, 3_000, 30_000, 100_000];
/// How many kept states a new one is compared with.
const COMPARED: usize = 48;
const NOBODY: u32 = u32::MAX;

/// What was found, in the problem's units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Items of the best set, ascending, with its score; `None` when none was found.
    pub best: Option<(i64, Vec<usize>)>,
    /// No set scores more. Without a set and without truth in `proven`, only the relaxation's word.
    pub bound: i64,
    /// Whether nothing was left unsearched.
    pub proven: bool,
}

/// One partial choice: the items so far in order, and what they used. `loss` is by how much no completion can come
/// nearer to the bound, scaled as the prices are.
#[derive(Clone, Copy, Debug)]
struct State {
    score: i64,
    spent: i64,
    capacity: i64,
    city: i64,
    taken: u128,
    loss: i128,
    last: u32,
}

/// Searches the best set exactly: layer by layer over the items, states that another dominates dropped, states whose
/// loss shows that they can't beat the best set known dropped. A layer wider than allowed keeps the states of least
/// loss, and the least loss dropped still proves a bound.
///
/// Deterministic: no clock stops it. Refuses `L-321`.
pub(crate) fn search(problem: &Problem, widths: usize) -> Result<Found, LedgerError> {
    let prices = Prices::of(problem);
    let layers = layers(problem, &prices)?;
    let cliques: i128 = layers.iter().map(|layer| if layer.clique == 0 { layer.clique_here } else { 0 }).sum();
    let top = prices.limits(problem) + cliques;
    let mut found = Found { best: None, bound: (top >> prices.shift).clamp(0, i64::MAX.into()) as i64, proven: false };
    for width in WIDTHS.iter().take(widths) {
        let run = Run { problem, prices: &prices, layers: &layers, top, width: *width };
        run.improve(&mut found);
        if found.proven {
            break;
        }
    }
    Ok(found)
}

struct Run<'a> {
    problem: &'a Problem,
    prices: &'a Prices,
    layers: &'a [Layer],
    top: i128,
    width: usize,
}

impl Run<'_> {
    fn improve(&self, found: &mut Found) {
        let best = found.best.as_ref().map(|(score, _)| *score);
        // A set that beats the best has at least one unit more.
        let most_loss = best.map_or(i128::MAX, |best| self.top - ((i128::from(best) + 1) << self.prices.shift));
        let mut states = vec![State { score: 0, spent: 0, capacity: 0, city: 0, taken: 0, loss: 0, last: NOBODY }];
        let mut trail: Vec<(u32, u32)> = vec![];
        let (mut least_dropped, mut sifted) = (i128::MAX, 64);
        self.open(&mut states);
        for layer in self.layers {
            self.step(layer, &mut states, &mut trail, most_loss);
            if states.len() > sifted {
                self.drop_dominated(self.problem.items[layer.item].city, &mut states);
                sifted = (states.len() * 3 / 2).max(64);
            }
            if states.len() > self.width {
                states.select_nth_unstable_by_key(self.width, |state| (state.loss, state.last));
                least_dropped = least_dropped.min(states[self.width].loss);
                states.truncate(self.width);
                sifted = states.len() * 3 / 2;
            }
        }
        let last = states.iter().max_by_key(|state| (state.score, -state.spent, std::cmp::Reverse(state.last)));
        if let Some(state) = last.filter(|state| best.is_none_or(|best| state.score > best)) {
            found.best = Some((state.score, self.items(state.last, &trail)));
        }
        let best = found.best.as_ref().map(|(score, _)| *score);
        let reached = best.unwrap_or(0);
        if least_dropped == i128::MAX {
            found.proven = true;
            found.bound = reached;
        } else {
            let left = (self.top - least_dropped) >> self.prices.shift;
            found.bound = found.bound.min(left.clamp(0, i64::MAX.into()) as i64).max(reached);
            found.proven = best == Some(found.bound);
        }
    }

    /// Before any item: limits that are broken already leave no state.
    fn open(&self, states: &mut Vec<State>) {
        let of = |city: usize| (self.problem.floor[city], self.problem.cap[city], self.city_money(city));
        let cities = (0..self.problem.floor.len()).map(of);
        let possible = cities.clone().all(|(floor, cap, money)| cap >= 0 && floor <= money.min(cap));
        let floors: i64 = cities.map(|(floor, ..)| floor).sum();
        if !possible || self.problem.budget < floors || self.problem.capacity < 0 {
            states.clear();
        }
    }

    fn city_money(&self, city: usize) -> i64 {
        self.problem.items.iter().filter(|item| item.city == city).map(|item| item.amount).sum()
    }

    /// Both choices for one item, where the limits and the best set known allow them.
    fn step(&self, layer: &Layer, states: &mut Vec<State>, trail: &mut Vec<(u32, u32)>, most_loss: i128) {
        let item = &self.problem.items[layer.item];
        let mut next = Vec::with_capacity(states.len() + states.len() / 2);
        for state in states.iter() {
            let excluded = state.taken & layer.excluded != 0;
            let settled = state.taken & layer.clique != 0;
            let without = State {
                taken: state.taken & !layer.closed,
                loss: state.loss + if settled { 0 } else { layer.clique_here - layer.clique_after },
                ..*state
            };
            let with = State {
                score: state.score + item.score,
                spent: state.spent + item.amount,
                capacity: state.capacity + if item.capacity { item.amount } else { 0 },
                city: state.city + item.amount,
                taken: (state.taken | layer.own) & !layer.closed,
                loss: state.loss + layer.clique_here - layer.reduced,
                last: state.last,
            };
            for (mut child, takes) in [(without, false), (with, true)] {
                if (takes && excluded) || !self.keeps(layer, item.city, &mut child) || child.loss > most_loss {
                    continue;
                }
                // Only what differs from the sign of the reduced value is written down: most items never do.
                if takes != (layer.reduced > 0) {
                    trail.push((child.last, layer.item as u32));
                    child.last = (trail.len() - 1) as u32;
                }
                next.push(child);
            }
        }
        *states = next;
    }

    /// Whether a state can still keep every limit; at the end of a city what it left unused is added to the loss.
    fn keeps(&self, layer: &Layer, city: usize, state: &mut State) -> bool {
        let (floor, cap) = (self.problem.floor[city], self.problem.cap[city]);
        let missing = (floor - state.city).max(0);
        let kept = state.spent + missing + layer.floors_ahead <= self.problem.budget
            && state.capacity <= self.problem.capacity
            && state.city <= cap
            && missing <= layer.city_ahead;
        if kept && layer.city_ends {
            let price = self.prices.city[city];
            let unused = if price > 0 { cap - state.city } else { floor - state.city };
            state.loss += price * i128::from(unused);
            state.city = 0;
        }
        kept
    }

    /// Drops states that another one matches in everything and beats or equals in score.
    fn drop_dominated(&self, city: usize, states: &mut Vec<State>) {
        let (floor, capped) = (self.problem.floor[city], self.problem.cap[city] < NO_LIMIT);
        let limited = self.problem.capacity < NO_LIMIT;
        states.sort_unstable_by(|one, other| {
            (one.taken, one.spent, other.score, one.capacity, one.city, one.last).cmp(&(
                other.taken,
                other.spent,
                one.score,
                other.capacity,
                other.city,
                other.last,
            ))
        });
        let mut kept: Vec<State> = Vec::with_capacity(states.len());
        let mut first = 0;
        for state in states.iter() {
            if kept.last().is_none_or(|last| last.taken != state.taken) {
                first = kept.len();
            }
            // Sorted by money: whatever is kept of the same bits has spent no more.
            let beaten = kept[first..].iter().rev().take(COMPARED).any(|other| {
                other.score >= state.score
                    && (!limited || other.capacity <= state.capacity)
                    && (!capped || other.city <= state.city)
                    && other.city >= state.city.min(floor)
            });
            if !beaten {
                kept.push(*state);
            }
        }
        *states = kept;
    }

    fn items(&self, last: u32, trail: &[(u32, u32)]) -> Vec<usize> {
        let mut chosen = vec![false; self.problem.items.len()];
        self.layers.iter().for_each(|layer| chosen[layer.item] = layer.reduced > 0);
        let mut at = last;
        while at != NOBODY {
            let (before, item) = trail[at as usize];
            chosen[item as usize] = !chosen[item as usize];
            at = before;
        }
        (0..chosen.len()).filter(|item| chosen[*item]).collect()
    }
}
