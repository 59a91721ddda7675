//! What has to be done once a day, whoever asks for it.

use crate::attachment::Folder;
use crate::audit::sign_ended_days;
use crate::auth::now;
use crate::consult::LOOK;
use crate::forecast::thin;
use crate::{AppState, ServerError};
use chrono::TimeDelta;
use serde_json::json;
use std::time::SystemTime;
use units::{BeijingDay, Instant};

/// Signs the roots of the days that have ended (每日存证).
pub(super) const ANCHOR: &str = "audit.anchor";
/// Forgets what is long over (日常清理).
pub(super) const TIDY: &str = "tidy";

/// Ended sessions are kept for so long, for whoever asks where somebody was logged in.
const SESSIONS_KEPT_DAYS: i64 = 90;
/// A command is sent again within seconds; whoever comes after so many days means another one.
const KEYS_KEPT_DAYS: i64 = 30;

/// Asks for the chores of the day by the wall clock; asking again, also from another process, asks for nothing more.
pub(super) async fn ask(state: &AppState, day: BeijingDay, at: Instant) -> Result<(), ServerError> {
    for chore in [ANCHOR, TIDY, LOOK] {
        state.store().enqueue(&format!("{chore}:{day}"), chore, &json!({}), at, at).await?;
    }
    Ok(())
}

/// The first hour of a day still belongs to the day before; what has ended is signed, what runs on is not.
pub(super) async fn anchor(state: AppState) -> Result<(), ServerError> {
    let signed = sign_ended_days(&state).await?;
    tracing::info!(signed, "the roots of the days that have ended were signed");
    Ok(())
}

pub(super) async fn tidy(state: AppState) -> Result<(), ServerError> {
    let before = |days| Instant::from_utc(now().to_utc() - TimeDelta::days(days));
    let sessions = state.store().forget_sessions(before(SESSIONS_KEPT_DAYS)).await?;
    let keys = state.store().forget_commands(before(KEYS_KEPT_DAYS)).await?;
    let files = match state.options().data_dir.as_deref() {
        Some(data) => Folder::within(data).sweep(SystemTime::now()).await?,
        None => 0,
    };
    let runs = thin(&state).await?;
    tracing::info!(sessions, keys, files, runs, "what is long over was forgotten");
    Ok(())
}
