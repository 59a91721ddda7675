//! 预报 · forecast runs, shown by city and product; episodes, analogs, changes; verification and scorecards.

mod analog_notes;
mod analogs;
mod asked;
mod authors;
mod changes;
mod course;
mod cycle;
mod days;
mod definitions;
mod episodes;
mod event_scores;
mod guidance;
mod history;
mod kept;
mod models;
mod named;
mod pairs;
mod past;
mod past_bids;
mod products;
mod runs;
mod scorecards;
mod scored;
pub(crate) mod skill;
mod told;
mod verification;
mod view;
mod watch;

use crate::AppState;
pub(crate) use analogs::AnalogBook;
pub(crate) use authors::author;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
pub(crate) use course::{Courses, figures, indices};
pub(crate) use cycle::{BACKFILL, ISSUE, ask_issue, backfill, issue, thin};
pub use cycle::{ForecastOptions, ask_backfill};
pub(crate) use guidance::{Arrived, guidance_at};
pub(crate) use history::{load as load_history, observed_before, off_the_reactor, stored as stored_run};
pub(crate) use kept::Kept;
pub(crate) use models::ModelBook;
pub(crate) use past::PastBook;
pub(crate) use past_bids::past_bids;
pub(crate) use runs::{Found, RunBook, RunStatus, run_shown, run_status};
pub use runs::{Issued, ensure_run, issue_shown};
pub(crate) use scorecards::CardBook;
use serde::Serialize;
use units::BeijingHour;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
pub(crate) use verification::VerificationBook;

/// A step of making a run, for whoever waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Observations are read.
    Loading,
    /// A model is trained on this many hours.
    Training {
        /// Hours of history.
        hours: usize,
    },
    /// The run is computed.
    Issuing,
}

/// A run that is still being made; ask again, or wait for the `run` event.
#[derive(Serialize, ToSchema)]
pub(crate) struct Pending {
    /// Always `pending`.
    state: &'static str,
    #[schema(value_type = String, format = DateTime)]
    issue_time: BeijingHour,
}

/// 202 for a run that is being made.
pub(crate) fn pending(issue_time: BeijingHour) -> Response {
    let body = Pending { state: "pending", issue_time };
    (StatusCode::ACCEPTED, Json(body)).into_response()
}

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(view::city_forecast))
        .routes(routes!(products::products))
        .routes(routes!(models::models))
        .routes(routes!(changes::changes))
        .routes(routes!(episodes::episodes))
        .routes(routes!(analogs::analogs))
        .routes(routes!(verification::verification))
        .routes(routes!(scorecards::scorecards))
}
