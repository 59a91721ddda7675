//! Which run a question is about.

use super::runs::run_of;
use super::{Found, Issued, issue_shown, pending};
use crate::{AppState, ServerError};
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use units::BeijingHour;
use utoipa::IntoParams;

/// A run by its issue time.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct IssueQuery {
    /// Issue time, any full hour up to the one shown; when left out the daily run.
    #[param(value_type = Option<String>, format = DateTime)]
    issue: Option<BeijingHour>,
    /// `json`, `csv` or `xlsx`; `Accept` works too.
    #[serde(rename = "format")]
    #[param(value_type = Option<String>)]
    _format: Option<String>,
}

/// The run that was asked for, or what is answered instead of it.
pub(super) enum Asked {
    Run(Arc<Issued>),
    Instead(Response),
}

impl IssueQuery {
    /// The run; one that was never made begins to be made. Refuses `A-101` for an issue after the hour shown.
    pub(super) async fn run(&self, state: &AppState) -> Result<Asked, ServerError> {
        asked(state, self.issue).await
    }
}

/// The run of an issue time, of `None` the daily one shown.
pub(super) async fn asked(state: &AppState, issue: Option<BeijingHour>) -> Result<Asked, ServerError> {
    let as_of = state.as_of();
    let issue = issue.unwrap_or(issue_shown(as_of));
    if issue > as_of {
        return Err(ServerError::BadQuery(format!("the issue {issue} lies after {as_of}, the hour shown")));
    }
    match run_of(state, issue).await? {
        Found::Ready(issued) => Ok(Asked::Run(issued)),
        Found::Pending => Ok(Asked::Instead(pending(issue))),
        Found::Failed(reason) => Err(ServerError::NoRun(reason)),
    }
}
