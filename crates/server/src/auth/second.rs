//! 动态口令 · setting one-time codes up, and taking them away.

use super::begin::{Cookies, renew};
use super::me::Me;
use super::origin::Caller;
use super::person::Person;
use super::{now, qr, totp};
use crate::extract::Body;
use crate::problem::Problem;
use crate::{AppState, ServerError};
use axum::Json;
use axum::extract::State;
use org::{Account, AccountCommand};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the authenticator app is told. Shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewSecret {
    /// To be typed where the picture cannot be read.
    secret: String,
    uri: String,
    /// The QR code as one path of unit squares.
    qr_svg_path: String,
    /// Side of the picture, in units.
    qr_size: i32,
}

/// Six digits of the app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    code: String,
}

/// Makes a secret for the app; it counts once its first code has been given. Refuses `A-315` when codes are set up.
#[utoipa::path(post, path = "/api/v1/session/totp", tag = "session",
    responses((status = 200, body = NewSecret), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn begin(State(state): State<AppState>, person: Person) -> Result<Json<NewSecret>, ServerError> {
    person.session()?;
    let account = person.stored();
    if account.totp {
        return Err(ServerError::BadSetting("one-time codes are set up; take them away first, with a code".into()));
    }
    let secret = totp::new_secret();
    if !state.store().begin_totp(&account.id, &secret).await? {
        return Err(ServerError::BadSetting("an account without a password here has no one-time codes here".into()));
    }
    let uri = totp::uri(&account.login, &secret);
    let (qr_svg_path, qr_size) = qr::svg_path(&uri)?;
    Ok(Json(NewSecret { secret, uri, qr_svg_path, qr_size }))
}

/// Puts the secret in force. Refuses `A-309` for a wrong code.
#[utoipa::path(put, path = "/api/v1/session/totp", tag = "session", request_body = Code,
    responses((status = 200, body = Me), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn confirm(
    State(state): State<AppState>,
    person: Person,
    caller: Caller,
    Body(given): Body<Code>,
) -> Result<(Cookies, Json<Me>), ServerError> {
    let account = person.stored();
    state.gatehouse().take_try(&caller.address, &account.login)?;
    let secret = state.store().credential(&account.id).await?.and_then(|credential| credential.totp_pending);
    let secret =
        secret.ok_or_else(|| ServerError::BadSetting("no secret waits for its first code; begin anew".into()))?;
    let step = totp::step_of(&secret, given.code.trim(), now().to_utc().timestamp()).ok_or(ServerError::WrongCode)?;
    if !state.store().confirm_totp(&account.id, &secret, step).await? {
        return Err(ServerError::WrongCode);
    }
    recorded(&state, &person, AccountCommand::TotpSet, &caller).await
}

/// Takes the codes away, with one of them. Refuses `A-309` for a wrong or used code.
#[utoipa::path(delete, path = "/api/v1/session/totp", tag = "session", request_body = Code,
    responses((status = 200, body = Me), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn clear(
    State(state): State<AppState>,
    person: Person,
    caller: Caller,
    Body(given): Body<Code>,
) -> Result<(Cookies, Json<Me>), ServerError> {
    let account = person.stored();
    state.gatehouse().take_try(&caller.address, &account.login)?;
    let secret = state.store().credential(&account.id).await?.and_then(|credential| credential.totp_secret);
    let secret = secret.ok_or_else(|| ServerError::BadSetting("no one-time codes are set up".into()))?;
    let step = totp::step_of(&secret, given.code.trim(), now().to_utc().timestamp()).ok_or(ServerError::WrongCode)?;
    if !state.store().use_totp_step(&account.id, step).await? {
        return Err(ServerError::WrongCode);
    }
    state.store().clear_totp(&account.id).await?;
    recorded(&state, &person, AccountCommand::TotpCleared, &caller).await
}

/// What proves the account has changed: it is recorded, and the session goes on under a new id.
async fn recorded(
    state: &AppState,
    person: &Person,
    command: AccountCommand,
    caller: &Caller,
) -> Result<(Cookies, Json<Me>), ServerError> {
    state.store().execute(person.order_now::<Account>(person.account().as_str(), command)).await?;
    let (person, cookies) = renew(state, person, caller, person.session()?.acting.clone()).await?;
    Ok((cookies, Json(Me::of(state, &person).await?)))
}
