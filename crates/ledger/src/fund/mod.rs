//! Selection of fund projects (专项资金项目遴选): the set of highest summed score that keeps budget, city floors and
//! caps, the share of capacity building, musts and exclusions, with a proven bound and a reason for each project left
//! out. Money is exact ([`TenThousandYuan`]); the search decides in integers alone.

mod amount;
mod bound;
mod explain;
mod file;
mod layers;
mod problem;
mod search;
mod shortfall;

pub use amount::{Score, TenThousandYuan};
pub use explain::{Left, LeftOut, WouldNeed};
pub use file::{MOST_PROJECTS, Project, Reserve};
pub use shortfall::Shortfall;

use crate::LedgerError;
use problem::{Limits, Problem};
use serde::Serialize;

/// Whether a selection is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// No set scores more.
    Optimal,
    /// A lawful set; `bound` says how much a better one could score at most.
    Feasible,
    /// No set keeps every rule; `shortfalls` say why.
    Infeasible,
    /// The search ended without a set and without proof that there is none.
    Undecided,
}

/// A selection (遴选结果), in the shape of `qingkong-fund/1`. Money in 10⁴ yuan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Selection {
    /// Whether it is proven.
    pub status: Status,
    /// Ids chosen, in the order of the reserve.
    pub chosen: Vec<String>,
    /// Their summed score; `None` without a set.
    pub score: Option<Score>,
    /// Their money.
    pub spent: Option<TenThousandYuan>,
    /// No set scores more than this.
    pub bound: Option<Score>,
    /// (bound − score) / bound; 0 when proven.
    pub gap: Option<f64>,
    /// The projects left out, in the order of the reserve, with what keeps each out.
    pub left_out: Vec<LeftOut>,
    /// The chosen project with the least score for its money that is no must: the last one in (边际项目).
    pub marginal: Option<String>,
    /// The project left out for money alone with the most score for its money: the next one in.
    pub next: Option<String>,
    /// Why there is no set.
    pub shortfalls: Vec<Shortfall>,
    /// What a reader should know, Chinese and English in one line each.
    pub warnings: Vec<String>,
}

/// What one budget would bring (敏感性).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FrontPoint {
    /// The budget.
    pub budget: TenThousandYuan,
    /// Whether it is proven.
    pub status: Status,
    /// Best score known; `None` without a set.
    pub score: Option<Score>,
    /// Money it takes.
    pub spent: Option<TenThousandYuan>,
    /// No set scores more.
    pub bound: Option<Score>,
}

/// Searches at full width: seconds for 500 projects.
const FULL: usize = usize::MAX;

/// Selects the projects of highest summed score.
///
/// Exact: `optimal` is proven in integers. Where the search meets its limit of states, `feasible` comes with a proven
/// bound. The same reserve in any order of rows gives the same set. No lawful set is a value, not an error:
/// `infeasible` with what is short. Refuses what [`Reserve::read`] refuses, and `L-321`.
pub fn select(reserve: &Reserve) -> Result<Selection, LedgerError> {
    let exclusions = problem::exclusions(reserve)?;
    let limits = Limits::of(reserve);
    let problem = Problem::new(reserve, &limits, &exclusions);
    let broken = shortfall::by_sums(reserve, &limits, &exclusions, &problem);
    if !broken.is_empty() {
        return Ok(without_a_set(reserve, Status::Infeasible, None, broken));
    }
    let found = search::search(&problem, FULL)?;
    let score_of = |units: i64| units * problem.score_unit;
    let musts: i64 = problem.taken.iter().map(|place| reserve.projects[*place].score.0).sum();
    let Some((_, items)) = &found.best else {
        let together = shortfall::by_trial(reserve, &limits, &exclusions)?;
        let status = if found.proven { Status::Infeasible } else { Status::Undecided };
        let bound = (!found.proven).then_some(Score(score_of(found.bound) + musts));
        return Ok(without_a_set(reserve, status, bound, together));
    };
    let mut chosen = vec![false; reserve.projects.len()];
    let places = items.iter().map(|item| problem.items[*item].place).chain(problem.taken.iter().copied());
    places.for_each(|place| chosen[place] = true);
    explain::fill(reserve, &limits, &exclusions, &mut chosen);
    let score: i64 = sum(reserve, &chosen, |project| project.score.0);
    let bound = (score_of(found.bound) + musts).max(score);
    let told = explain::explain(reserve, &limits, &exclusions, &chosen);
    let ids = reserve.projects.iter().zip(&chosen).filter(|(_, chosen)| **chosen);
    Ok(Selection {
        status: if found.proven || bound == score { Status::Optimal } else { Status::Feasible },
        chosen: ids.map(|(project, _)| project.id.clone()).collect(),
        score: Some(Score(score)),
        spent: Some(TenThousandYuan::from_fen(sum(reserve, &chosen, |project| project.amount.fen()))),
        bound: Some(Score(bound)),
        gap: Some(if bound > 0 { (bound - score) as f64 / bound as f64 } else { 0.0 }),
        marginal: explain::marginal(reserve, &chosen),
        next: explain::next(reserve, &told),
        left_out: told,
        shortfalls: vec![],
        warnings: warnings(reserve),
    })
}

/// The best score at each of several budgets, every other rule unchanged; the capacity share follows the budget.
pub fn front(reserve: &Reserve, budgets: &[TenThousandYuan]) -> Result<Vec<FrontPoint>, LedgerError> {
    let point = |budget: &TenThousandYuan| {
        let found = select(&Reserve { budget: *budget, ..reserve.clone() })?;
        let Selection { status, score, spent, bound, .. } = found;
        Ok(FrontPoint { budget: *budget, status, score, spent, bound })
    };
    budgets.iter().map(point).collect()
}

fn sum(reserve: &Reserve, chosen: &[bool], of: impl Fn(&Project) -> i64) -> i64 {
    reserve.projects.iter().zip(chosen).filter(|(_, chosen)| **chosen).map(|(project, _)| of(project)).sum()
}

fn without_a_set(reserve: &Reserve, status: Status, bound: Option<Score>, shortfalls: Vec<Shortfall>) -> Selection {
    Selection {
        status,
        chosen: vec![],
        score: None,
        spent: None,
        bound,
        gap: None,
        left_out: vec![],
        marginal: None,
        next: None,
        shortfalls,
        warnings: warnings(reserve),
    }
}

fn warnings(reserve: &Reserve) -> Vec<String> {
    let mut told: Vec<String> =
        reserve.unread.iter().map(|key| format!("{key}：未识别的字段，未读取 · unknown key, not read")).collect();
    let known = |city: &str| reserve.projects.iter().any(|project| project.city == city);
    let unknown = reserve.city_cap.keys().filter(|city| !known(city));
    told.extend(unknown.map(|city| format!("city_cap.{city}：没有该市的项目 · no project of this city")));
    told
}

#[cfg(test)]
mod tests;
