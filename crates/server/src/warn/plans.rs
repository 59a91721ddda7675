//! The plans: those that come with the program and those of the house, from draft to end.

use super::basis::{plans as known, province};
use super::levels::ratios;
use super::proposal::{LevelText, in_words};
use super::words::LevelWord;
use crate::auth::{Key, Person, Version};
use crate::extract::{Body, Path};
use crate::figure::Figure;
use crate::people::Names;
use crate::problem::Problem;
use crate::{AppState, ServerError};
use ::warn::{FORECAST_HOURS, Plan, PlanCommand, PlanRecord, PlanRecordState, plan_in_force};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use org::Right;
use serde::{Deserialize, Serialize};
use store::Order;
use units::BeijingDay;
use utoipa::ToSchema;

/// Letters of a plan file; the longest bundled one has a seventh of it.
const MOST_TEXT: usize = 40_000;

/// Something that does not hold together.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlanFault {
    /// Its stable name.
    #[serde(rename = "where")]
    place: String,
    text: String,
    text_en: String,
    /// Whether the plan is not approved with it.
    blocks: bool,
}

/// One setting that differs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlanChange {
    #[serde(rename = "where")]
    place: String,
    text: String,
    text_en: String,
    before: String,
    after: String,
    before_en: String,
    after_en: String,
}

/// Least cut at a level.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LevelRatio {
    #[schema(value_type = LevelWord)]
    level: &'static str,
    pollutant: &'static str,
    percent: Option<Figure>,
}

/// One plan.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlanDetail {
    id: String,
    version: String,
    title: String,
    title_en: String,
    #[schema(value_type = String, format = Date)]
    effective_from: BeijingDay,
    #[schema(value_type = Option<String>, format = Date)]
    effective_until: Option<BeijingDay>,
    /// On the day shown.
    in_force: bool,
    /// Whether it comes with the program.
    bundled: bool,
    /// `draft`, `approved`, `bundled`, `ended` or `dropped`.
    state: &'static str,
    /// The file.
    text: String,
    faults: Vec<PlanFault>,
    levels: Vec<LevelText>,
    ratios: Vec<LevelRatio>,
    confidence: String,
    /// Parts that are configuration, not published.
    configured: Vec<String>,
    drafted_by: Option<String>,
    approved_by: Option<String>,
    /// For `If-Match`; 0 while nothing was done with it here.
    etag_version: u64,
    /// Whether the draft was tried as it stands.
    tried: bool,
}

/// What a text says as a plan, against the plan in force.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlanCheck {
    faults: Vec<PlanFault>,
    diff: Vec<PlanChange>,
    /// Id of the plan it is held against.
    against: String,
}

/// A plan file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanText {
    text: String,
}

/// A step on a plan.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct PlanStep {
    /// `drop`: why.
    text: String,
    /// `end`: its last day.
    #[schema(value_type = Option<String>, format = Date)]
    last: Option<BeijingDay>,
}

type Told = (Version, Json<PlanDetail>);

/// One plan in full.
#[utoipa::path(get, operation_id = "plan", path = "/api/v1/plans/{id}", tag = "warn", params(("id" = String, Path)),
    responses((status = 200, body = PlanDetail), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn plan(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Told, ServerError> {
    person.need(Right::WarningRead)?;
    told(&state, &id).await
}

/// Holds a text against the rules and against the plan in force, and keeps nothing.
#[utoipa::path(post, operation_id = "check_plan", path = "/api/v1/plans/check", tag = "warn", request_body = PlanText,
    responses((status = 200, body = PlanCheck), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn check(
    State(state): State<AppState>,
    person: Person,
    Body(body): Body<PlanText>,
) -> Result<Json<PlanCheck>, ServerError> {
    person.need(Right::WarningAssess)?;
    let plan = Plan::parse("draft", &sized(body.text)?)?;
    let against = against(&state).await?;
    let change = |change: ::warn::PlanChange| PlanChange {
        place: change.setting,
        text: change.title,
        text_en: change.title_en,
        before: change.before,
        after: change.after,
        before_en: change.before_en,
        after_en: change.after_en,
    };
    let diff = Plan::diff(&against, &plan).into_iter().map(change).collect();
    Ok(Json(PlanCheck { faults: faults(&plan), diff, against: against.id }))
}

/// Enters a draft under the id that its text gives it.
#[utoipa::path(post, operation_id = "draft_plan", path = "/api/v1/plans", tag = "warn", request_body = PlanText,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = PlanDetail), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn draft(
    State(state): State<AppState>,
    person: Person,
    key: Key,
    Body(body): Body<PlanText>,
) -> Result<(StatusCode, Version, Json<PlanDetail>), ServerError> {
    person.need(Right::WarningAssess)?;
    let text = sized(body.text)?;
    let id = Plan::parse("draft", &text)?.id;
    if id.is_empty() || id.len() > 60 || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    {
        return Err(ServerError::BadBody("the id of a plan is 1 to 60 small letters, digits and hyphens".into()));
    }
    let order = person.order::<PlanRecord>(&state, &id, PlanCommand::Draft { text });
    state.execute(Order { key: Some(key.as_str()), ..order }).await?;
    let (version, body) = told(&state, &id).await?;
    Ok((StatusCode::CREATED, version, body))
}

/// Writes a draft anew; its trial is void then.
#[utoipa::path(put, operation_id = "rewrite_plan", path = "/api/v1/plans/{id}", tag = "warn", request_body = PlanText,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = PlanDetail), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn rewrite(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    key: Key,
    version: Version,
    Body(body): Body<PlanText>,
) -> Result<Told, ServerError> {
    person.need(Right::WarningAssess)?;
    let command = PlanCommand::Rewrite { text: sized(body.text)? };
    take(&state, &person, &id, key, version, command).await
}

/// Takes a step: `approve` by another than the drafter, `drop` a draft, `end` a plan in effect.
#[utoipa::path(post, operation_id = "plan_step", path = "/api/v1/plans/{id}/{step}", tag = "warn", request_body = PlanStep,
    params(("id" = String, Path), ("step" = String, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = PlanDetail), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn step(
    State(state): State<AppState>,
    person: Person,
    Path((id, step)): Path<(String, String)>,
    key: Key,
    version: Result<Version, ServerError>,
    Body(body): Body<PlanStep>,
) -> Result<Told, ServerError> {
    let command = match step.as_str() {
        "approve" => {
            person.need(Right::WarningSign)?;
            PlanCommand::Approve { others: known(&state).await? }
        }
        "drop" => {
            if !person.may(Right::WarningSign) {
                person.need(Right::WarningAssess)?;
            }
            PlanCommand::Drop { text: body.text }
        }
        "end" => {
            person.need(Right::WarningSign)?;
            let last = body.last.ok_or_else(|| ServerError::BadBody("last is missing for this step".into()))?;
            let plan = known(&state).await?.into_iter().find(|plan| plan.id == id).map(Box::new);
            PlanCommand::End { last, plan }
        }
        _ => {
            person.need(Right::WarningRead)?;
            return Err(nothing(&id));
        }
    };
    take(&state, &person, &id, key, version?, command).await
}

async fn take(
    state: &AppState,
    person: &Person,
    id: &str,
    key: Key,
    version: Version,
    command: PlanCommand,
) -> Result<Told, ServerError> {
    told(state, id).await.map(drop)?;
    let order = person.order::<PlanRecord>(state, id, command);
    state.execute(Order { key: Some(key.as_str()), expected: Some(version.0), ..order }).await?;
    told(state, id).await
}

async fn told(state: &AppState, id: &str) -> Result<Told, ServerError> {
    let (record, version) = state.store().load::<PlanRecord>(id).await?.unwrap_or_default();
    let plans = known(state).await?;
    let bundled = Plan::bundled_text(id);
    let text = record.text.as_deref().or(bundled).ok_or_else(|| nothing(id))?.to_string();
    let mut plan = Plan::parse(id, &text)?;
    plan.effective_until = record.until.or(plan.effective_until);
    let in_force = plan_in_force(&plans, plan.region.unwrap_or(province()), state.as_of().day());
    let people: Vec<_> = record.drafted_by.iter().chain(&record.approved_by).collect();
    let names = Names::of([], people).read(state).await?;
    let level = |rule: &::warn::LevelRule| {
        let (text, text_en) = in_words(&rule.when);
        LevelText { level: rule.level.code(), text, text_en }
    };
    let cuts = |rule: &::warn::LevelRule| {
        let level = rule.level.code();
        ratios(rule).into_iter().map(move |one| LevelRatio { level, pollutant: one.pollutant, percent: one.percent })
    };
    let body = PlanDetail {
        in_force: in_force.is_ok_and(|found| found.id == plan.id),
        bundled: bundled.is_some(),
        state: match (version, record.state) {
            (0, _) => "bundled",
            (_, state) => state.as_str(),
        },
        faults: faults(&plan),
        levels: plan.levels.iter().map(level).collect(),
        ratios: plan.levels.iter().flat_map(cuts).collect(),
        drafted_by: record.drafted_by.as_ref().map(|by| names.account(by).name),
        approved_by: record.approved_by.as_ref().map(|by| names.account(by).name),
        etag_version: version,
        tried: record.trial.as_ref().is_some_and(|trial| trial.digest == plan.digest),
        effective_from: plan.effective_from,
        effective_until: plan.effective_until,
        id: plan.id,
        version: plan.version,
        title: plan.title,
        title_en: plan.title_en,
        confidence: plan.confidence,
        configured: plan.configured,
        text,
    };
    Ok((Version(version), Json(body)))
}

/// The plan in force on the day shown, or of today's when the day shown is before all of them.
pub(super) async fn against(state: &AppState) -> Result<Plan, ServerError> {
    let plans = known(state).await?;
    let found = plan_in_force(&plans, province(), state.as_of().day()).cloned();
    found.or_else(|_| Ok(Plan::newest()?))
}

pub(super) fn nothing(id: &str) -> ServerError {
    let id: String = id.chars().take(60).collect();
    ServerError::NotFound(format!("/api/v1/plans/{id}"))
}

fn faults(plan: &Plan) -> Vec<PlanFault> {
    let fault = |fault: ::warn::PlanFault| PlanFault {
        place: fault.name.to_string(),
        text: fault.zh,
        text_en: fault.en,
        blocks: fault.blocks,
    };
    plan.validate(FORECAST_HOURS).into_iter().map(fault).collect()
}

fn sized(text: String) -> Result<String, ServerError> {
    if text.chars().count() <= MOST_TEXT {
        return Ok(text);
    }
    Err(ServerError::BadBody(format!("a plan has at most {MOST_TEXT} letters")))
}

/// Drafts and ends of the house, for the list of plans.
pub(super) async fn drafts(state: &AppState) -> Result<Vec<Plan>, ServerError> {
    let records = state.store().plan_records().await?;
    let waiting = records.into_iter().filter(|(record, _)| record.state == PlanRecordState::Draft);
    Ok(waiting.filter_map(|(record, _)| record.plan().ok()).collect())
}
