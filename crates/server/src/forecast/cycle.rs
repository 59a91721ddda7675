//! The issue cycle (起报周期): a run when an hour of data has come, and the daily runs that verification lacks.

use super::days::first_hour;
use super::past::stored_days;
use super::runs::{ISSUE_LABEL, ensure_run, issue_shown, make_stored};
use crate::auth::now;
use crate::sight::Sight;
use crate::{AppState, ServerError};
use serde_json::{Value, json};
use units::{BeijingDay, BeijingHour};

/// Makes the run of one hour (逐时起报).
pub(crate) const ISSUE: &str = "forecast.issue";
/// Makes the daily runs of the days before an issue (补算).
pub(crate) const BACKFILL: &str = "forecast.backfill";

/// Days before the issue shown whose daily runs verification looks at.
pub(crate) const BACKFILL_DAYS: i32 = 30;
/// Runs of other hours than the daily one are kept for so many days.
const HOURLY_KEPT_DAYS: i64 = 14;

/// How runs come to be (起报设置).
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ForecastOptions {
    /// Whether a run is made for every hour whose data have come, and not only when somebody asks.
    pub hourly: bool,
}

impl Default for ForecastOptions {
    fn default() -> Self {
        ForecastOptions { hourly: true }
    }
}

/// Asks for the run of the hour shown once the hour before it has been observed; true when nothing is left to ask.
pub(crate) async fn ask_issue(state: &AppState, at: BeijingHour) -> Result<bool, ServerError> {
    let newest = Sight::now(state).latest_hour().await?;
    if newest.is_none_or(|newest| newest < at - 1) {
        return Ok(false);
    }
    state.store().enqueue(&format!("{ISSUE}:{at}"), ISSUE, &json!({ "issue": at }), now(), now()).await?;
    Ok(true)
}

/// The run of the hour that was asked for; one that is stored is not made again.
pub(crate) async fn issue(state: AppState, payload: Value) -> Result<(), ServerError> {
    ensure_run(&state, hour(&payload)?, &mut |_| {}).await.map(drop)
}

/// Asks for the daily runs before the one shown, once for each day shown.
pub async fn ask_backfill(state: &AppState) -> Result<(), ServerError> {
    let issue = issue_shown(state.as_of());
    let (first, last) = backfilled(issue);
    if stored_days(state, first, last).await?.len() < BACKFILL_DAYS as usize {
        let (key, payload) = (format!("{BACKFILL}:{issue}"), json!({ "issue": issue }));
        state.store().enqueue(&key, BACKFILL, &payload, now(), now()).await?;
    }
    Ok(())
}

/// Makes the daily runs that are missing, the latest first, each from what was known then.
///
/// A day that cannot be forecast for want of observations is told and passed over.
pub(crate) async fn backfill(state: AppState, payload: Value) -> Result<(), ServerError> {
    let (first, last) = backfilled(hour(&payload)?);
    let stored = stored_days(&state, first, last).await?;
    let days = (first.index()..=last.index()).rev().map(BeijingDay::from_index);
    let (mut made, mut failed) = (0, 0);
    for day in days.filter(|day| !stored.contains(day)) {
        let issue = first_hour(day) + (ISSUE_LABEL - 1);
        match make_stored(&state, issue).await {
            Ok(new) => made += usize::from(new),
            Err(error @ (ServerError::Forecast(_) | ServerError::NoRun(_))) => {
                tracing::warn!(issue = %issue, "a past run could not be made: {error}");
                failed += 1;
            }
            Err(error) => return Err(error),
        }
    }
    tracing::info!(made, failed, "daily runs of the past were made");
    Ok(())
}

/// Forgets runs of other hours than the daily one that are long past; they can be made again.
pub(crate) async fn thin(state: &AppState) -> Result<u64, ServerError> {
    let before = state.as_of() - HOURLY_KEPT_DAYS * 24;
    Ok(state.store().forget_runs_but(ISSUE_LABEL as u8, before).await?)
}

fn backfilled(issue: BeijingHour) -> (BeijingDay, BeijingDay) {
    (issue.day() - BACKFILL_DAYS, issue.day() - 1)
}

fn hour(payload: &Value) -> Result<BeijingHour, ServerError> {
    let text = payload["issue"].as_str().and_then(|text| text.parse().ok());
    text.ok_or_else(|| ServerError::Broken(format!("work without an issue time: {payload}")))
}
