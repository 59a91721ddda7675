//! Pollution episodes (污染过程): observed ones, and what the members of a run say of the next.

use super::Pending;
use super::asked::{Asked, asked};
use super::days::{courses, definition, observed, whole_days};
use super::history::off_the_reactor;
use super::told::{Definition, ForecastEpisode, ObservedEpisode};
use crate::extract::Query;
use crate::problem::Problem;
use crate::sight::Sight;
use crate::stamp::Stamp;
use crate::{AppState, ServerError};
use ::forecast::episode::{episodes as found, outlooks};
use ::standards::AqiEdition;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use units::BeijingHour;
use utoipa::{IntoParams, ToSchema};

/// Days back from the issue in which observed episodes are told.
const TOLD_DAYS: i32 = 120;

/// Episodes around a run.
#[derive(Serialize, ToSchema)]
pub(crate) struct Episodes {
    stamp: Stamp,
    #[schema(value_type = String, format = DateTime)]
    issue_time: BeijingHour,
    definition: Definition,
    /// Those of the cities, then of the region, each in order of time.
    observed: Vec<ObservedEpisode>,
    /// One of each city, then of the region.
    forecast: Vec<ForecastEpisode>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EpisodeQuery {
    /// Issue time; when left out the daily run.
    #[param(value_type = Option<String>, format = DateTime)]
    issue: Option<BeijingHour>,
    /// `pm25-75`, `pm25-115` (usual) or `pm25-150`.
    definition: Option<String>,
}

/// Observed episodes of the last months and the outlook of a run. 202 while the run is being made.
#[utoipa::path(get, path = "/api/v1/episodes", tag = "forecast", params(EpisodeQuery),
    responses((status = 200, body = Episodes), (status = 202, body = Pending), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn episodes(
    State(state): State<AppState>,
    Query(query): Query<EpisodeQuery>,
) -> Result<Response, ServerError> {
    let definition = definition(query.definition.as_deref())?;
    let issued = match asked(&state, query.issue).await? {
        Asked::Run(issued) => issued,
        Asked::Instead(response) => return Ok(response),
    };
    let issue = issued.run.issue;
    let (seen, last) = (observed(&state, issue.day() - TOLD_DAYS).await?, Sight::now(&state).last_whole_day());
    let stamp = Stamp::forecast(issue, AqiEdition::in_force(issue.day()).id(), state.options().demo);
    let body = off_the_reactor(move || {
        let days = whole_days(&seen, last);
        let outlooks = outlooks(definition, &days, &courses(&issued.run, &seen));
        Episodes {
            stamp,
            issue_time: issue,
            definition: definition.into(),
            observed: found(definition, &days).iter().map(|one| ObservedEpisode::of(definition, one)).collect(),
            forecast: outlooks.iter().map(|one| ForecastEpisode::of(definition, one)).collect(),
        }
    });
    Ok(Json(body.await?).into_response())
}
