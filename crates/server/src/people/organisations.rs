//! The organisation tree: lists, single organisations, and what may be changed of them.

use crate::auth::{Key, Person, Version};
use crate::extract::{Body, Path, Query};
use crate::list::{Listed, Paging, read};
use crate::problem::Problem;
use crate::{AppState, ServerError};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use org::{OrgKind, Organisation, OrganisationCommand, Right};
use serde::{Deserialize, Serialize};
use store::{Order, OrganisationFilter, OrganisationRow};
use units::{OrgId, RegionCode};
use utoipa::{IntoParams, ToSchema};

/// An organisation (单位) with its place in the tree now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrganisationLine {
    id: String,
    name: String,
    name_en: String,
    /// `department`, `office`, `commissioner_office`, `affiliated`, `city_bureau`, `county_bureau`, `enterprise`, `team`.
    kind: &'static str,
    /// What it is called in Chinese.
    kind_name: &'static str,
    /// `null` for the root.
    parent: Option<String>,
    /// The ids from the root down, each ended by `/`.
    path: String,
    /// The region it is competent for or lies in.
    region: Option<String>,
    /// The areas of a commissioner office.
    areas: Vec<String>,
    active: bool,
    version: u64,
}

/// Which organisations.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// This one and all below it.
    under: Option<String>,
    /// Directly below this one.
    parent: Option<String>,
    /// A text in id or name.
    q: Option<String>,
    kind: Option<String>,
    active: Option<bool>,
}

/// An organisation to be founded.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewOrganisation {
    #[schema(value_type = String)]
    id: OrgId,
    name: String,
    #[serde(default)]
    name_en: String,
    #[schema(value_type = String)]
    kind: OrgKind,
    /// What it lies under; only the very first organisation of all has nothing above it.
    #[schema(value_type = String)]
    parent: OrgId,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    region: Option<RegionCode>,
    /// Of a commissioner office.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    areas: Vec<OrgId>,
}

/// One change at a time: names, or parent, or areas, or `active: false`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrganisationChange {
    name: Option<String>,
    name_en: Option<String>,
    #[schema(value_type = Option<String>)]
    parent: Option<OrgId>,
    #[schema(value_type = Option<Vec<String>>)]
    areas: Option<Vec<OrgId>>,
    active: Option<bool>,
    /// Why; kept in the event log.
    reason: Option<String>,
}

/// Organisations in scope, in the order of the tree.
#[utoipa::path(get, path = "/api/v1/organisations", tag = "people", params(Wanted, Paging),
    responses((status = 200, body = Listed<OrganisationLine>), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn organisations(
    State(state): State<AppState>,
    person: Person,
    Query(wanted): Query<Wanted>,
    Query(paging): Query<Paging>,
) -> Result<Json<Listed<OrganisationLine>>, ServerError> {
    person.need(Right::OrgRead)?;
    let (scope, limit) = (person.scope(Right::OrgRead), paging.limit()?);
    let Some(filter) = wanted.filter(&state, &person).await? else { return Ok(Json(Listed::whole(Vec::new()))) };
    let page = state.store().organisations(&scope, &filter, limit, paging.cursor()).await?;
    let total = state.store().count_organisations(&scope, &filter).await?;
    Ok(Json(Listed { items: page.items, total, next: page.next }.map(OrganisationLine::from)))
}

/// One organisation. One outside the scope is answered like one that does not exist.
#[utoipa::path(get, path = "/api/v1/organisations/{id}", tag = "people", params(("id" = String, Path)),
    responses((status = 200, body = OrganisationLine), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn organisation(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
) -> Result<(Version, Json<OrganisationLine>), ServerError> {
    person.need(Right::OrgRead)?;
    let row = seen(&state, &person, Right::OrgRead, &id).await?;
    Ok((Version(row.version), Json(row.into())))
}

/// Founds an organisation below one in scope.
#[utoipa::path(post, path = "/api/v1/organisations", tag = "people", request_body = NewOrganisation,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = OrganisationLine), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn found(
    State(state): State<AppState>,
    person: Person,
    key: Key,
    Body(new): Body<NewOrganisation>,
) -> Result<Response, ServerError> {
    person.need(Right::OrgWrite)?;
    let id = new.id.clone();
    seen(&state, &person, Right::OrgWrite, new.parent.as_str()).await.map_err(|_| unknown(&new.parent))?;
    let command = founding(&state, &person, new).await?;
    let order = Order { key: Some(key.as_str()), ..person.order_now::<Organisation>(id.as_str(), command) };
    state.execute(order).await?;
    let row = seen(&state, &person, Right::OrgWrite, id.as_str()).await?;
    Ok((StatusCode::CREATED, Version(row.version), Json(OrganisationLine::from(row))).into_response())
}

/// Renames, moves or closes an organisation, or sets the areas of a commissioner office.
#[utoipa::path(patch, operation_id = "change_organisation", path = "/api/v1/organisations/{id}", tag = "people", request_body = OrganisationChange,
    params(("id" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = OrganisationLine), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn change(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    Version(version): Version,
    Body(change): Body<OrganisationChange>,
) -> Result<(Version, Json<OrganisationLine>), ServerError> {
    person.need(Right::OrgWrite)?;
    let row = seen(&state, &person, Right::OrgWrite, &id).await?;
    let reason = change.reason.clone();
    let command = change.command(&state, &person, row).await?;
    let order = person.order_now::<Organisation>(&id, command);
    state.execute(Order { expected: Some(version), reason: reason.as_deref(), ..order }).await?;
    let row = seen(&state, &person, Right::OrgWrite, &id).await?;
    Ok((Version(row.version), Json(row.into())))
}

/// The organisation, when it lies in the scope of this right; else the same answer as for an id that nobody has.
pub(super) async fn seen(
    state: &AppState,
    person: &Person,
    right: Right,
    id: &str,
) -> Result<OrganisationRow, ServerError> {
    let row = state.store().organisation(&person.scope(right), id).await?;
    row.ok_or_else(|| ServerError::NotFound(format!("/api/v1/organisations/{id}")))
}

/// In the words of the rules, so that an organisation out of scope cannot be told from none.
pub(crate) fn unknown(id: &OrgId) -> ServerError {
    ServerError::Refused(org::OrgError::UnknownOrganisation(id.clone()).to_string())
}

/// All of these when they lie in the scope of this right; refuses like the rules do for one that does not exist.
pub(crate) async fn all_seen(
    state: &AppState,
    person: &Person,
    right: Right,
    ids: &[OrgId],
) -> Result<(), ServerError> {
    let scope = person.scope(right);
    for id in ids {
        if state.store().organisation(&scope, id.as_str()).await?.is_none() {
            return Err(unknown(id));
        }
    }
    Ok(())
}

async fn founding(state: &AppState, person: &Person, new: NewOrganisation) -> Result<OrganisationCommand, ServerError> {
    all_seen(state, person, Right::OrgWrite, &new.areas).await?;
    Ok(OrganisationCommand::Found {
        under: state.store().org_place(&new.parent).await?,
        found: places(state, &new.areas).await?,
        id: new.id,
        name: new.name,
        name_en: new.name_en,
        kind: new.kind,
        parent: Some(new.parent),
        region: new.region,
        areas: new.areas,
    })
}

async fn places(state: &AppState, ids: &[OrgId]) -> Result<Vec<org::Place>, ServerError> {
    let found = state.store().org_places(ids).await?;
    Ok(ids.iter().filter_map(|id| found.get(id).cloned()).collect())
}

impl OrganisationChange {
    /// Refuses `A-102` no change or several kinds of change at once: each is a command of its own.
    async fn command(
        self,
        state: &AppState,
        person: &Person,
        row: OrganisationRow,
    ) -> Result<OrganisationCommand, ServerError> {
        let names = self.name.is_some() || self.name_en.is_some();
        match (names, self.parent, self.areas, self.active) {
            (true, None, None, None) => Ok(OrganisationCommand::Rename {
                name: self.name.unwrap_or(row.organisation.name),
                name_en: self.name_en.unwrap_or(row.organisation.name_en),
            }),
            (false, Some(parent), None, None) => {
                all_seen(state, person, Right::OrgWrite, std::slice::from_ref(&parent)).await?;
                let under = state.store().org_place(&parent).await?;
                Ok(OrganisationCommand::Move { parent, under })
            }
            (false, None, Some(areas), None) => {
                all_seen(state, person, Right::OrgWrite, &areas).await?;
                let found = places(state, &areas).await?;
                Ok(OrganisationCommand::SetAreas { areas, found })
            }
            (false, None, None, Some(false)) => {
                let (organisations, accounts) = state.store().held_by(&row.organisation.id).await?;
                Ok(OrganisationCommand::Close { organisations, accounts })
            }
            _ => Err(ServerError::BadBody(
                "give one change: name and name_en, or parent, or areas, or active: false".into(),
            )),
        }
    }
}

impl Wanted {
    async fn filter(&self, state: &AppState, person: &Person) -> Result<Option<OrganisationFilter>, ServerError> {
        let mut filter = OrganisationFilter {
            parent: read("parent", self.parent.as_deref())?,
            text: self.q.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_string),
            kind: read("kind", self.kind.as_deref())?,
            active: self.active,
            under: None,
        };
        if let Some(under) = self.under.as_deref().filter(|under| !under.is_empty()) {
            match state.store().organisation(&person.scope(Right::OrgRead), under).await? {
                Some(row) => filter.under = Some(row.path),
                None => return Ok(None),
            }
        }
        Ok(Some(filter))
    }
}

impl From<OrganisationRow> for OrganisationLine {
    fn from(row: OrganisationRow) -> OrganisationLine {
        let organisation = row.organisation;
        OrganisationLine {
            id: organisation.id.to_string(),
            name: organisation.name,
            name_en: organisation.name_en,
            kind: organisation.kind.as_str(),
            kind_name: organisation.kind.name(),
            parent: organisation.parent.map(|id| id.to_string()),
            path: row.path.to_string(),
            region: organisation.region.map(|code| code.to_string()),
            areas: organisation.areas.iter().map(OrgId::to_string).collect(),
            active: organisation.active,
            version: row.version,
        }
    }
}
