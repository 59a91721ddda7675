use super::amount::TenThousandYuan;
use super::problem::{Limits, NO_LIMIT, Problem};
use super::{Reserve, search};
use crate::LedgerError;
use serde::Serialize;

/// Why no set of projects keeps every rule (不可行的原因): one rule that is broken, by how much.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Shortfall {
    /// Two projects that must be chosen exclude each other.
    MustsExclude {
        /// Both.
        ids: [String; 2],
    },
    /// The projects that must be chosen cost more than the budget.
    MustsOverBudget {
        /// Missing money.
        short: TenThousandYuan,
    },
    /// They cost more than a city's cap.
    MustsOverCityCap {
        /// The city.
        city: String,
        /// Money above the cap.
        short: TenThousandYuan,
    },
    /// Capacity building that must be chosen costs more than its share.
    MustsOverCapacityShare {
        /// Money above the share.
        short: TenThousandYuan,
    },
    /// A city's floor lies above its cap.
    FloorAboveCap {
        /// The city.
        city: String,
        /// Money between the two.
        short: TenThousandYuan,
    },
    /// A city does not have projects enough that can be chosen.
    CityFloor {
        /// The city.
        city: String,
        /// Money of its projects that are open.
        available: TenThousandYuan,
        /// Missing money.
        short: TenThousandYuan,
    },
    /// Floors and what must be chosen together cost more than the budget.
    FloorsOverBudget {
        /// Missing money.
        short: TenThousandYuan,
    },
    /// No rule is broken alone; without this one there would be a set.
    Together {
        /// `budget`, `capacity_share`, `excludes`, `city_floor.<city>` or `city_cap.<city>`.
        rule: String,
    },
}

/// Rules that are broken by sums alone, without any search.
pub(super) fn by_sums(
    reserve: &Reserve,
    limits: &Limits,
    exclusions: &[Vec<usize>],
    problem: &Problem,
) -> Vec<Shortfall> {
    let projects = &reserve.projects;
    let money = TenThousandYuan::from_fen;
    let id = |place: usize| projects[place].id.clone();
    let mut broken = vec![];
    for place in &problem.taken {
        let others = exclusions[*place].iter().filter(|other| *other > place && projects[**other].must);
        broken.extend(others.map(|other| Shortfall::MustsExclude { ids: [id(*place), id(*other)] }));
    }
    let (mut musts, mut capacity) = (0, 0);
    let mut taken = vec![0; limits.cities.len()];
    for place in &problem.taken {
        let amount = projects[*place].amount.fen();
        musts += amount;
        capacity += if projects[*place].capacity { amount } else { 0 };
        taken[limits.city[*place]] += amount;
    }
    let mut open = taken.clone();
    for item in &problem.items {
        open[item.city] += projects[item.place].amount.fen();
    }
    if musts > limits.budget {
        broken.push(Shortfall::MustsOverBudget { short: money(musts - limits.budget) });
    }
    if capacity > limits.capacity {
        broken.push(Shortfall::MustsOverCapacityShare { short: money(capacity - limits.capacity) });
    }
    let mut needed = 0;
    for (n, name) in limits.cities.iter().enumerate() {
        let (floor, cap, city) = (limits.floor[n], limits.cap[n], name.clone());
        needed += floor.max(taken[n]);
        if taken[n] > cap {
            broken.push(Shortfall::MustsOverCityCap { city, short: money(taken[n] - cap) });
        } else if floor > cap {
            broken.push(Shortfall::FloorAboveCap { city, short: money(floor - cap) });
        } else if floor > open[n] {
            broken.push(Shortfall::CityFloor { city, available: money(open[n]), short: money(floor - open[n]) });
        }
    }
    if needed > limits.budget && musts <= limits.budget {
        broken.push(Shortfall::FloorsOverBudget { short: money(needed - limits.budget) });
    }
    broken
}

/// The rules of which one alone, taken away, would leave a set; each is tried with a narrow search.
pub(super) fn by_trial(
    reserve: &Reserve,
    limits: &Limits,
    exclusions: &[Vec<usize>],
) -> Result<Vec<Shortfall>, LedgerError> {
    let mut helps = vec![];
    let mut attempt = |rule: String, limits: &Limits, exclusions: &[Vec<usize>]| -> Result<(), LedgerError> {
        if search::search(&Problem::new(reserve, limits, exclusions), 2)?.best.is_some() {
            helps.push(Shortfall::Together { rule });
        }
        Ok(())
    };
    attempt("budget".to_string(), &Limits { budget: NO_LIMIT, ..limits.clone() }, exclusions)?;
    if limits.capacity < NO_LIMIT {
        attempt("capacity_share".to_string(), &Limits { capacity: NO_LIMIT, ..limits.clone() }, exclusions)?;
    }
    if exclusions.iter().any(|others| !others.is_empty()) {
        attempt("excludes".to_string(), limits, &vec![vec![]; exclusions.len()])?;
    }
    for (n, city) in limits.cities.iter().enumerate() {
        let mut free = limits.clone();
        if limits.floor[n] > 0 {
            free.floor[n] = 0;
            attempt(format!("city_floor.{city}"), &free, exclusions)?;
            free.floor[n] = limits.floor[n];
        }
        if limits.cap[n] < NO_LIMIT {
            free.cap[n] = NO_LIMIT;
            attempt(format!("city_cap.{city}"), &free, exclusions)?;
        }
    }
    Ok(helps)
}
