//! The list of consultations: the same question with the same scope, page by page.

use super::one::outside_state;
use super::subject::Subject;
use crate::auth::Person;
use crate::extract::Query;
use crate::list::{Listed, Paging, read, words};
use crate::people::{Named, Names};
use crate::problem::Problem;
use crate::{AppState, ServerError};
use axum::Json;
use axum::extract::State;
use org::Right;
use serde::{Deserialize, Serialize};
use store::{ConsultationFilter, ConsultationRow};
use units::{BeijingDay, BeijingHour, Instant};
use utoipa::{IntoParams, ToSchema};

/// Which consultations a list is about; what is left out does not narrow it.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AskedRooms {
    /// States with commas between them.
    state: Option<String>,
    /// Kinds with commas between them.
    kind: Option<String>,
    /// About the run issued on this day.
    date: Option<String>,
}

/// A consultation in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoomLine {
    id: String,
    code: String,
    #[schema(schema_with = super::words::kind)]
    kind: String,
    #[schema(schema_with = super::words::state)]
    state: String,
    owner: Named,
    #[schema(value_type = String, format = DateTime)]
    issue_time: BeijingHour,
    #[schema(value_type = String, format = DateTime)]
    opened_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    bids_until: Instant,
    /// How many bids there are; `null` where that is not seen.
    bid_count: Option<usize>,
    /// Whether the own bid is in.
    own_bid: bool,
    /// The version of its signed conclusion; 0 for none.
    number: u32,
    #[schema(value_type = String, format = DateTime)]
    changed_at: Instant,
    version: u64,
}

/// Consultations in scope, the newest first.
#[utoipa::path(get, path = "/api/v1/consultations", tag = "consult", params(AskedRooms, Paging),
    responses((status = 200, body = Listed<RoomLine>), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn consultations(
    State(state): State<AppState>,
    person: Person,
    Query(asked): Query<AskedRooms>,
    Query(paging): Query<Paging>,
) -> Result<Json<Listed<RoomLine>>, ServerError> {
    person.need(Right::ConsultRead)?;
    let scope = person.scope(Right::ConsultRead);
    let filter = ConsultationFilter {
        states: words(asked.state.as_deref()),
        kinds: words(asked.kind.as_deref()),
        owner: None,
        issue_day: read::<BeijingDay>("date", asked.date.as_deref())?,
    };
    let page = state.store().consultations(&scope, &filter, paging.limit()?, paging.cursor()).await?;
    let total = state.store().count_consultations(&scope, &filter).await?;
    let names = Names::of(page.items.iter().map(|row| &row.owner), []).read(&state).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        items.push(line(&state, &person, row, &names).await?);
    }
    Ok(Json(Listed { items, total, next: page.next }))
}

async fn line(state: &AppState, person: &Person, row: ConsultationRow, names: &Names) -> Result<RoomLine, ServerError> {
    let subject = Subject::seen(state, person, row.id.as_str()).await?;
    let seen = subject.bids(state, person).await?;
    Ok(RoomLine {
        id: row.id.to_string(),
        owner: names.organisation(&row.owner),
        state: if subject.insider { row.state } else { outside_state(&subject.room).as_str().to_string() },
        bid_count: seen.count,
        own_bid: seen.own.is_some(),
        code: row.code,
        kind: row.kind,
        issue_time: row.issue,
        opened_at: row.opened_at,
        bids_until: row.bids_until,
        number: row.number,
        changed_at: row.changed_at,
        version: row.version,
    })
}
