use super::begin::{Cookies, begin, none};
use super::login::{Attempt, attempt};
use super::me::Me;
use super::origin::Caller;
use super::person::Person;
use super::{cookie, now, secret};
use crate::extract::Body;
use crate::problem::Problem;
use crate::{AppState, ServerError};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;

/// What is given to log in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogIn {
    login: String,
    password: String,
    /// Six digits of the authenticator app, once `needs` has asked for them.
    totp: Option<String>,
}

/// Logs in, under a new session id.
///
/// Refuses `A-302` whatever was wrong, `A-303` when a one-time code is needed, `A-304` while locked, `A-305` after too
/// many tries.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = LogIn,
    responses((status = 200, body = Me), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn log_in(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Body(given): Body<LogIn>,
) -> Result<(Cookies, Json<Me>), ServerError> {
    let given = Attempt { login: &given.login, password: &given.password, code: given.totp.as_deref() };
    let account = attempt(&state, &given, &caller).await?;
    let old = cookie::of(&headers, cookie::SESSION).map(secret::digest);
    let (person, cookies) = begin(&state, &account.id, &caller, old.as_deref()).await?;
    Ok((cookies, Json(Me::of(&state, &person).await?)))
}

/// Who is logged in. Refuses `A-301`.
#[utoipa::path(get, path = "/api/v1/session", tag = "session",
    responses((status = 200, body = Me), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn session(State(state): State<AppState>, person: Person) -> Result<Json<Me>, ServerError> {
    Ok(Json(Me::of(&state, &person).await?))
}

/// Logs out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session",
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn log_out(
    State(state): State<AppState>,
    person: Person,
) -> Result<(StatusCode, Cookies), ServerError> {
    state.store().end_session(&person.session()?.id, now()).await?;
    state.newsroom().doubt();
    Ok((StatusCode::NO_CONTENT, none(&state)))
}
