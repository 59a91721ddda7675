//! How the chain stands: checked on demand, its root signed outside the database.

use crate::auth::{Person, now};
use crate::problem::Problem;
use crate::{AppState, ServerError};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use event::{Algorithm, Anchor, Detached, Verdict};
use org::Right;
use serde::Serialize;
use std::sync::Mutex;
use std::time::Duration;
use store::{AnchorFolder, random_secret};
use units::{BeijingDay, Instant};
use utoipa::ToSchema;

/// How long a check is waited for before the answer says that it still runs.
const WAIT: Duration = Duration::from_secs(5);

/// How the chain stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChainLine {
    last_seq: i64,
    last_hash: String,
    /// The hash function of the records to come.
    digest: String,
    /// Signed roots outside the database.
    anchors: usize,
    last_anchor: Option<AnchorLine>,
    /// The last check by this server since it began; `null` before.
    verified: Option<Verified>,
    /// Whether a check is running.
    running: bool,
}

/// The last signed root.
#[derive(Serialize, ToSchema)]
pub(crate) struct AnchorLine {
    #[schema(value_type = String, format = Date)]
    day: BeijingDay,
    last_seq: i64,
    /// Signature algorithm.
    algorithm: String,
    key_id: String,
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
}

/// What a check found.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct Verified {
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    ok: bool,
    /// Records found in order.
    checked: u64,
    /// The first thing that is wrong, in words.
    fault: Option<String>,
}

/// Checks of the chain by this server (链校验); one at a time.
#[derive(Default)]
pub(crate) struct Inspection(Mutex<Progress>);

#[derive(Default)]
struct Progress {
    running: bool,
    last: Option<Verified>,
}

/// How the chain stands: its end, its signed roots, and what the last check found.
#[utoipa::path(get, path = "/api/v1/audit/state", tag = "audit",
    responses((status = 200, body = ChainLine), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn chain(State(state): State<AppState>, person: Person) -> Result<Json<ChainLine>, ServerError> {
    person.need(Right::AuditRead)?;
    told(&state).await.map(Json)
}

/// Checks the whole log in the background. A check that is not done within some seconds is answered with 202.
#[utoipa::path(post, path = "/api/v1/audit/verify", tag = "audit",
    responses((status = 200, body = ChainLine), (status = 202, body = ChainLine), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn verify(
    State(state): State<AppState>,
    person: Person,
) -> Result<(StatusCode, Json<ChainLine>), ServerError> {
    person.need(Right::AuditRead)?;
    inspected(state, false).await
}

/// Signs the root of what has been written up to now, after checking it.
#[utoipa::path(post, path = "/api/v1/audit/anchor", tag = "audit",
    responses((status = 200, body = ChainLine), (status = 202, body = ChainLine), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn anchor(
    State(state): State<AppState>,
    person: Person,
) -> Result<(StatusCode, Json<ChainLine>), ServerError> {
    person.need(Right::AuditExport)?;
    folder(&state).ok_or(ServerError::NoDataFolder)?;
    inspected(state, true).await
}

async fn inspected(state: AppState, sign: bool) -> Result<(StatusCode, Json<ChainLine>), ServerError> {
    if state.inspection().begin() {
        let inspector = state.clone();
        let run = tokio::spawn(async move {
            let found = inspect(&inspector, sign).await;
            inspector.inspection().end(found);
        });
        // Not done in time is no fault: the check goes on, and the answer says so.
        drop(tokio::time::timeout(WAIT, run).await);
    }
    let told = told(&state).await?;
    Ok((if told.running { StatusCode::ACCEPTED } else { StatusCode::OK }, Json(told)))
}

async fn inspect(state: &AppState, sign: bool) -> Result<Verdict, ServerError> {
    let Some(folder) = folder(state) else { return Ok(state.store().verify(&[], &[]).await?) };
    if sign {
        signed(state, &folder, true).await?;
    }
    Ok(state.store().verify_folder(&folder).await?)
}

/// Signs the roots of the days that have ended in the data folder, and returns how many; none without such a folder.
pub(crate) async fn sign_ended_days(state: &AppState) -> Result<usize, ServerError> {
    match folder(state) {
        Some(folder) => signed(state, &folder, false).await,
        None => Ok(0),
    }
}

async fn signed(state: &AppState, folder: &AnchorFolder, up_to_now: bool) -> Result<usize, ServerError> {
    let signer = folder.signer(algorithm(folder)?, random_secret)?;
    Ok(state.store().export_anchors(folder, &signer, now(), up_to_now).await?.len())
}

/// A signature beside a file that leaves the house. Refuses `A-342` without a data folder to keep the key in.
pub(crate) fn sign_file(state: &AppState, bytes: &[u8]) -> Result<Detached, ServerError> {
    let folder = folder(state).ok_or(ServerError::NoDataFolder)?;
    Ok(Detached::sign(&folder.signer(algorithm(&folder)?, random_secret)?, bytes))
}

/// That of the last root, so that whoever chose another one at the console keeps it.
fn algorithm(folder: &AnchorFolder) -> Result<Algorithm, ServerError> {
    Ok(folder.read()?.last().map_or_else(Algorithm::default, |last| last.algorithm))
}

fn folder(state: &AppState) -> Option<AnchorFolder> {
    state.options().data_dir.as_deref().map(AnchorFolder::in_data)
}

async fn told(state: &AppState) -> Result<ChainLine, ServerError> {
    let end = state.store().chain_state().await?;
    let anchors = folder(state).map_or(Ok(Vec::new()), |folder| folder.read())?;
    let (running, verified) = state.inspection().now();
    Ok(ChainLine {
        last_seq: end.last_seq,
        last_hash: end.last_hash,
        digest: end.digest.code().to_string(),
        anchors: anchors.len(),
        last_anchor: anchors.last().map(AnchorLine::from),
        verified,
        running,
    })
}

impl Inspection {
    /// Whether the caller is to run the check; `false` while one runs.
    fn begin(&self) -> bool {
        let mut progress = self.0.lock().expect("no one panics while holding the progress");
        !std::mem::replace(&mut progress.running, true)
    }

    /// A check that could not be made is told like one that failed: nobody may take silence for a good end.
    fn end(&self, found: Result<Verdict, ServerError>) {
        let (ok, checked, fault) = match found {
            Ok(verdict) => (verdict.holds(), verdict.checked, verdict.fault.map(|fault| fault.to_string())),
            Err(error) => (false, 0, Some(error.to_string())),
        };
        let mut progress = self.0.lock().expect("no one panics while holding the progress");
        *progress = Progress { running: false, last: Some(Verified { at: now(), ok, checked, fault }) };
    }

    fn now(&self) -> (bool, Option<Verified>) {
        let progress = self.0.lock().expect("no one panics while holding the progress");
        (progress.running, progress.last.clone())
    }
}

impl From<&Anchor> for AnchorLine {
    fn from(anchor: &Anchor) -> AnchorLine {
        AnchorLine {
            day: anchor.day,
            last_seq: anchor.last_seq,
            algorithm: anchor.algorithm.code().to_string(),
            key_id: anchor.key_id.clone(),
            at: anchor.at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_check_at_a_time_and_a_failed_one_is_no_good_end() {
        let inspection = Inspection::default();
        assert!(inspection.begin() && !inspection.begin());
        inspection.end(Err(ServerError::Broken("x".into())));
        let (running, last) = inspection.now();
        assert!(!running && !last.unwrap().ok && inspection.begin());
    }
}
