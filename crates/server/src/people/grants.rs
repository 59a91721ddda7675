//! Grants: proposed by one person, approved by another.

use super::accounts::seen as account_seen;
use super::names::{Named, Names, Unnamed};
use super::organisations::all_seen;
use crate::auth::{Key, Person, Version};
use crate::extract::{Body, Path, Query};
use crate::list::{Listed, Paging, read};
use crate::problem::Problem;
use crate::{AppState, ServerError, made};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use event::Aggregate;
use org::{Grant, GrantCommand, GrantState, Kinds, OrgError, Right, RoleClass, Roles};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{GrantFilter, Order, Versioned};
use units::{AccountId, BeijingDay, Instant, OrgId};
use utoipa::{IntoParams, ToSchema};

/// A grant (授权): an account has a role, for an organisation, from a day to a day.
#[derive(Serialize, ToSchema)]
pub(crate) struct GrantLine {
    id: String,
    account: Named,
    role: String,
    role_name: String,
    role_name_en: String,
    organisation: Named,
    /// Kinds of matter it is for; `null` for all.
    kinds: Option<Vec<String>>,
    #[schema(value_type = String, format = Date)]
    from: BeijingDay,
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<BeijingDay>,
    /// `proposed`, `approved`, `rejected`, `ended`.
    state: &'static str,
    requested_by: Named,
    /// Who approved or rejected it.
    decided_by: Option<Named>,
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Instant>,
    version: u64,
}

/// Which grants.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    account: Option<String>,
    /// `proposed`, `approved`, `rejected`, `ended`.
    state: Option<String>,
    role: Option<String>,
}

/// A grant to be proposed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewGrant {
    #[schema(value_type = String)]
    account: AccountId,
    role: String,
    #[schema(value_type = String)]
    organisation: OrgId,
    /// Kinds of matter; all when left out.
    kinds: Option<BTreeSet<String>>,
    #[schema(value_type = String, format = Date)]
    from: BeijingDay,
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<BeijingDay>,
    /// Why; kept in the event log.
    reason: Option<String>,
}

/// Why; kept in the event log.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Why {
    pub reason: Option<String>,
}

/// Grants in scope.
#[utoipa::path(get, path = "/api/v1/grants", tag = "people", params(Wanted, Paging),
    responses((status = 200, body = Listed<GrantLine>), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn grants(
    State(state): State<AppState>,
    person: Person,
    Query(wanted): Query<Wanted>,
    Query(paging): Query<Paging>,
) -> Result<Json<Listed<GrantLine>>, ServerError> {
    person.need(Right::GrantRead)?;
    let (scope, filter) = (person.scope(Right::GrantRead), wanted.filter()?);
    let page = state.store().grants(&scope, &filter, paging.limit()?, paging.cursor()).await?;
    let total = state.store().count_grants(&scope, &filter).await?;
    let names = names(&page.items).read(&state).await?;
    Ok(Json(Listed { items: page.items, total, next: page.next }.map(|grant| GrantLine::of(grant, &names))))
}

/// Proposes a grant; it holds nothing before another person approves it.
#[utoipa::path(post, path = "/api/v1/grants", tag = "people", request_body = NewGrant,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = GrantLine), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn propose(
    State(state): State<AppState>,
    person: Person,
    key: Key,
    Body(new): Body<NewGrant>,
) -> Result<(StatusCode, Version, Json<GrantLine>), ServerError> {
    person.need(Right::GrantPropose)?;
    let unknown = |_| ServerError::Refused(OrgError::UnknownAccount(new.account.clone()).to_string());
    let row = account_seen(&state, &person, Right::GrantPropose, new.account.as_str()).await.map_err(unknown)?;
    all_seen(&state, &person, Right::GrantPropose, std::slice::from_ref(&new.organisation)).await?;
    let id = made::id_of(Grant::KIND, &person, &key);
    let command = GrantCommand::Propose {
        id: id.clone(),
        held: held(&state, &new.account, &id).await?,
        place: state.store().org_place(&new.organisation).await?,
        account_open: row.account.active,
        account: new.account,
        role: new.role,
        organisation: new.organisation,
        kinds: new.kinds.map_or(Kinds::All, Kinds::Only),
        from: new.from,
        to: new.to,
    };
    let order = person.order_now::<Grant>(&id, command);
    state.execute(Order { key: Some(key.as_str()), reason: new.reason.as_deref(), ..order }).await?;
    let (version, body) = told(&state, &person, Right::GrantPropose, &id).await?;
    Ok((StatusCode::CREATED, version, body))
}

/// `approve`, as a second person; `reject`; or `end` one that holds.
#[utoipa::path(post, path = "/api/v1/grants/{id}/{step}", tag = "people", request_body = Why,
    params(("id" = String, Path), ("step" = String, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = GrantLine), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn decide(
    State(state): State<AppState>,
    person: Person,
    Path((id, step)): Path<(String, String)>,
    key: Key,
    Version(version): Version,
    Body(why): Body<Why>,
) -> Result<(Version, Json<GrantLine>), ServerError> {
    person.need(Right::GrantApprove)?;
    let grant = seen(&state, &person, Right::GrantApprove, &id).await?;
    let command = match step.as_str() {
        "approve" => GrantCommand::Approve { held: held(&state, &grant.state.account, &id).await? },
        "reject" => GrantCommand::Reject,
        "end" => GrantCommand::End,
        _ => return Err(ServerError::NotFound(format!("/api/v1/grants/{id}/{step}"))),
    };
    let order = person.order_now::<Grant>(&id, command);
    let order = Order { expected: Some(version), key: Some(key.as_str()), reason: why.reason.as_deref(), ..order };
    state.execute(order).await?;
    told(&state, &person, Right::GrantApprove, &id).await
}

async fn seen(state: &AppState, person: &Person, right: Right, id: &str) -> Result<Versioned<Grant>, ServerError> {
    let grant = state.store().grant(&person.scope(right), id).await?;
    grant.ok_or_else(|| ServerError::NotFound(format!("/api/v1/grants/{id}")))
}

async fn told(
    state: &AppState,
    person: &Person,
    right: Right,
    id: &str,
) -> Result<(Version, Json<GrantLine>), ServerError> {
    let grant = seen(state, person, right, id).await?;
    let names = names(std::slice::from_ref(&grant)).read(state).await?;
    Ok((Version(grant.version), Json(GrantLine::of(grant, &names))))
}

/// Classes of the roles that the account's other grants give, or would give once approved.
async fn held(state: &AppState, account: &AccountId, but: &str) -> Result<Vec<RoleClass>, ServerError> {
    let grants = state.store().grants_of(std::slice::from_ref(account)).await?;
    let counts = |grant: &&Grant| grant.id != but && matches!(grant.state, GrantState::Proposed | GrantState::Approved);
    let class = |grant: &Grant| Roles::bundled().get(&grant.role).ok().map(|role| role.class);
    Ok(grants.iter().filter(counts).filter_map(class).collect())
}

fn names(grants: &[Versioned<Grant>]) -> Unnamed {
    let grants = || grants.iter().map(|grant| &grant.state);
    let accounts =
        grants().flat_map(|grant| [&grant.account, &grant.requested_by].into_iter().chain(&grant.approved_by));
    Names::of(grants().map(|grant| &grant.organisation), accounts)
}

impl Wanted {
    fn filter(&self) -> Result<GrantFilter, ServerError> {
        let state = match self.state.as_deref() {
            None | Some("") => None,
            Some("proposed") => Some(GrantState::Proposed),
            Some("approved") => Some(GrantState::Approved),
            Some("rejected") => Some(GrantState::Rejected),
            Some("ended") => Some(GrantState::Ended),
            Some(_) => return Err(ServerError::BadQuery("state is proposed, approved, rejected or ended".into())),
        };
        let role = self.role.clone().filter(|role| !role.is_empty());
        Ok(GrantFilter { account: read("account", self.account.as_deref())?, state, role })
    }
}

impl GrantLine {
    fn of(grant: Versioned<Grant>, names: &Names) -> GrantLine {
        let Versioned { state: grant, version } = grant;
        let role = Roles::bundled().get(&grant.role).ok();
        GrantLine {
            account: names.account(&grant.account),
            role_name: role.map_or_else(|| grant.role.clone(), |role| role.name.clone()),
            role_name_en: role.map_or_else(|| grant.role.clone(), |role| role.name_en.clone()),
            organisation: names.organisation(&grant.organisation),
            kinds: match grant.kinds {
                Kinds::All => None,
                Kinds::Only(kinds) => Some(kinds.into_iter().collect()),
            },
            from: grant.from,
            to: grant.to,
            state: grant.state.as_str(),
            requested_by: names.account(&grant.requested_by),
            decided_by: grant.approved_by.as_ref().map(|id| names.account(id)),
            ended_at: grant.ended,
            id: grant.id,
            role: grant.role,
            version,
        }
    }
}
