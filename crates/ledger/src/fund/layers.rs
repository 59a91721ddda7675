use super::bound::Prices;
use super::problem::Problem;
use crate::LedgerError;

/// Bits of a state for open exclusions.
const MOST_OPEN: usize = 128;

/// One item as the search meets it.
pub(super) struct Layer {
    pub item: usize,
    pub reduced: i128,
    /// Largest reduced value, 0 at least, in its exclusion clique from this layer on, and after it.
    pub clique_here: i128,
    pub clique_after: i128,
    /// Bits of earlier items that exclude it; those of its own clique.
    pub excluded: u128,
    pub clique: u128,
    /// Its own bit; bits that no later layer asks for.
    pub own: u128,
    pub closed: u128,
    /// Money in its city that is still to come behind it.
    pub city_ahead: i64,
    /// Its city ends with it.
    pub city_ends: bool,
    /// What the floors of later cities need.
    pub floors_ahead: i64,
}

/// The items in the order of search: city by city, in a city the clearest first, so that layers branch late.
pub(super) fn layers(problem: &Problem, prices: &Prices) -> Result<Vec<Layer>, LedgerError> {
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
        for (slot, open) in slots.iter_mut().enumerate() {
            if open.is_some_and(|open| items[open].excludes.iter().all(|other| place[*other] <= n)) {
                *open = None;
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
