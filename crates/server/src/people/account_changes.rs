//! What is changed of accounts.

use super::accounts::{AccountDetail, personal, seen, told};
use super::organisations::all_seen;
use crate::auth::{Key, Person, Version, now, one_time_password};
use crate::extract::{Body, Path};
use crate::problem::Problem;
use crate::{AppState, ServerError};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use org::{Account, AccountCommand, Right};
use serde::{Deserialize, Serialize};
use store::{AccountRow, Order};
use units::{AccountId, OrgId};
use utoipa::ToSchema;

const MOST_PERSONAL: usize = 100;

/// An account to be opened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAccount {
    /// The login when left out.
    #[schema(value_type = Option<String>)]
    id: Option<AccountId>,
    login: String,
    name: String,
    #[schema(value_type = String)]
    organisation: OrgId,
    phone: Option<String>,
    mail: Option<String>,
    /// Why; kept in the event log.
    reason: Option<String>,
}

/// What is changed: facts, or `active`; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountChange {
    pub(super) name: Option<String>,
    #[schema(value_type = Option<String>)]
    pub(super) organisation: Option<OrgId>,
    /// An empty text takes the number away.
    pub(super) phone: Option<String>,
    pub(super) mail: Option<String>,
    /// Closes or opens the account again; on its own.
    pub(super) active: Option<bool>,
    /// Why; kept in the event log.
    pub(super) reason: Option<String>,
}

/// A password that is told once and has to be changed at the first login (一次性口令).
#[derive(Serialize, ToSchema)]
pub(crate) struct OneTime {
    account: AccountDetail,
    /// `null` when the command was repeated: it has been told.
    password: Option<String>,
}

/// Opens an account; its first password is told in the answer, once.
#[utoipa::path(post, operation_id = "open_account", path = "/api/v1/accounts", tag = "people", request_body = NewAccount,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = OneTime), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn open(
    State(state): State<AppState>,
    person: Person,
    key: Key,
    Body(new): Body<NewAccount>,
) -> Result<(StatusCode, Version, Json<OneTime>), ServerError> {
    person.need(Right::AccountWrite)?;
    all_seen(&state, &person, Right::AccountWrite, std::slice::from_ref(&new.organisation)).await?;
    let id = id_of(&new)?;
    let (login, place) = (new.login.trim().to_ascii_lowercase(), state.store().org_place(&new.organisation).await?);
    let holder = state.store().account_by_login(&login).await?;
    let command = AccountCommand::Open {
        id: id.clone(),
        login,
        name: new.name,
        organisation: new.organisation,
        phone: None,
        mail: None,
        must_change_password: true,
        place,
        login_taken: holder.is_some_and(|row| row.account.id != id),
    };
    let order = person.order_now::<Account>(id.as_str(), command);
    let order = Order { key: Some(key.as_str()), reason: new.reason.as_deref(), ..order };
    let done = state.execute(order).await?;
    let mut password = None;
    if !done.repeated {
        keep_personal(&state, &person, &done.state, new.phone, new.mail).await?;
        password = Some(set_one_time(&state, &id).await?);
    }
    let (version, Json(account)) = told(&state, &person, id.as_str()).await?;
    Ok((StatusCode::CREATED, version, Json(OneTime { account, password })))
}

/// Changes an account, closes it, or opens it again. A closed account holds nothing and its sessions end.
#[utoipa::path(patch, operation_id = "change_account", path = "/api/v1/accounts/{id}", tag = "people", request_body = AccountChange,
    params(("id" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = AccountDetail), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn change(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    Version(version): Version,
    Body(change): Body<AccountChange>,
) -> Result<(Version, Json<AccountDetail>), ServerError> {
    person.need(Right::AccountWrite)?;
    let row = seen(&state, &person, Right::AccountWrite, &id).await?;
    // Before anything personal is kept: what is refused in the end leaves nothing behind.
    stale(version, &row)?;
    let reason = change.reason.clone();
    let command = change.command(&state, &person, &row.account).await?;
    let closes = command == AccountCommand::Close;
    let order = person.order_now::<Account>(&id, command);
    state.execute(Order { expected: Some(version), reason: reason.as_deref(), ..order }).await?;
    if closes {
        state.store().end_sessions(&row.account.id, None, now()).await?;
        state.newsroom().doubt();
    }
    told(&state, &person, &id).await
}

/// Gives an account a one-time password and ends its sessions.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/reset-password", tag = "people",
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = OneTime), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn reset_password(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    key: Key,
) -> Result<(Version, Json<OneTime>), ServerError> {
    person.need(Right::AccountWrite)?;
    let row = seen(&state, &person, Right::AccountWrite, &id).await?;
    let order = person.order_now::<Account>(&id, AccountCommand::PasswordReset);
    let done = state.execute(Order { key: Some(key.as_str()), ..order }).await?;
    let mut password = None;
    if !done.repeated {
        password = Some(set_one_time(&state, &row.account.id).await?);
        state.store().end_sessions(&row.account.id, None, now()).await?;
        state.newsroom().doubt();
    }
    let (version, Json(account)) = told(&state, &person, &id).await?;
    Ok((version, Json(OneTime { account, password })))
}

/// Unlocks an account before its time.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/unlock", tag = "people",
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = AccountDetail), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn unlock(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    key: Key,
) -> Result<(Version, Json<AccountDetail>), ServerError> {
    person.need(Right::AccountWrite)?;
    seen(&state, &person, Right::AccountWrite, &id).await?;
    let order = person.order_now::<Account>(&id, AccountCommand::Unlock);
    state.execute(Order { key: Some(key.as_str()), ..order }).await?;
    told(&state, &person, &id).await
}

/// Erases phone and mail for good (个人信息删除). The event log keeps only that it was done.
#[utoipa::path(delete, path = "/api/v1/accounts/{id}/personal", tag = "people",
    params(("id" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = AccountDetail), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn erase(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    Version(version): Version,
) -> Result<(Version, Json<AccountDetail>), ServerError> {
    person.need(Right::AccountWrite)?;
    let row = seen(&state, &person, Right::AccountWrite, &id).await?;
    let nothing = || Some(String::new());
    let command =
        AccountCommand::Update { name: None, organisation: None, phone: nothing(), mail: nothing(), place: None };
    let order = person.order_now::<Account>(&id, command);
    state.execute(Order { expected: Some(version), reason: Some("个人信息删除"), ..order }).await?;
    let erased = state.store().erase_personal(&row.account.id, now()).await?;
    tracing::info!(account = %row.account.id, erased, "personal data was erased");
    told(&state, &person, &id).await
}

fn id_of(new: &NewAccount) -> Result<AccountId, ServerError> {
    if let Some(id) = &new.id {
        return Ok(id.clone());
    }
    let refused = || ServerError::Refused(org::OrgError::NotALogin(new.login.chars().take(64).collect()).to_string());
    new.login.trim().to_ascii_lowercase().parse().map_err(|_| refused())
}

fn stale(expected: u64, row: &AccountRow) -> Result<(), ServerError> {
    if expected == row.version {
        return Ok(());
    }
    let stale: store::ExecuteError<org::OrgError> = store::ExecuteError::Stale { expected, found: row.version };
    Err(stale.into())
}

/// A repeated command must not find other references, so that a new account gets its personal data in a second step.
pub(super) async fn keep_personal(
    state: &AppState,
    person: &Person,
    account: &Account,
    phone: Option<String>,
    mail: Option<String>,
) -> Result<(), ServerError> {
    if phone.is_none() && mail.is_none() {
        return Ok(());
    }
    let change = AccountChange { name: None, organisation: None, phone, mail, active: None, reason: None };
    let command = change.command(state, person, account).await?;
    state.execute(person.order_now::<Account>(account.id.as_str(), command)).await?;
    Ok(())
}

async fn set_one_time(state: &AppState, account: &AccountId) -> Result<String, ServerError> {
    let password = one_time_password();
    let hash = state.gatehouse().passwords.hash(password.clone()).await?;
    state.store().set_password(account, &hash, now()).await?;
    Ok(password)
}

impl AccountChange {
    /// Whether any fact is to be changed.
    pub(super) fn says_something(&self) -> bool {
        self.name.is_some() || self.organisation.is_some() || self.phone.is_some() || self.mail.is_some()
    }

    pub(super) async fn command(
        self,
        state: &AppState,
        person: &Person,
        account: &Account,
    ) -> Result<AccountCommand, ServerError> {
        match (self.active, self.says_something()) {
            (Some(true), false) => return Ok(AccountCommand::Reopen),
            (Some(false), false) => return Ok(AccountCommand::Close),
            (None, true) => {}
            _ => return Err(ServerError::BadBody("give facts to be changed, or active alone".into())),
        }
        let mut place = None;
        if let Some(organisation) = &self.organisation {
            all_seen(state, person, Right::AccountWrite, std::slice::from_ref(organisation)).await?;
            place = state.store().org_place(organisation).await?;
        }
        Ok(AccountCommand::Update {
            name: self.name,
            organisation: self.organisation,
            phone: reference(state, account, "phone", self.phone, &account.phone).await?,
            mail: reference(state, account, "mail", self.mail, &account.mail).await?,
            place,
        })
    }
}

/// What the event says of a personal value: a reference; an empty one takes it away; `None` leaves it as it is.
async fn reference(
    state: &AppState,
    account: &Account,
    kind: &'static str,
    value: Option<String>,
    held: &Option<String>,
) -> Result<Option<String>, ServerError> {
    let Some(value) = value.map(|value| value.trim().to_string()) else { return Ok(None) };
    if value.chars().count() > MOST_PERSONAL || value.chars().any(char::is_control) {
        let fault = org::OrgError::BadText { what: kind, most: MOST_PERSONAL };
        return Err(ServerError::Refused(fault.to_string()));
    }
    if value.is_empty() {
        return Ok(Some(value));
    }
    if personal(state, held).await?.as_ref() == Some(&value) {
        return Ok(None);
    }
    Ok(Some(state.store().set_personal(&account.id, kind, &value, now()).await?))
}
