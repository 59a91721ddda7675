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
use serde::{Deserialize, Serialize};
use store::{Job, WorkState};
use units::Instant;
use utoipa::{IntoParams, ToSchema};

const MOST: u32 = 500;

/// Work for the background, the newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Jobs {
    items: Vec<JobLine>,
    /// How many stand in the state asked for.
    total: u64,
    /// Always `null`: what is older than the newest 500 is done.
    next: Option<String>,
    counts: Counts,
}

/// How many stand where.
#[derive(Serialize, ToSchema)]
pub(crate) struct Counts {
    pending: u64,
    done: u64,
    dead: u64,
    cancelled: u64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct JobLine {
    id: String,
    /// What makes it one and the same job.
    key: String,
    /// Which handler.
    kind: String,
    /// `pending`, `done` or `dead`.
    state: &'static str,
    attempts: u32,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    /// Not before this moment.
    #[schema(value_type = String, format = DateTime)]
    run_after: Instant,
    /// Who works on it now.
    claimed_by: Option<String>,
    last_error: Option<String>,
}

#[derive(Deserialize, IntoParams)]
pub(crate) struct OfState {
    /// `pending`, `done`, `dead` or `cancelled`; all when absent.
    #[param(inline)]
    state: Option<WorkStateName>,
    /// At most this many, up to 500.
    limit: Option<u32>,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WorkStateName {
    Pending,
    Done,
    Dead,
    Cancelled,
}

/// Jobs, the newest first.
#[utoipa::path(get, path = "/api/v1/jobs", tag = "work", params(OfState, ("format" = Option<String>, Query, description = "`json`, `csv` or `xlsx`")),
    responses((status = 200, body = Jobs), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn jobs(
    State(state): State<AppState>,
    person: Person,
    shape: Shape,
    Query(of): Query<OfState>,
) -> Result<Response, ServerError> {
    person.need(Right::JobRead)?;
    let counts = state.store().count_jobs().await?;
    let items = state.store().jobs(of.state(), of.limit()).await?.into_iter().map(JobLine::from).collect();
    let jobs = Jobs { items, total: counts.of(of.state()), next: None, counts: counts.into() };
    answer(shape, jobs, |jobs| table(jobs, Stamp::records(state.as_of(), state.options().demo)))
}

/// Tries a dead job again.
#[utoipa::path(post, operation_id = "retry_job", path = "/api/v1/jobs/{id}/retry", tag = "work", params(("id" = String, Path)),
    responses((status = 200, body = Retried), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn retry(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Json<Retried>, ServerError> {
    person.need(Right::JobWrite)?;
    let retried = state.store().retry_job(&id, now()).await?;
    tracing::info!(job = %crate::auth::plain(&id), account = %person.account(), retried, "a dead job is to be tried again");
    Ok(Json(Retried { retried }))
}

/// Whether something was dead and is tried again now; trying twice does nothing more.
#[derive(Serialize, ToSchema)]
pub(crate) struct Retried {
    pub(super) retried: bool,
}

impl OfState {
    pub(super) fn state(&self) -> Option<WorkState> {
        self.state.map(|name| match name {
            WorkStateName::Pending => WorkState::Pending,
            WorkStateName::Done => WorkState::Done,
            WorkStateName::Dead => WorkState::Dead,
            WorkStateName::Cancelled => WorkState::Cancelled,
        })
    }

    pub(super) fn limit(&self) -> u32 {
        self.limit.unwrap_or(MOST).min(MOST)
    }
}

pub(super) fn word(state: WorkState) -> &'static str {
    match state {
        WorkState::Pending => "pending",
        WorkState::Done => "done",
        WorkState::Dead => "dead",
        WorkState::Cancelled => "cancelled",
    }
}

impl From<store::WorkCounts> for Counts {
    fn from(counts: store::WorkCounts) -> Counts {
        let store::WorkCounts { pending, done, dead, cancelled } = counts;
        Counts { pending, done, dead, cancelled }
    }
}

impl From<Job> for JobLine {
    fn from(job: Job) -> JobLine {
        JobLine {
            id: job.id,
            key: job.key,
            kind: job.kind,
            state: word(job.state),
            attempts: job.attempts,
            created_at: job.created,
            run_after: job.run_after,
            claimed_by: job.claimed_by,
            last_error: job.last_error,
        }
    }
}

fn table(jobs: &Jobs, stamp: Stamp) -> Table {
    let columns = ["id", "key", "kind", "state", "attempts", "created_at", "run_after", "last_error"];
    let row = |job: &JobLine| {
        vec![
            job.id.clone().into(),
            job.key.clone().into(),
            job.kind.clone().into(),
            job.state.into(),
            job.attempts.into(),
            job.created_at.to_string().into(),
            job.run_after.to_string().into(),
            job.last_error.clone().into(),
        ]
    };
    Table {
        title: "后台任务".into(),
        file: "jobs".into(),
        stamp,
        columns: columns.map(String::from).to_vec(),
        rows: jobs.items.iter().map(row).collect(),
    }
}
