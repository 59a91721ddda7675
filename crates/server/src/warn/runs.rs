//! What the last runs said, one after the other (建议一致性).

use super::basis::plan_of;
use super::proposal::{Shares, shares};
use super::view::CityName;
use super::words::LevelWord;
use crate::auth::Person;
use crate::extract::Query;
use crate::forecast::{Kept, observed_before, off_the_reactor, stored_run};
use crate::problem::Problem;
use crate::sight::city;
use crate::stamp::Stamp;
use crate::{AppState, ServerError};
use ::forecast::ISSUE_LABEL;
use ::standards::AqiEdition;
use ::warn::{Check, Plan, check, sayings, steady};
use axum::Json;
use axum::extract::State;
use org::Right;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use units::{BeijingHour, RegionCode, WarningLevel};
use utoipa::{IntoParams, ToSchema};

const USUAL: usize = 20;
const MOST: usize = 40;

/// Runs by issue time with what a plan says of each.
type Checks = Vec<(BeijingHour, Check)>;
/// Such checks by the digest of the plan and how many runs were asked for.
pub(crate) type CheckBook = Kept<(String, usize), Checks>;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AskedRuns {
    /// GB/T 2260.
    city: String,
    /// How many of the last daily runs, 1 to 40; 20 when left out.
    runs: Option<usize>,
    /// The plan; the newest when left out.
    plan: Option<String>,
}

/// What the last daily runs proposed for one city, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProposalHistory {
    runs: Vec<ProposalSaid>,
    /// Changes of the level proposed.
    changes: usize,
    /// Changes that each run alone would have made.
    changes_alone: usize,
    city: CityName,
    stamp: Stamp,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProposalSaid {
    #[schema(value_type = String, format = DateTime)]
    issue_time: BeijingHour,
    /// With the runs before in mind.
    #[schema(value_type = Option<LevelWord>)]
    level: Option<WarningLevel>,
    /// Of this run alone.
    #[schema(value_type = Option<LevelWord>)]
    alone: Option<WarningLevel>,
    probability: Shares,
}

/// How steady the proposals for a city were: only runs that are stored, nothing is made for it.
#[utoipa::path(get, operation_id = "warning_proposals", path = "/api/v1/warnings/proposals", tag = "warn", params(AskedRuns),
    responses((status = 200, body = ProposalHistory), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn proposals(
    State(state): State<AppState>,
    person: Person,
    Query(asked): Query<AskedRuns>,
) -> Result<Json<ProposalHistory>, ServerError> {
    person.need(Right::WarningRead)?;
    let code: RegionCode = city(&asked.city)?.code;
    let count = asked.runs.unwrap_or(USUAL);
    if !(1..=MOST).contains(&count) {
        return Err(ServerError::BadQuery(format!("runs is 1 to {MOST}, not {count}")));
    }
    let plan = plan_of(&state, true, asked.plan.as_deref()).await?;
    let checks = last_checks(&state, &plan, count).await?;
    let sayings = sayings(&checks, &code.to_string());
    let steadiness = steady(&plan, &sayings);
    let said = |row: &::warn::SteadySaying| ProposalSaid {
        issue_time: row.issue,
        level: row.level,
        alone: row.alone,
        probability: shares(&row.probability),
    };
    let issue = checks.last().map_or(state.as_of(), |(issue, _)| *issue);
    Ok(Json(ProposalHistory {
        runs: steadiness.rows.iter().map(said).collect(),
        changes: steadiness.changes,
        changes_alone: steadiness.changes_alone,
        city: CityName::of(code),
        stamp: Stamp::forecast(issue, AqiEdition::in_force(issue.day()).id(), state.options().demo),
    }))
}

/// The last stored daily runs up to the moment shown, held against a plan, oldest first; made once for all cities.
pub(super) async fn last_checks(state: &AppState, plan: &Plan, count: usize) -> Result<Arc<Checks>, ServerError> {
    let question = (plan.digest.clone(), count);
    state.last_checks().or(state, question, checks_of(state, plan, count)).await
}

async fn checks_of(state: &AppState, plan: &Plan, count: usize) -> Result<Checks, ServerError> {
    let mut issues: Vec<BeijingHour> = state.store().runs().await?.into_iter().map(|run| run.issue).collect();
    issues.retain(|issue| issue.label() == ISSUE_LABEL && *issue <= state.as_of());
    issues.sort_unstable();
    let mut checks = Vec::new();
    for issue in issues.into_iter().rev().take(count).rev() {
        let Some(issued) = stored_run(state, issue).await? else { continue };
        let (plan, observed) = (plan.clone(), observed_before(state, issue).await?);
        let checked = off_the_reactor(move || check(&plan, &issued.run.trajectories, Some(&observed))).await??;
        checks.push((issue, checked));
    }
    Ok(checks)
}
