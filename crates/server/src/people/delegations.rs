//! Delegations and acting officers: one account lends roles to another, from a day to a day.

use super::grants::Why;
use super::names::{Named, Names, Unnamed};
use crate::auth::{Key, Person, Version};
use crate::extract::{Body, Path};
use crate::list::Listed;
use crate::problem::Problem;
use crate::{AppState, ServerError, made};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use event::Aggregate;
use org::{Delegation, DelegationCommand, Right};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{Order, Versioned};
use units::{AccountId, BeijingDay, Instant};
use utoipa::ToSchema;

/// More than anybody arranges; the list has no pages.
const MOST: u32 = 500;

/// A delegation (代办、代理).
#[derive(Serialize, ToSchema)]
pub(crate) struct DelegationLine {
    id: String,
    from_account: Named,
    to_account: Named,
    roles: Vec<String>,
    #[schema(value_type = String, format = Date)]
    from: BeijingDay,
    #[schema(value_type = String, format = Date)]
    to: BeijingDay,
    reason: String,
    /// Whether the receiver has to act for the lender to use it.
    acting: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Instant>,
    version: u64,
}

/// A delegation to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDelegation {
    /// Oneself when left out.
    #[schema(value_type = Option<String>)]
    from_account: Option<AccountId>,
    #[schema(value_type = String)]
    to_account: AccountId,
    #[schema(value_type = Vec<String>)]
    roles: BTreeSet<String>,
    #[schema(value_type = String, format = Date)]
    from: BeijingDay,
    #[schema(value_type = String, format = Date)]
    to: BeijingDay,
    reason: String,
    #[serde(default)]
    acting: bool,
}

/// Delegations in scope, and those from and to oneself.
#[utoipa::path(get, path = "/api/v1/delegations", tag = "people",
    responses((status = 200, body = Listed<DelegationLine>), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn delegations(
    State(state): State<AppState>,
    person: Person,
) -> Result<Json<Listed<DelegationLine>>, ServerError> {
    let found = state.store().delegations(&scope(&person), Some(person.account()), MOST).await?;
    let names = names(&found).read(&state).await?;
    Ok(Json(Listed::whole(found.into_iter().map(|one| DelegationLine::of(one, &names)).collect())))
}

/// Lends roles of one's own, or of somebody in scope, to another account.
#[utoipa::path(post, path = "/api/v1/delegations", tag = "people", request_body = NewDelegation,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = DelegationLine), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn delegate(
    State(state): State<AppState>,
    person: Person,
    key: Key,
    Body(new): Body<NewDelegation>,
) -> Result<(StatusCode, Version, Json<DelegationLine>), ServerError> {
    person.need(Right::DelegationWrite)?;
    let from_account = new.from_account.unwrap_or_else(|| person.account().clone());
    let open = open(&state, &person, [&from_account, &new.to_account]).await?;
    let id = made::id_of(Delegation::KIND, &person, &key);
    let reason = new.reason.clone();
    let command = DelegationCommand::Delegate {
        id: id.clone(),
        from_account,
        to_account: new.to_account,
        roles: new.roles,
        from: new.from,
        to: new.to,
        reason: new.reason,
        acting: new.acting,
        open,
    };
    let order = person.order_now::<Delegation>(&id, command);
    state.execute(Order { key: Some(key.as_str()), reason: Some(&reason), ..order }).await?;
    let (version, body) = told(&state, &person, &id).await?;
    Ok((StatusCode::CREATED, version, body))
}

/// Ends a delegation now.
#[utoipa::path(post, path = "/api/v1/delegations/{id}/end", tag = "people", request_body = Why,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = DelegationLine), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn end(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    key: Key,
    Version(version): Version,
    Body(why): Body<Why>,
) -> Result<(Version, Json<DelegationLine>), ServerError> {
    seen(&state, &person, &id).await?;
    let order = person.order_now::<Delegation>(&id, DelegationCommand::End);
    let order = Order { expected: Some(version), key: Some(key.as_str()), reason: why.reason.as_deref(), ..order };
    state.execute(order).await?;
    told(&state, &person, &id).await
}

/// Those who arrange delegations see those of their scope; those who read grants see them too.
fn scope(person: &Person) -> org::Scope {
    let mut scope = person.scope(Right::DelegationWrite);
    person.scope(Right::GrantRead).reaches.into_iter().for_each(|reach| scope.add(reach));
    scope
}

async fn seen(state: &AppState, person: &Person, id: &str) -> Result<Versioned<Delegation>, ServerError> {
    let found = state.store().delegation(&person.scope(Right::DelegationWrite), Some(person.account()), id).await?;
    found.ok_or_else(|| ServerError::NotFound(format!("/api/v1/delegations/{id}")))
}

async fn told(state: &AppState, person: &Person, id: &str) -> Result<(Version, Json<DelegationLine>), ServerError> {
    let found = seen(state, person, id).await?;
    let names = names(std::slice::from_ref(&found)).read(state).await?;
    Ok((Version(found.version), Json(DelegationLine::of(found, &names))))
}

/// Those of the two that are open and within reach: oneself, colleagues, and accounts in scope. Others are refused by
/// the rules like accounts that do not exist.
async fn open(state: &AppState, person: &Person, accounts: [&AccountId; 2]) -> Result<Vec<AccountId>, ServerError> {
    let (scope, mut open) = (person.scope(Right::DelegationWrite), Vec::new());
    for account in state.store().accounts_among(&accounts.map(AccountId::clone)).await? {
        let id = account.account.id;
        let own = id == *person.account();
        let colleague = account.account.organisation == *person.organisation() && id == *accounts[1];
        let near = own || colleague || state.store().account(&scope, id.as_str()).await?.is_some();
        if account.account.active && near {
            open.push(id);
        }
    }
    Ok(open)
}

fn names(found: &[Versioned<Delegation>]) -> Unnamed {
    let accounts = found.iter().flat_map(|one| [&one.state.from_account, &one.state.to_account]);
    Names::of([], accounts)
}

impl DelegationLine {
    fn of(one: Versioned<Delegation>, names: &Names) -> DelegationLine {
        let Versioned { state: lent, version } = one;
        DelegationLine {
            from_account: names.account(&lent.from_account),
            to_account: names.account(&lent.to_account),
            id: lent.id,
            roles: lent.roles.into_iter().collect(),
            from: lent.from,
            to: lent.to,
            reason: lent.reason,
            acting: lent.acting,
            ended_at: lent.ended,
            version,
        }
    }
}
