//! What people change of their own login: the password, and for whom they act.

use super::begin::{Cookies, renew};
use super::me::Me;
use super::now;
use super::origin::Caller;
use super::person::Person;
use crate::extract::Body;
use crate::problem::Problem;
use crate::{AppState, ServerError};
use axum::Json;
use axum::extract::State;
use org::{Account, AccountCommand};
use serde::Deserialize;
use utoipa::ToSchema;

/// The old password and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    old: String,
    new: String,
}

/// For whom to act.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActFor {
    /// A delegation of `acting`; `null` to act for oneself again.
    delegation: Option<String>,
}

/// Changes one's password and ends one's other sessions. Refuses `A-302` when the old one is wrong, `G-305` when the
/// new one is weak.
#[utoipa::path(post, path = "/api/v1/session/password", tag = "session", request_body = NewPassword,
    responses((status = 200, body = Me), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn change_password(
    State(state): State<AppState>,
    person: Person,
    caller: Caller,
    Body(given): Body<NewPassword>,
) -> Result<(Cookies, Json<Me>), ServerError> {
    person.session()?;
    let account = person.stored();
    let house = state.gatehouse();
    house.take_try(&caller.address, &account.login)?;
    let stored = state.store().credential(&account.id).await?.map(|credential| credential.password);
    if !house.passwords.check(given.old, stored).await? {
        return Err(ServerError::WrongLogin);
    }
    org::password::check(&given.new, &account.login)?;
    let hash = house.passwords.hash(given.new).await?;
    state.store().set_password(&account.id, &hash, now()).await?;
    let order = person.order_now::<Account>(account.id.as_str(), AccountCommand::PasswordChanged);
    state.store().execute(order).await?;
    let (person, cookies) = renew(&state, &person, &caller, person.session()?.acting.clone()).await?;
    state.store().end_sessions(person.account(), Some(&person.session()?.id), now()).await?;
    state.newsroom().doubt();
    Ok((cookies, Json(Me::of(&state, &person).await?)))
}

/// Acts for another under a delegation, or for oneself again; the session goes on under a new id.
#[utoipa::path(post, path = "/api/v1/session/acting", tag = "session", request_body = ActFor,
    responses((status = 200, body = Me), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn act_for(
    State(state): State<AppState>,
    person: Person,
    caller: Caller,
    Body(given): Body<ActFor>,
) -> Result<(Cookies, Json<Me>), ServerError> {
    if let Some(id) = &given.delegation
        && !super::me::may_act(&person, id)
    {
        return Err(ServerError::BadSetting("no delegation of this name lets you act for anybody now".into()));
    }
    let (person, cookies) = renew(&state, &person, &caller, given.delegation).await?;
    Ok((cookies, Json(Me::of(&state, &person).await?)))
}
