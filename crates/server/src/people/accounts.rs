//! Accounts: lists and single accounts. Who sees an account without `account.read` sees its name and post only.

use super::names::{Named, Names};
use crate::auth::{Person, Version};
use crate::extract::{Path, Query};
use crate::list::{Listed, MOST_EXPORTED, Paging};
use crate::problem::Problem;
use crate::stamp::Stamp;
use crate::table::{Cell, Shape, Table, answer};
use crate::{AppState, ServerError};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use org::{Account, Right, Scope};
use serde::{Deserialize, Serialize};
use store::{AccountFilter, AccountRow};
use units::Instant;
use utoipa::{IntoParams, ToSchema};

/// An account (账号).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountLine {
    id: String,
    login: String,
    name: String,
    organisation: Named,
    active: bool,
    /// How the login stands; `null` without `account.read`.
    security: Option<SecurityLine>,
    version: u64,
}

/// How the login of an account stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SecurityLine {
    must_change_password: bool,
    /// Whether one-time codes are set up.
    totp: bool,
    /// Wrong passwords in a row.
    failures: u32,
    #[schema(value_type = Option<String>, format = DateTime)]
    locked_until: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_login: Option<Instant>,
}

/// An account with its personal data (个人信息).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountDetail {
    #[serde(flatten)]
    account: AccountLine,
    /// Masked without `account.read`, except one's own; `null` when there is none or it was erased.
    phone: Option<String>,
    mail: Option<String>,
    /// Whether phone and mail are masked.
    masked: bool,
}

/// Which accounts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Of this organisation or one below it.
    organisation: Option<String>,
    /// A text in login or name.
    q: Option<String>,
    /// Has an approved grant of this role.
    role: Option<String>,
    active: Option<bool>,
}

/// Accounts in scope, in order of login; all of them as CSV or xlsx.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "people",
    params(Wanted, Paging, ("format" = Option<String>, Query, description = "`json`, `csv` or `xlsx`")),
    responses((status = 200, body = Listed<AccountLine>), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn accounts(
    State(state): State<AppState>,
    person: Person,
    Query(wanted): Query<Wanted>,
    Query(paging): Query<Paging>,
    shape: Shape,
) -> Result<Response, ServerError> {
    let right = right(&person)?;
    let scope = person.scope(right);
    let Some(filter) = wanted.filter(&state, &scope, right).await? else {
        return answer(shape, Listed::whole(Vec::new()), |list| table(list, &state));
    };
    let limit = if shape == Shape::Json { paging.limit()? } else { MOST_EXPORTED as u32 };
    let page = state.store().accounts(&scope, &filter, limit, paging.cursor()).await?;
    if shape != Shape::Json && page.next.is_some() {
        return Err(ServerError::TooMuchToExport(MOST_EXPORTED));
    }
    let total = state.store().count_accounts(&scope, &filter).await?;
    let names = Names::of(page.items.iter().map(|row| &row.account.organisation), []).read(&state).await?;
    let full = right == Right::AccountRead;
    let list = Listed { items: page.items, total, next: page.next }.map(|row| AccountLine::of(row, &names, full));
    answer(shape, list, |list| table(list, &state))
}

/// One account. One outside the scope is answered like one that does not exist.
#[utoipa::path(get, path = "/api/v1/accounts/{id}", tag = "people", params(("id" = String, Path)),
    responses((status = 200, body = AccountDetail), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn account(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
) -> Result<(Version, Json<AccountDetail>), ServerError> {
    told(&state, &person, &id).await
}

/// The account as it is now, for whoever has just changed it too.
pub(super) async fn told(
    state: &AppState,
    person: &Person,
    id: &str,
) -> Result<(Version, Json<AccountDetail>), ServerError> {
    let own = person.account().as_str() == id;
    let (row, full) = match state.store().account(&person.scope(Right::AccountRead), id).await? {
        Some(row) => (row, true),
        None if own => (person.standing().account.clone(), true),
        None => (seen(state, person, Right::OrgRead, id).await?, false),
    };
    let names = Names::of([&row.account.organisation], []).read(state).await?;
    let shown = |value: Option<String>| if full { value } else { value.map(|text| masked(&text)) };
    let detail = AccountDetail {
        phone: shown(personal(state, &row.account.phone).await?),
        mail: shown(personal(state, &row.account.mail).await?),
        masked: !full,
        account: AccountLine::of(row, &names, full),
    };
    Ok((Version(detail.account.version), Json(detail)))
}

/// The account, when it lies in the scope of this right; else the same answer as for an id that nobody has.
pub(super) async fn seen(state: &AppState, person: &Person, right: Right, id: &str) -> Result<AccountRow, ServerError> {
    let row = state.store().account(&person.scope(right), id).await?;
    row.ok_or_else(|| ServerError::NotFound(format!("/api/v1/accounts/{id}")))
}

pub(super) async fn personal(state: &AppState, reference: &Option<String>) -> Result<Option<String>, ServerError> {
    match reference {
        Some(reference) => Ok(state.store().personal(reference).await?),
        None => Ok(None),
    }
}

/// Who sees the tree sees who works there; the rest takes `account.read`.
fn right(person: &Person) -> Result<Right, ServerError> {
    if person.may(Right::AccountRead) || !person.may(Right::OrgRead) {
        return person.need(Right::AccountRead).map(|()| Right::AccountRead);
    }
    Ok(Right::OrgRead)
}

/// What is left of a phone number or an address for those who need not have it: enough to recognise, not to use.
fn masked(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let shown = if letters.len() < 8 { 1 } else { 3 };
    let tail = if letters.len() < 8 { 0 } else { 2 };
    let hide = |(n, letter): (usize, &char)| if n < shown || n + tail >= letters.len() { *letter } else { '*' };
    letters.iter().enumerate().map(hide).collect()
}

fn table(list: &Listed<AccountLine>, state: &AppState) -> Table {
    let cells = |line: &AccountLine| -> Vec<Cell> {
        vec![
            line.login.clone().into(),
            line.name.clone().into(),
            line.organisation.id.clone().into(),
            line.organisation.name.clone().into(),
            line.active.to_string().into(),
            line.id.clone().into(),
        ]
    };
    Table {
        title: "账号".into(),
        file: "accounts".into(),
        stamp: Stamp::records(state.as_of(), state.options().demo),
        columns: ["login", "name", "organisation", "organisation_name", "active", "id"].map(String::from).to_vec(),
        rows: list.items.iter().map(cells).collect(),
    }
}

impl Wanted {
    async fn filter(
        &self,
        state: &AppState,
        scope: &Scope,
        right: Right,
    ) -> Result<Option<AccountFilter>, ServerError> {
        let text =
            |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_string);
        // Who holds which role is said to those who may read accounts.
        let role = text(&self.role).filter(|_| right == Right::AccountRead);
        let mut filter = AccountFilter { text: text(&self.q), role, active: self.active, under: None };
        if let Some(under) = text(&self.organisation) {
            match state.store().organisation(scope, &under).await? {
                Some(row) => filter.under = Some(row.path),
                None => return Ok(None),
            }
        }
        Ok(Some(filter))
    }
}

impl AccountLine {
    fn of(row: AccountRow, names: &Names, full: bool) -> AccountLine {
        let account = row.account;
        AccountLine {
            organisation: names.organisation(&account.organisation),
            security: full.then(|| SecurityLine::from(&account)),
            id: account.id.to_string(),
            login: account.login,
            name: account.name,
            active: account.active,
            version: row.version,
        }
    }
}

impl From<&Account> for SecurityLine {
    fn from(account: &Account) -> SecurityLine {
        SecurityLine {
            must_change_password: account.must_change_password,
            totp: account.totp,
            failures: account.failures,
            locked_until: account.locked_until,
            last_login: account.last_login,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn what_is_masked_can_be_recognised_and_not_used() {
        assert_eq!(masked("13812345678"), "138******78");
        assert_eq!(masked("ab@c.cn"), "a******");
        assert_eq!(masked("管理员@example.cn"), "管理员*********cn");
        assert_eq!(masked(""), "");
    }
}
