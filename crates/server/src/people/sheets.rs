//! Tree and accounts as a workbook: out, in with a dry run, and the copy that marks what was refused.

use super::accounts::personal;
use super::apply::apply;
use crate::auth::{Person, now};
use crate::extract::{Path, Query};
use crate::problem::Problem;
use crate::{AppState, ServerError};
use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use org::xlsx::{AccountRow, CellFault, Changes, Existing, ImportPlan, Sheets};
use org::{Organisation, Right, Scope};
use serde::{Deserialize, Serialize};
use std::time::Instant;
use store::{AccountFilter, OrganisationFilter};
use utoipa::{IntoParams, ToSchema};

/// A workbook larger than this is no list of organisations.
const MOST_BYTES: usize = 10 * 1024 * 1024;
/// Rows read from the store at a time.
const PART: u32 = 1000;
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Whether the workbook is only looked at.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct How {
    /// `true`: nothing is changed, the answer says what would be.
    #[serde(default)]
    dry_run: bool,
}

/// What an import did, or would do.
#[derive(Serialize, ToSchema)]
pub(crate) struct Imported {
    dry_run: bool,
    organisations: Tally,
    accounts: Tally,
    /// Cells that were refused; their rows were left out, and so was what depends on them.
    refused: Vec<RefusedCell>,
    /// Where the workbook lies for an hour, with its refused cells marked; `null` when none was refused.
    returned_copy: Option<String>,
}

/// How many rows of a sheet.
#[derive(Serialize, ToSchema)]
pub(crate) struct Tally {
    created: usize,
    changed: usize,
    unchanged: usize,
}

/// A cell that was refused.
#[derive(Serialize, ToSchema)]
pub(crate) struct RefusedCell {
    sheet: String,
    /// From 1; 0 when the refusal is about no cell.
    row: u32,
    column: String,
    code: String,
    text: String,
    text_en: String,
}

/// Organisations in scope as a workbook, with a sheet of accounts for those who may read accounts.
#[utoipa::path(get, path = "/api/v1/organisations.xlsx", tag = "people",
    responses((status = 200, description = "The workbook", body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn export(State(state): State<AppState>, person: Person) -> Result<Response, ServerError> {
    person.need(Right::OrgRead)?;
    let tree = tree(&state, &person.scope(Right::OrgRead)).await?;
    let accounts = people(&state, &person.scope(Right::AccountRead)).await?;
    workbook(org::xlsx::write(&tree, &accounts).map_err(refused)?, "organisations")
}

/// Founds, renames, moves and closes organisations and opens, changes and closes accounts by a workbook.
///
/// Rows that are in order are done even when others are refused. Sending the same workbook again changes nothing.
#[utoipa::path(post, path = "/api/v1/organisations/import", tag = "people", params(How),
    request_body(content = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    responses((status = 200, body = Imported), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn import(
    State(state): State<AppState>,
    person: Person,
    Query(how): Query<How>,
    body: Body,
) -> Result<Json<Imported>, ServerError> {
    person.need(Right::OrgWrite)?;
    let bytes = to_bytes(body, MOST_BYTES).await.map_err(|_| ServerError::BodyTooLarge(MOST_BYTES))?;
    let sheets = org::xlsx::read(&bytes).map_err(refused)?;
    if sheets.accounts.is_some() {
        person.need(Right::AccountWrite)?;
    }
    // A task of its own, so that a client that goes away does not leave half of it undone.
    let done = tokio::spawn(async move { imported(state, person, sheets, how.dry_run).await }).await;
    done.map_err(|error| ServerError::Broken(format!("the import broke off: {error}")))?.map(Json)
}

/// The workbook that was sent, with its refused cells marked; for whoever sent it, for an hour.
#[utoipa::path(get, path = "/api/v1/organisations/import/{id}", tag = "people", params(("id" = String, Path)),
    responses((status = 200, description = "The workbook", body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn copy(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, ServerError> {
    let bytes = state.copies().get(&id, person.account(), Instant::now());
    let bytes = bytes.ok_or_else(|| ServerError::NotFound(format!("/api/v1/organisations/import/{id}")))?;
    workbook(bytes, "returned")
}

async fn imported(state: AppState, person: Person, sheets: Sheets, dry_run: bool) -> Result<Imported, ServerError> {
    let organisations = tree(&state, &person.scope(Right::OrgWrite)).await?;
    let accounts = people(&state, &person.scope(Right::AccountWrite)).await?;
    let existing = Existing { organisations: &organisations, accounts: &accounts };
    let mut plan = org::xlsx::plan_import(existing, &sheets);
    let tallies = (Tally::of(&plan.organisations), Tally::of(&plan.accounts));
    let tallies = if dry_run { tallies } else { apply(&state, &person, &mut plan).await? };
    let returned_copy = returned(&state, &person, &sheets, &plan)?;
    let (organisations, accounts) = tallies;
    let refused = plan.refused.into_iter().map(RefusedCell::from).collect();
    Ok(Imported { dry_run, organisations, accounts, refused, returned_copy })
}

fn returned(
    state: &AppState,
    person: &Person,
    sheets: &Sheets,
    plan: &ImportPlan,
) -> Result<Option<String>, ServerError> {
    if plan.refused.is_empty() {
        return Ok(None);
    }
    let bytes = org::xlsx::marked_copy(sheets, &plan.refused).map_err(refused)?;
    let id = store::new_id(now());
    state.copies().keep(&id, person.account(), bytes, Instant::now());
    Ok(Some(format!("/api/v1/organisations/import/{id}")))
}

async fn tree(state: &AppState, scope: &Scope) -> Result<Vec<Organisation>, ServerError> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = state.store().organisations(scope, &OrganisationFilter::default(), PART, after.as_deref()).await?;
        all.extend(page.items.into_iter().map(|row| row.organisation));
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

async fn people(state: &AppState, scope: &Scope) -> Result<Vec<AccountRow>, ServerError> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = state.store().accounts(scope, &AccountFilter::default(), PART, after.as_deref()).await?;
        for row in page.items {
            let account = row.account;
            all.push(AccountRow {
                phone: personal(state, &account.phone).await?.unwrap_or_default(),
                mail: personal(state, &account.mail).await?.unwrap_or_default(),
                login: account.login,
                name: account.name,
                organisation: account.organisation,
                active: account.active,
            });
        }
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

fn workbook(bytes: Vec<u8>, name: &str) -> Result<Response, ServerError> {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}.xlsx\""))
        .map_err(|_| ServerError::Broken(format!("not a file name: {name}")))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(XLSX)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, bytes).into_response())
}

fn refused(refusal: org::OrgError) -> ServerError {
    ServerError::Refused(refusal.to_string())
}

impl Tally {
    pub(super) fn of<T>(changes: &Changes<T>) -> Tally {
        Tally { created: changes.create.len(), changed: changes.change.len(), unchanged: changes.unchanged }
    }

    pub(super) fn done(created: usize, changed: usize, unchanged: usize) -> Tally {
        Tally { created, changed, unchanged }
    }
}

impl From<CellFault> for RefusedCell {
    fn from(fault: CellFault) -> RefusedCell {
        let CellFault { sheet, row, column, code, text, text_en } = fault;
        RefusedCell { sheet, row, column, code, text, text_en }
    }
}
