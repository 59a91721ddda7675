//! A warning as paper and as a message: notice, CAP, feed.

use super::one::named;
use super::subject::Subject;
use crate::auth::Person;
use crate::extract::{Path, Query};
use crate::paper::saved;
use crate::problem::Problem;
use crate::{AppState, ServerError};
use ::document::{Block, Sheet};
use ::warn::{Warning, WarningEvent, atom, cap, notice};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use event::Aggregate;
use org::Right;
use serde::Deserialize;
use store::WarningFilter;
use units::{AccountId, Instant};
use utoipa::IntoParams;

/// Hours that a warning which has ended stays in the feed.
const FEED_HOURS: i64 = 48;
/// Warnings read for the feed.
const FEED: u32 = 200;
const DRAFT_MARK: &str = "送审稿 未签发 · DRAFT, NOT ISSUED";

/// Which document, in which shape.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Paper {
    /// From 1; the draft under way when left out.
    number: Option<usize>,
    /// `docx`, `pdf` or `json`; `docx` when left out.
    format: Option<String>,
}

/// Which document.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Numbered {
    /// From 1; the last one when left out.
    number: Option<usize>,
}

/// The notice of an issue, a change or a lift; without a number the draft under way, marked as such.
#[utoipa::path(get, operation_id = "warning_document", path = "/api/v1/warnings/{id}/document", tag = "warn",
    params(("id" = String, Path), Paper),
    responses((status = 200, description = "The notice", content_type = "application/octet-stream"),
        (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn document(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    Query(paper): Query<Paper>,
) -> Result<Response, ServerError> {
    let subject = Subject::seen(&state, &person, &id).await?;
    let names = named(&state, &subject).await?;
    let house = names.organisation(&subject.warning.owner).name;
    let name = |id: &str| id.parse::<AccountId>().map_or_else(|_| id.to_string(), |id| names.account(&id).name);
    let sheet = match paper.number {
        Some(number) => notice(&subject.warning, number, &house, name)?,
        None if subject.insider => drafted(&subject.warning, state.shown(), &house, name)?,
        None => return Err(ServerError::BadQuery("number says which document; the draft is not for outside".into())),
    };
    let code =
        format!("{}{}", subject.warning.code, paper.number.map_or("-draft".into(), |number| format!("-{number}")));
    saved(&state, sheet, &code, paper.format.as_deref()).await
}

/// The sheet the draft would become, marked as not issued and without the line of who issues it.
fn drafted(warning: &Warning, now: Instant, house: &str, name: impl Fn(&str) -> String) -> Result<Sheet, ServerError> {
    let nothing = || ServerError::NotFound(format!("/api/v1/warnings/{}/document: no draft is under way", warning.id));
    let draft = warning.draft.as_ref().ok_or_else(nothing)?;
    let digest = draft.digest().map_err(|error| ServerError::Broken(error.to_string()))?;
    let (document, by, at, told) = ("文号待编".to_string(), draft.by.clone(), now, Vec::new());
    let issued = Warning::apply(warning.clone(), &WarningEvent::Issued { document, digest, by, at, told });
    let mut sheet = notice(&issued, issued.issued.len(), house, name)?;
    sheet.mark = [DRAFT_MARK, sheet.mark.as_str()].join("　").trim().to_string();
    for block in &mut sheet.blocks {
        if let Block::Signatures(lines) = block {
            lines.retain(|(step, _)| step != "发布");
        }
    }
    for (_, value) in sheet.facts.iter_mut().filter(|(fact, _)| fact == "发布时间") {
        *value = "—".into();
    }
    Ok(sheet)
}

/// A document as a message of the Common Alerting Protocol 1.2; of an exercise with status `Exercise`.
#[utoipa::path(get, operation_id = "warning_cap", path = "/api/v1/warnings/{id}/cap", tag = "warn",
    params(("id" = String, Path), Numbered),
    responses((status = 200, description = "The message", content_type = "application/cap+xml"),
        (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn cap_message(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    Query(which): Query<Numbered>,
) -> Result<Response, ServerError> {
    let warning = Subject::seen(&state, &person, &id).await?.warning;
    let number = which.number.unwrap_or(warning.issued.len());
    let sender = state.options().warnings.sender();
    let text = cap(&warning, number, &sender, &super::outline::areas(&state).await?, false)?;
    xml(text, "application/cap+xml")
}

/// The alerts in force and those that ended less than two days ago, as an Atom feed. Exercises are never in it.
#[utoipa::path(get, operation_id = "warning_feed", path = "/api/v1/warnings/feed", tag = "warn",
    responses((status = 200, description = "The feed", content_type = "application/atom+xml"),
        (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn feed(State(state): State<AppState>, person: Person) -> Result<Response, ServerError> {
    person.need(Right::WarningRead)?;
    let scope = person.scope(Right::WarningRead);
    let now = state.shown();
    let in_force = WarningFilter { states: vec!["in_force".into()], exercise: Some(false), ..Default::default() };
    let since = Instant::from_utc(now.to_utc() - TimeDelta::hours(FEED_HOURS));
    let recent = WarningFilter { exercise: Some(false), issued_since: Some(since), ..Default::default() };
    let mut warnings: Vec<Warning> = Vec::new();
    for filter in [in_force, recent] {
        for row in state.store().warnings(&scope, &filter, FEED, None).await?.items {
            if warnings.iter().all(|known| known.id != row.id)
                && let Some((warning, _)) = state.store().load::<Warning>(row.id.as_str()).await?
            {
                warnings.push(warning);
            }
        }
    }
    let sender = state.options().warnings.sender();
    let options = &state.options().warnings;
    let message = |warning: &Warning, number: usize| {
        format!("{}/api/v1/warnings/{}/cap?number={number}", options.address, warning.id)
    };
    xml(atom(&warnings, &sender, &options.feed_address(), message, now)?, "application/atom+xml")
}

fn xml(text: String, kind: &'static str) -> Result<Response, ServerError> {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, text).into_response())
}
