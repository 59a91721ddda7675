use super::amount::TenThousandYuan;
use super::problem::Limits;
use super::{Project, Reserve};
use serde::Serialize;
use std::cmp::Ordering;

/// A project left out, and what keeps it out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LeftOut {
    /// Its id.
    pub id: String,
    /// The first rule that keeps it out, in the order of [`Left`].
    pub reason: Left,
    /// All that would be needed to add it to the chosen set.
    pub would_need: WouldNeed,
}

/// Rules that keep a project out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Left {
    /// Its papers are not complete.
    NotReady,
    /// A chosen project excludes it.
    ExcludedBy,
    /// Its city's cap.
    CityCap,
    /// The share of capacity building.
    CapacityShare,
    /// The budget.
    Budget,
    /// Nothing keeps it out, and it has no score to be chosen for.
    NoScore,
}

/// What it would take to add a project to the chosen set, nothing else changed. Money in 10⁴ yuan.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct WouldNeed {
    /// It has to become ready.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ready: bool,
    /// Chosen projects that have to give way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instead_of: Vec<String>,
    /// More for its city.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city_cap: Option<TenThousandYuan>,
    /// More for capacity building.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity: Option<TenThousandYuan>,
    /// More budget.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<TenThousandYuan>,
}

/// What a chosen set uses, in fen.
struct Used {
    budget: i64,
    capacity: i64,
    city: Vec<i64>,
}

impl Used {
    fn of(reserve: &Reserve, limits: &Limits, chosen: &[bool]) -> Used {
        let mut used = Used { budget: 0, capacity: 0, city: vec![0; limits.cities.len()] };
        (0..chosen.len()).filter(|place| chosen[*place]).for_each(|place| used.add(reserve, limits, place));
        used
    }

    fn add(&mut self, reserve: &Reserve, limits: &Limits, place: usize) {
        let project = &reserve.projects[place];
        self.budget += project.amount.fen();
        self.capacity += if project.capacity { project.amount.fen() } else { 0 };
        self.city[limits.city[place]] += project.amount.fen();
    }

    /// What adding a project would need.
    fn need(
        &self,
        reserve: &Reserve,
        limits: &Limits,
        exclusions: &[Vec<usize>],
        chosen: &[bool],
        place: usize,
    ) -> WouldNeed {
        let (project, city) = (&reserve.projects[place], limits.city[place]);
        let amount = project.amount.fen();
        let more =
            |used: i64, limit: i64| (used + amount > limit).then(|| TenThousandYuan::from_fen(used + amount - limit));
        let in_the_way = exclusions[place].iter().filter(|other| chosen[**other]);
        WouldNeed {
            ready: !project.ready,
            instead_of: in_the_way.map(|other| reserve.projects[*other].id.clone()).collect(),
            city_cap: more(self.city[city], limits.cap[city]),
            capacity: more(self.capacity, limits.capacity).filter(|_| project.capacity),
            budget: more(self.budget, limits.budget),
        }
    }
}

/// Adds what still fits, the most score for its money first. A proven set has no room for more but by ties; a set cut
/// short by the search may.
pub(super) fn fill(reserve: &Reserve, limits: &Limits, exclusions: &[Vec<usize>], chosen: &mut [bool]) {
    let mut places: Vec<usize> = (0..chosen.len()).filter(|place| reserve.projects[*place].score.0 > 0).collect();
    places.sort_by(|one, other| by_worth(&reserve.projects[*other], &reserve.projects[*one]));
    let mut used = Used::of(reserve, limits, chosen);
    for place in places {
        if !chosen[place] && used.need(reserve, limits, exclusions, chosen, place) == WouldNeed::default() {
            used.add(reserve, limits, place);
            chosen[place] = true;
        }
    }
}

pub(super) fn explain(reserve: &Reserve, limits: &Limits, exclusions: &[Vec<usize>], chosen: &[bool]) -> Vec<LeftOut> {
    let used = Used::of(reserve, limits, chosen);
    let left_out = (0..chosen.len()).filter(|place| !chosen[*place]).map(|place| {
        let would_need = used.need(reserve, limits, exclusions, chosen, place);
        let rules = [
            (would_need.ready, Left::NotReady),
            (!would_need.instead_of.is_empty(), Left::ExcludedBy),
            (would_need.city_cap.is_some(), Left::CityCap),
            (would_need.capacity.is_some(), Left::CapacityShare),
            (would_need.budget.is_some(), Left::Budget),
        ];
        let reason = rules.into_iter().find(|(keeps_out, _)| *keeps_out).map_or(Left::NoScore, |(_, reason)| reason);
        LeftOut { id: reserve.projects[place].id.clone(), reason, would_need }
    });
    left_out.collect()
}

/// The last one in: least score for its money, of equals the larger id.
pub(super) fn marginal(reserve: &Reserve, chosen: &[bool]) -> Option<String> {
    let chosen = reserve.projects.iter().zip(chosen).filter(|(project, chosen)| **chosen && !project.must);
    chosen.map(|(project, _)| project).min_by(|one, other| by_worth(one, other)).map(|project| project.id.clone())
}

/// The next one in, if there were only more money: most score for its money, of equals the smaller id.
pub(super) fn next(reserve: &Reserve, left_out: &[LeftOut]) -> Option<String> {
    let waits = |id: &str| left_out.iter().any(|left| left.id == id && left.reason == Left::Budget);
    let waiting = reserve.projects.iter().filter(|project| waits(&project.id));
    waiting.max_by(|one, other| by_worth(one, other)).map(|project| project.id.clone())
}

/// By score for money, exactly; of equals the larger id is worth less.
fn by_worth(one: &Project, other: &Project) -> Ordering {
    let cross = |one: &Project, other: &Project| i128::from(one.score.0) * i128::from(other.amount.fen());
    let free = (one.amount.fen() == 0).cmp(&(other.amount.fen() == 0));
    free.then(cross(one, other).cmp(&cross(other, one))).then_with(|| other.id.cmp(&one.id))
}
