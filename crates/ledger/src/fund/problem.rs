use super::Reserve;
use crate::LedgerError;
use std::collections::BTreeSet;

/// A limit that does not bind. Far above any sum of amounts, and far enough from the edge of the type to be added to.
pub(crate) const NO_LIMIT: i64 = i64::MAX / 4;

/// One project that is still open to choice.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// Its place in the reserve.
    pub place: usize,
    pub city: usize,
    pub amount: i64,
    pub score: i64,
    pub capacity: bool,
    /// Numbers of the items that can't stand beside it.
    pub excludes: Vec<usize>,
}

/// A reserve without what is settled: the musts are taken and their money is off every limit; what is not ready or is
/// excluded by a must is gone. Items stand city by city in an order that does not depend on the order of rows.
///
/// Amounts are in units of their greatest common divisor, scores likewise; limits are rounded to the safe side, which
/// loses no set, because every sum is a multiple.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub items: Vec<Item>,
    pub budget: i64,
    pub capacity: i64,
    pub floor: Vec<i64>,
    pub cap: Vec<i64>,
    /// Places of the musts.
    pub taken: Vec<usize>,
    pub score_unit: i64,
}

/// The limits of a reserve in fen, by city number.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    pub cities: Vec<String>,
    /// City number of each project.
    pub city: Vec<usize>,
    pub budget: i64,
    pub capacity: i64,
    pub floor: Vec<i64>,
    pub cap: Vec<i64>,
}

impl Limits {
    pub fn of(reserve: &Reserve) -> Limits {
        let cities: BTreeSet<&str> = reserve.projects.iter().map(|project| project.city.as_str()).collect();
        let cities: Vec<String> = cities.into_iter().map(str::to_string).collect();
        let number = |city: &String| cities.binary_search(city).expect("every project's city is listed");
        let budget = reserve.budget.fen();
        let limit = |city: &String| reserve.city_cap.get(city).map_or(NO_LIMIT, |cap| cap.fen());
        Limits {
            city: reserve.projects.iter().map(|project| number(&project.city)).collect(),
            budget,
            capacity: reserve.capacity_share.map_or(NO_LIMIT, |share| share_of(budget, share)),
            floor: cities.iter().map(|city| reserve.city_floor.get(city).map_or(0, |floor| floor.fen())).collect(),
            cap: cities.iter().map(limit).collect(),
            cities,
        }
    }
}

/// Share of an amount in whole fen, rounded down; the share counts with twelve decimals.
fn share_of(fen: i64, share: f64) -> i64 {
    const UNITS: f64 = 1e12;
    (i128::from(fen) * (share * UNITS).round() as i128 / UNITS as i128) as i64
}

/// For each project the places of those it can't stand beside, both sides, each once, in order.
pub(crate) fn exclusions(reserve: &Reserve) -> Result<Vec<Vec<usize>>, LedgerError> {
    let places = reserve.check()?;
    let mut excluded = vec![vec![]; reserve.projects.len()];
    for (place, project) in reserve.projects.iter().enumerate() {
        for other in project.excludes.iter().map(|id| places[id.as_str()]) {
            excluded[place].push(other);
            excluded[other].push(place);
        }
    }
    for of in &mut excluded {
        of.sort_unstable();
        of.dedup();
    }
    Ok(excluded)
}

impl Problem {
    /// The choice that is left; the limits may be below zero when the musts alone break them.
    pub fn new(reserve: &Reserve, limits: &Limits, exclusions: &[Vec<usize>]) -> Problem {
        let projects = &reserve.projects;
        let taken: Vec<usize> = (0..projects.len()).filter(|place| projects[*place].must).collect();
        let (mut budget, mut capacity) = (limits.budget, limits.capacity);
        let (mut floor, mut cap) = (limits.floor.clone(), limits.cap.clone());
        for place in &taken {
            let (amount, city) = (projects[*place].amount.fen(), limits.city[*place]);
            budget -= amount;
            capacity -= if projects[*place].capacity { amount } else { 0 };
            floor[city] -= amount;
            cap[city] -= amount;
        }
        let open = |place: &usize| {
            let project = &projects[*place];
            project.ready && !project.must && !exclusions[*place].iter().any(|other| projects[*other].must)
        };
        let mut places: Vec<usize> = (0..projects.len()).filter(open).collect();
        places.sort_by(|one, other| {
            (limits.city[*one], &projects[*one].id).cmp(&(limits.city[*other], &projects[*other].id))
        });
        let mut number = vec![usize::MAX; projects.len()];
        places.iter().enumerate().for_each(|(n, place)| number[*place] = n);
        let unit = |values: &mut dyn Iterator<Item = i64>| values.fold(0, gcd).max(1);
        let money_unit = unit(&mut places.iter().map(|place| projects[*place].amount.fen()));
        let score_unit = unit(&mut places.iter().map(|place| projects[*place].score.0));
        // The musts together take less than half of what stands for no limit.
        let limit = |limit: i64| if limit >= NO_LIMIT / 2 { NO_LIMIT } else { limit.div_euclid(money_unit) };
        let item = |place: &usize| Item {
            place: *place,
            city: limits.city[*place],
            amount: projects[*place].amount.fen() / money_unit,
            score: projects[*place].score.0 / score_unit,
            capacity: projects[*place].capacity,
            excludes: exclusions[*place].iter().map(|other| number[*other]).filter(|n| *n < usize::MAX).collect(),
        };
        Problem {
            items: places.iter().map(item).collect(),
            budget: budget.div_euclid(money_unit),
            capacity: limit(capacity),
            floor: floor.iter().map(|floor| -(-floor.max(&0)).div_euclid(money_unit)).collect(),
            cap: cap.into_iter().map(limit).collect(),
            taken,
            score_unit,
        }
    }
}

fn gcd(one: i64, other: i64) -> i64 {
    if other == 0 { one.abs() } else { gcd(other, one % other) }
}
