//! A past winter under a draft and under the plan in force (试算), as work in the background.

use super::plans::{against, nothing};
use super::view::CityName;
use crate::auth::{Key, Person, now};
use crate::extract::{Body, Path};
use crate::figure::Figure;
use crate::forecast::{load_history, off_the_reactor};
use crate::problem::Problem;
use crate::sight::Sight;
use crate::work::{Origin, Task, act, unreadable};
use crate::{AppState, ServerError};
use ::warn::{Indexed, Plan, PlanCommand, PlanRecord, Trial, TrialRow, TrialSide, check_indexed, trial_side};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use forecast::{ForecastError, History, ISSUE_LABEL};
use org::{Right, acting_organisation};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::WorkState;
use units::{BeijingDay, BeijingHour, OrgId};
use utoipa::ToSchema;

/// Tries a draft on a past winter.
pub(crate) const TRIAL: &str = "warn.trial";
/// Members of each run of a trial: enough to tell 0.5, quick enough for a winter.
const MEMBERS: usize = 30;
/// Jobs looked through for the one that runs.
const JOBS: u32 = 200;

/// Which winter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TrialAsked {
    /// The year in which it begins: November to February.
    winter: i32,
}

/// What a trial gave, or where it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlanTrial {
    /// `none`, `running`, `done` or `failed`.
    state: &'static str,
    winter: Option<i32>,
    rows: Vec<PlanTrialRow>,
    /// The same winter under the plan in force.
    against: Vec<PlanTrialRow>,
    /// Id of that plan.
    against_plan: String,
    /// Why it failed.
    why: String,
}

/// A winter of one city.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlanTrialRow {
    city: CityName,
    episodes: u32,
    hits: u32,
    misses: u32,
    false_alarms: u32,
    /// Mean of the hits, hours.
    lead_hours: Option<Figure>,
    warned_hours: Option<Figure>,
    needless_hours: Option<Figure>,
}

/// Begins a trial of a draft; ask again for what it gave.
#[utoipa::path(post, operation_id = "try_plan", path = "/api/v1/plans/{id}/trial", tag = "warn", request_body = TrialAsked,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 202, body = PlanTrial), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn begin(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    key: Key,
    Body(asked): Body<TrialAsked>,
) -> Result<(StatusCode, Json<PlanTrial>), ServerError> {
    person.need(Right::WarningAssess)?;
    let (record, version) = state.store().load::<PlanRecord>(&id).await?.ok_or_else(|| nothing(&id))?;
    record.plan()?;
    if !(2000..=2100).contains(&asked.winter) {
        return Err(ServerError::BadBody("winter is the year in which it begins".into()));
    }
    let owner = acting_organisation(person.actor());
    let payload = json!({ "plan": id, "winter": asked.winter, "owner": owner });
    let job = format!("{TRIAL}:{id}:{version}:{}", key.as_str());
    state.store().enqueue(&job, TRIAL, &payload, now(), now()).await?;
    Ok((StatusCode::ACCEPTED, Json(stands(&state, &id, &record).await?)))
}

/// What the last trial gave.
#[utoipa::path(get, operation_id = "plan_trial", path = "/api/v1/plans/{id}/trial", tag = "warn", params(("id" = String, Path)),
    responses((status = 200, body = PlanTrial), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn trial(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Json<PlanTrial>, ServerError> {
    person.need(Right::WarningRead)?;
    let (record, _) = state.store().load::<PlanRecord>(&id).await?.ok_or_else(|| nothing(&id))?;
    Ok(Json(stands(&state, &id, &record).await?))
}

async fn stands(state: &AppState, id: &str, record: &PlanRecord) -> Result<PlanTrial, ServerError> {
    let of_plan = |job: &store::Job| job.kind == TRIAL && job.payload["plan"] == id;
    let none = PlanTrial {
        state: "none",
        winter: None,
        rows: Vec::new(),
        against: Vec::new(),
        against_plan: String::new(),
        why: String::new(),
    };
    if let Some(job) = state.store().jobs(Some(WorkState::Pending), JOBS).await?.iter().find(|job| of_plan(job)) {
        let winter = job.payload["winter"].as_i64().and_then(|year| i32::try_from(year).ok());
        // One that failed is tried again by itself; what it said is told meanwhile.
        let why = job.last_error.clone().unwrap_or_default();
        return Ok(PlanTrial { state: if why.is_empty() { "running" } else { "failed" }, winter, why, ..none });
    }
    let digest = record.plan().map(|plan| plan.digest).unwrap_or_default();
    if let Some(trial) = record.trial.as_ref().filter(|trial| trial.digest == digest) {
        return Ok(PlanTrial {
            state: "done",
            winter: Some(trial.winter),
            rows: rows(&trial.draft),
            against: rows(&trial.against),
            against_plan: trial.against.plan.clone(),
            ..none
        });
    }
    let dead = state.store().jobs(Some(WorkState::Dead), JOBS).await?;
    match dead.iter().find(|job| of_plan(job)) {
        Some(job) => Ok(PlanTrial { state: "failed", why: job.last_error.clone().unwrap_or_default(), ..none }),
        None => Ok(none),
    }
}

fn rows(side: &TrialSide) -> Vec<PlanTrialRow> {
    let row = |row: &TrialRow| PlanTrialRow {
        city: CityName::of(row.city),
        episodes: row.episodes,
        hits: row.hits,
        misses: row.misses,
        false_alarms: row.false_alarms,
        lead_hours: row.lead_hours.and_then(|hours| Figure::rounded(hours, 0)),
        warned_hours: Figure::rounded(row.warned_hours, 0),
        needless_hours: Figure::rounded(row.needless_hours, 0),
    };
    side.rows.iter().map(row).collect()
}

/// The winter again as if it were now, under both plans; the model has seen nothing of it.
pub(crate) async fn run(state: AppState, task: Task) -> Result<(), ServerError> {
    let text = |name: &str| task.payload[name].as_str().map(str::to_string);
    let winter = task.payload["winter"].as_i64().and_then(|year| i32::try_from(year).ok());
    let (Some(id), Some(winter), Some(owner)) = (text("plan"), winter, text("owner")) else {
        return Err(unreadable(&task));
    };
    let owner: OrgId = owner.parse().map_err(|_| unreadable(&task))?;
    let (record, _) = state.store().load::<PlanRecord>(&id).await?.ok_or_else(|| unreadable(&task))?;
    let (draft, against) = (record.plan()?, against(&state).await?);
    let history = everything(&state).await?;
    let seed = state.options().seed;
    let trial = off_the_reactor(move || tried(&history, &draft, &against, winter, seed)).await??;
    let command = PlanCommand::Try { trial: Box::new(trial) };
    act::<PlanRecord>(&state, Origin::Job, &id, &owner, command, &task.effect_key).await
}

/// All that may be seen at the moment shown.
async fn everything(state: &AppState) -> Result<History, ServerError> {
    let first = Sight::span(state).await?.map(|(first, _)| first);
    let first = first.ok_or_else(|| ServerError::NoRun("there are no observations to try a plan on".into()))?;
    load_history(state, first, state.as_of() + 1).await
}

fn tried(history: &History, draft: &Plan, against: &Plan, winter: i32, seed: u64) -> Result<Trial, ServerError> {
    let day = |year, month, day| BeijingDay::from_ymd(year, month, day).expect("a day of every year");
    let (from, to) = (day(winter, 11, 1), day(winter + 1, 3, 1) - 1);
    let model = ::forecast::train(&history.without(from, to), history.end(), ISSUE_LABEL, seed)?;
    let (mut of_draft, mut of_against) = (Vec::new(), Vec::new());
    for day in (0..=to - from).map(|n| from + n) {
        let at = BeijingHour::of_day(day, ISSUE_LABEL).expect("20 is a label of every day");
        let run = match ::forecast::issue(&model, history, at, MEMBERS) {
            Ok(run) => run,
            // A day that could not be forecast then is none of the trial's days.
            Err(ForecastError::TooFewCities { .. } | ForecastError::AheadOfData { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        let indexed = Indexed::from_courses(&run.trajectories, Some(&history.window(at - 48, at)))?;
        of_draft.push((at, check_indexed(draft, &indexed)));
        of_against.push((at, check_indexed(against, &indexed)));
    }
    if of_draft.is_empty() {
        return Err(ServerError::NoRun(format!("no day of the winter {winter} could be forecast")));
    }
    let first = |day: BeijingDay| BeijingHour::of_day(day, 1).expect("every day has a first hour");
    let seen = history.of_cities(&model.cities).window(first(from), first(to + 8));
    let truth = Indexed::of_observed(&seen, Some(history))?;
    let (of_draft, of_against) = (trial_side(draft, &truth, &of_draft), trial_side(against, &truth, &of_against));
    Ok(Trial { winter, digest: draft.digest.clone(), draft: of_draft, against: of_against })
}
