//! Lists of matters: page, count, export, suggestion. All of them are the same question with the same scope.

use super::filter::Asked;
use crate::auth::Person;
use crate::extract::Query;
use crate::list::{Listed, MOST_EXPORTED, Paging};
use crate::people::{Named, Names};
use crate::problem::Problem;
use crate::stamp::Stamp;
use crate::table::{Cell, Shape, Table, answer};
use crate::{AppState, ServerError};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use org::{Right, Secrecy};
use serde::{Deserialize, Serialize};
use store::MatterRow;
use units::{BeijingDay, Instant};
use utoipa::{IntoParams, ToSchema};

/// Suggestions given at a time.
const SUGGESTIONS: u32 = 10;

/// A matter (事项) in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MatterLine {
    pub id: String,
    /// Its number for people.
    pub code: String,
    pub kind: String,
    pub title: String,
    /// `open`, `acknowledged`, `submitted`, `closed`, `cancelled`.
    pub state: String,
    /// Whose it is.
    pub owner: Named,
    /// The account that answers for it.
    pub responsible: Option<Named>,
    pub created_by: Named,
    /// `open`, `internal`, `restricted`.
    #[schema(value_type = String)]
    pub secrecy: Secrecy,
    #[schema(value_type = Option<String>, format = Date)]
    pub due: Option<BeijingDay>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Instant,
    pub version: u64,
}

/// How many matters there are.
#[derive(Serialize, ToSchema)]
pub(crate) struct Counted {
    total: u64,
}

/// What is offered while a code or a title is being typed.
#[derive(Serialize, ToSchema)]
pub(crate) struct Suggested {
    id: String,
    code: String,
    title: String,
}

/// What was typed.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Typed {
    q: String,
}

/// Matters in scope, page by page; all of them as CSV or xlsx.
#[utoipa::path(get, path = "/api/v1/matters", tag = "ledger",
    params(Asked, Paging, ("format" = Option<String>, Query, description = "`json`, `csv` or `xlsx`; the latter two hold all pages")),
    responses((status = 200, body = Listed<MatterLine>), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn matters(
    State(state): State<AppState>,
    person: Person,
    Query(asked): Query<Asked>,
    Query(paging): Query<Paging>,
    shape: Shape,
) -> Result<Response, ServerError> {
    person.need(Right::MatterRead)?;
    let scope = person.scope(Right::MatterRead);
    let Some(filter) = asked.filter(&state, &person).await? else {
        return answer(shape, Listed::whole(Vec::new()), |list| table(list, &state));
    };
    let rows = match shape {
        Shape::Json => {
            let limit = paging.limit()?;
            let page = state.store().matters(&scope, &filter, asked.order()?, limit, paging.cursor()).await?;
            let total = state.store().count_matters(&scope, &filter).await?;
            Listed { items: page.items, total, next: page.next }
        }
        Shape::Csv | Shape::Xlsx => Listed::whole(exported(&state, &person, &asked, &filter).await?),
    };
    let names = Names::of_matters(&rows.items).read(&state).await?;
    answer(shape, rows.map(|row| line(row, &names)), |list| table(list, &state))
}

/// How many matters in scope the same filter keeps.
#[utoipa::path(get, path = "/api/v1/matters/count", tag = "ledger", params(Asked),
    responses((status = 200, body = Counted), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn count(
    State(state): State<AppState>,
    person: Person,
    Query(asked): Query<Asked>,
) -> Result<Json<Counted>, ServerError> {
    person.need(Right::MatterRead)?;
    let total = match asked.filter(&state, &person).await? {
        Some(filter) => state.store().count_matters(&person.scope(Right::MatterRead), &filter).await?,
        None => 0,
    };
    Ok(Json(Counted { total }))
}

/// Matters in scope whose code begins with, or whose code or title contains, what is typed.
#[utoipa::path(get, path = "/api/v1/matters/suggest", tag = "ledger", params(Typed),
    responses((status = 200, body = Listed<Suggested>), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn suggest(
    State(state): State<AppState>,
    person: Person,
    Query(typed): Query<Typed>,
) -> Result<Json<Listed<Suggested>>, ServerError> {
    person.need(Right::MatterRead)?;
    let scope = person.scope(Right::MatterRead);
    let found = state.store().suggest_matters(&scope, &typed.q, SUGGESTIONS).await?;
    let told = |one: store::Suggestion| Suggested { id: one.id.to_string(), code: one.code, title: one.title };
    Ok(Json(Listed::whole(found.into_iter().map(told).collect())))
}

/// Refuses `A-316` more rows than a sheet is for, rather than to leave some out.
async fn exported(
    state: &AppState,
    person: &Person,
    asked: &Asked,
    filter: &store::MatterFilter,
) -> Result<Vec<MatterRow>, ServerError> {
    let mut rows = Vec::new();
    let take = |part: Vec<MatterRow>| {
        rows.extend(part);
        rows.len() <= MOST_EXPORTED
    };
    state.store().export_matters(&person.scope(Right::MatterRead), filter, asked.order()?, take).await?;
    if rows.len() > MOST_EXPORTED { Err(ServerError::TooMuchToExport(MOST_EXPORTED)) } else { Ok(rows) }
}

pub(super) fn line(row: MatterRow, names: &Names) -> MatterLine {
    MatterLine {
        id: row.id.to_string(),
        owner: names.organisation(&row.owner),
        responsible: row.responsible.as_ref().map(|account| names.account(account)),
        created_by: names.account(&row.created_by),
        code: row.code,
        kind: row.kind,
        title: row.title,
        state: row.state,
        secrecy: row.secrecy,
        due: row.due,
        created_at: row.created_at,
        changed_at: row.changed_at,
        version: row.version,
    }
}

fn table(list: &Listed<MatterLine>, state: &AppState) -> Table {
    let columns = [
        "code",
        "kind",
        "title",
        "state",
        "owner",
        "responsible",
        "due",
        "secrecy",
        "created_by",
        "created_at",
        "changed_at",
        "id",
    ];
    let cells = |line: &MatterLine| -> Vec<Cell> {
        vec![
            line.code.clone().into(),
            line.kind.clone().into(),
            line.title.clone().into(),
            line.state.clone().into(),
            line.owner.name.clone().into(),
            line.responsible.as_ref().map(|named| named.name.clone()).into(),
            line.due.map(|day| day.to_string()).into(),
            secrecy(line.secrecy).into(),
            line.created_by.name.clone().into(),
            line.created_at.to_string().into(),
            line.changed_at.to_string().into(),
            line.id.clone().into(),
        ]
    };
    Table {
        title: "事项台账".into(),
        file: "matters".into(),
        stamp: Stamp::records(state.as_of(), state.options().demo),
        columns: columns.map(String::from).to_vec(),
        rows: list.items.iter().map(cells).collect(),
    }
}

fn secrecy(secrecy: Secrecy) -> &'static str {
    match secrecy {
        Secrecy::Open => "公开",
        Secrecy::Internal => "内部",
        Secrecy::Restricted => "限制",
    }
}
