use super::job_list::{Counts, OfState, Retried, word};
use crate::auth::{Person, now};
use crate::extract::{Path, Query};
use crate::problem::Problem;
use crate::stamp::Stamp;
use crate::table::{Shape, Table, answer};
use crate::{AppState, ServerError};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use org::Right;
use serde::Serialize;
use store::Timer;
use units::Instant;
use utoipa::ToSchema;

/// What is due when, first due first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Timers {
    items: Vec<TimerLine>,
    /// How many stand in the state asked for.
    total: u64,
    /// Always `null`: the first 500 are told.
    next: Option<String>,
    counts: Counts,
    /// The moment shown, by which timers fire.
    #[schema(value_type = String, format = DateTime)]
    shown: Instant,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct TimerLine {
    key: String,
    /// When, by the clock that the screen shows.
    #[schema(value_type = String, format = DateTime)]
    due: Instant,
    /// Which handler.
    action: String,
    /// `pending`, `done`, `dead` or `cancelled`.
    state: &'static str,
    attempts: u32,
    /// Who works on it now.
    claimed_by: Option<String>,
    last_error: Option<String>,
}

/// Timers, first due first.
#[utoipa::path(get, path = "/api/v1/timers", tag = "work", params(OfState, ("format" = Option<String>, Query, description = "`json`, `csv` or `xlsx`")),
    responses((status = 200, body = Timers), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn timers(
    State(state): State<AppState>,
    person: Person,
    shape: Shape,
    Query(of): Query<OfState>,
) -> Result<Response, ServerError> {
    person.need(Right::JobRead)?;
    let counts = state.store().count_timers().await?;
    let items = state.store().timers(of.state(), of.limit()).await?.into_iter().map(TimerLine::from).collect();
    let timers =
        Timers { items, total: counts.of(of.state()), next: None, counts: counts.into(), shown: state.shown() };
    answer(shape, timers, |timers| table(timers, Stamp::records(state.as_of(), state.options().demo)))
}

/// Tries a dead timer again.
#[utoipa::path(post, operation_id = "retry_timer", path = "/api/v1/timers/{key}/retry", tag = "work", params(("key" = String, Path)),
    responses((status = 200, body = Retried), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn retry(
    State(state): State<AppState>,
    person: Person,
    Path(key): Path<String>,
) -> Result<Json<Retried>, ServerError> {
    person.need(Right::JobWrite)?;
    let retried = state.store().retry_timer(&key, now()).await?;
    tracing::info!(timer = %crate::auth::plain(&key), account = %person.account(), retried, "a dead timer is to be tried again");
    Ok(Json(Retried { retried }))
}

impl From<Timer> for TimerLine {
    fn from(timer: Timer) -> TimerLine {
        TimerLine {
            key: timer.key,
            due: timer.due,
            action: timer.action,
            state: word(timer.state),
            attempts: timer.attempts,
            claimed_by: timer.claimed_by,
            last_error: timer.last_error,
        }
    }
}

fn table(timers: &Timers, stamp: Stamp) -> Table {
    let columns = ["key", "due", "action", "state", "attempts", "last_error"];
    let row = |timer: &TimerLine| {
        vec![
            timer.key.clone().into(),
            timer.due.to_string().into(),
            timer.action.clone().into(),
            timer.state.into(),
            timer.attempts.into(),
            timer.last_error.clone().into(),
        ]
    };
    Table {
        title: "定时器".into(),
        file: "timers".into(),
        stamp,
        columns: columns.map(String::from).to_vec(),
        rows: timers.items.iter().map(row).collect(),
    }
}
