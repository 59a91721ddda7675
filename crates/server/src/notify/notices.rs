use super::shown::{Shown, shown};
use crate::auth::{Person, now};
use crate::extract::{Path, Query};
use crate::list::Paging;
use crate::problem::Problem;
use crate::{AppState, ServerError};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use units::Instant;
use utoipa::{IntoParams, ToSchema};

/// An entry of one's own list (站内通知).
#[derive(Serialize, ToSchema)]
pub(crate) struct Notice {
    id: String,
    template: String,
    #[serde(flatten)]
    shown: Shown,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = Option<String>, format = DateTime)]
    read_at: Option<Instant>,
}

/// A page of one's own list.
#[derive(Serialize, ToSchema)]
pub(crate) struct Notices {
    items: Vec<Notice>,
    /// How many the filter keeps.
    total: u64,
    /// How many are unread, whatever the filter.
    unread: u64,
    next: Option<String>,
}

#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct NoticeQuery {
    /// Only those not read yet.
    #[serde(default)]
    unread: bool,
}

/// One's own notices, the newest first. Nobody sees another one's.
#[utoipa::path(get, path = "/api/v1/notices", tag = "notify", params(NoticeQuery, Paging),
    responses((status = 200, body = Notices), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn notices(
    State(state): State<AppState>,
    person: Person,
    Query(query): Query<NoticeQuery>,
    Query(paging): Query<Paging>,
) -> Result<Json<Notices>, ServerError> {
    let store = state.store();
    let page = store.notices(person.account(), query.unread, paging.limit()?, paging.cursor()).await?;
    let (all, unread) = store.count_notices(person.account()).await?;
    let items = page.items.into_iter().map(|row| Notice {
        shown: shown(&row.template, &row.values),
        id: row.id,
        template: row.template,
        created_at: row.created,
        read_at: row.read_at,
    });
    let total = if query.unread { unread } else { all };
    Ok(Json(Notices { items: items.collect(), total, unread, next: page.next }))
}

/// Marks one of one's own notices as read; again is nothing.
#[utoipa::path(post, path = "/api/v1/notices/{id}/read", tag = "notify", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn read(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
) -> Result<StatusCode, ServerError> {
    if !state.store().owns_notice(person.account(), &id).await? {
        return Err(ServerError::NotFound("/api/v1/notices".into()));
    }
    state.store().read_notices(person.account(), Some(&id), now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Marks all of one's own notices as read.
#[utoipa::path(post, path = "/api/v1/notices/read-all", tag = "notify",
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn read_all(State(state): State<AppState>, person: Person) -> Result<StatusCode, ServerError> {
    state.store().read_notices(person.account(), None, now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
