use super::bound::Prices;
use super::problem::{NO_LIMIT, Problem};
use crate::LedgerError;

/// States kept at a layer, one search after the other. What a narrow search finds prunes the next one.
const WIDTHS: [usize; 4] = [300, 3_000, 30_000, 200_000];
/// Bits of a state for open exclusions.
const MOST_OPEN: usize = 128;
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

/// One item as the search meets it.
struct Layer {
    item: usize,
    reduced: i128,
    /// Largest reduced value, 0 at least, in its exclusion clique from this layer on, and after it.
    clique_here: i128,
    clique_after: i128,
    /// Bits of earlier items that exclude it; those of its own clique.
    excluded: u128,
    clique: u128,
    /// Its own bit; bits that no later layer asks for.
    own: u128,
    closed: u128,
    /// Money in its city that is still to come behind it.
    city_ahead: i64,
    /// Its city ends with it.
    city_ends: bool,
    /// What the floors of later cities need.
    floors_ahead: i64,
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

/// The items in the order of search: city by city, in a city the clearest first, so that layers branch late.
fn layers(problem: &Problem, prices: &Prices) -> Result<Vec<Layer>, LedgerError> {
    let items = &problem.items;
    let reduced: Vec<i128> = items.iter().map(|item| prices.reduced(item)).collect();
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|item| (items[*item].city, std::cmp::Reverse(reduced[*item].abs()), *item));
    let mut place = vec![0; items.len()];
    order.iter().enumerate().for_each(|(n, item)| place[*item] = n);
    let cliques = cliques(problem, &order);
    let mut slots: Vec<Option<usize>> = vec![None; MOST_OPEN];
    let mut slot_of = vec![usize::MAX; items.len()];
    let bit = |slot_of: &[usize], item: usize| 1u128 << slot_of[item];
    let floor_from = |city: usize| problem.floor[city..].iter().sum::<i64>();
    let mut layers = Vec::with_capacity(items.len());
    for (n, item) in order.iter().copied().enumerate() {
        let of = &items[item];
        let earlier = || of.excludes.iter().copied().filter(|other| place[*other] < n);
        let mut layer = Layer {
            item,
            reduced: reduced[item],
            clique_here: largest(&cliques, &place, &reduced, item, n),
            clique_after: largest(&cliques, &place, &reduced, item, n + 1),
            excluded: earlier().map(|other| bit(&slot_of, other)).fold(0, |all, bit| all | bit),
            clique: earlier()
                .filter(|other| cliques.of[*other] == cliques.of[item])
                .map(|other| bit(&slot_of, other))
                .fold(0, |all, bit| all | bit),
            own: 0,
            closed: 0,
            city_ahead: order[n + 1..]
                .iter()
                .take_while(|other| items[**other].city == of.city)
                .map(|other| items[*other].amount)
                .sum(),
            city_ends: order.get(n + 1).is_none_or(|next| items[*next].city != of.city),
            floors_ahead: floor_from(of.city + 1),
        };
        if of.excludes.iter().any(|other| place[*other] > n) {
            let slot = slots.iter().position(Option::is_none).ok_or(LedgerError::Entangled { most: MOST_OPEN })?;
            (slots[slot], slot_of[item]) = (Some(item), slot);
            layer.own = 1 << slot;
        }
        for slot in 0..MOST_OPEN {
            let over = slots[slot].is_some_and(|open| items[open].excludes.iter().all(|other| place[*other] <= n));
            if over {
                slots[slot] = None;
                layer.closed |= 1 << slot;
            }
        }
        layers.push(layer);
    }
    Ok(layers)
}

/// Items in groups of which at most one can be chosen.
struct Cliques {
    of: Vec<usize>,
    members: Vec<Vec<usize>>,
}

fn cliques(problem: &Problem, order: &[usize]) -> Cliques {
    let mut cliques = Cliques { of: vec![usize::MAX; order.len()], members: vec![] };
    for item in order.iter().copied() {
        let excludes = &problem.items[item].excludes;
        let known = excludes.iter().map(|other| cliques.of[*other]).filter(|clique| *clique < usize::MAX);
        let fits = |clique: &usize| cliques.members[*clique].iter().all(|other| excludes.contains(other));
        let clique = known.filter(fits).min().unwrap_or(cliques.members.len());
        if clique == cliques.members.len() {
            cliques.members.push(vec![]);
        }
        cliques.members[clique].push(item);
        cliques.of[item] = clique;
    }
    cliques
}

/// The largest reduced value, 0 at least, among the clique's members from the layer `from` on.
fn largest(cliques: &Cliques, place: &[usize], reduced: &[i128], item: usize, from: usize) -> i128 {
    let members = cliques.members[cliques.of[item]].iter().filter(|member| place[**member] >= from);
    members.map(|member| reduced[*member]).fold(0, i128::max)
}
