use crate::auth::{Person, now};
use crate::extract::{Path, Query};
use crate::list::{Listed, Paging};
use crate::problem::Problem;
use crate::{AppState, ServerError};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use notify::ChannelKind;
use org::Right;
use serde::{Deserialize, Serialize};
use store::{DeliveryRow, WorkState};
use units::Instant;
use utoipa::{IntoParams, ToSchema};

/// A delivery (投递), without what it says: that is the recipient's.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeliveryLine {
    id: String,
    /// The channel; empty for a notice that could not be made.
    channel: String,
    #[schema(value_type = String)]
    kind: ChannelKind,
    account: Option<String>,
    digest: bool,
    /// `pending`, `done` or `dead`.
    #[schema(value_type = String)]
    state: WorkState,
    attempts: u32,
    /// Notices it carries.
    parts: u32,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    run_after: Instant,
    #[schema(value_type = Option<String>, format = DateTime)]
    sent_at: Option<Instant>,
    /// What the receiver said when it took it (回执).
    receipt: Option<String>,
    last_error: Option<String>,
}

#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeliveryQuery {
    /// `pending`, `done` or `dead`.
    #[param(value_type = Option<String>)]
    state: Option<WorkState>,
}

/// Deliveries through the channels in scope, the newest first.
#[utoipa::path(get, path = "/api/v1/deliveries", tag = "notify", params(DeliveryQuery, Paging),
    responses((status = 200, body = Listed<DeliveryLine>), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn deliveries(
    State(state): State<AppState>,
    person: Person,
    Query(query): Query<DeliveryQuery>,
    Query(paging): Query<Paging>,
) -> Result<Json<Listed<DeliveryLine>>, ServerError> {
    person.need(Right::ChannelRead)?;
    let scope = person.scope(Right::ChannelRead);
    let page = state.store().deliveries(&scope, query.state, paging.limit()?, paging.cursor()).await?;
    let total = state.store().count_deliveries(&scope, query.state).await?;
    Ok(Json(Listed { items: page.items.into_iter().map(DeliveryLine::from).collect(), total, next: page.next }))
}

/// Gives a dead delivery another life.
#[utoipa::path(post, operation_id = "retry_delivery", path = "/api/v1/deliveries/{id}/retry", tag = "notify", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn retry(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
) -> Result<StatusCode, ServerError> {
    person.need(Right::ChannelWrite)?;
    let retried = state.store().retry_delivery(&person.scope(Right::ChannelWrite), &id, now()).await?;
    if retried { Ok(StatusCode::NO_CONTENT) } else { Err(ServerError::NotFound("/api/v1/deliveries".into())) }
}

impl From<DeliveryRow> for DeliveryLine {
    fn from(row: DeliveryRow) -> DeliveryLine {
        DeliveryLine {
            id: row.id,
            channel: row.channel,
            kind: row.kind,
            account: row.account,
            digest: row.digest,
            state: row.state,
            attempts: row.attempts,
            parts: row.parts,
            created_at: row.created,
            run_after: row.run_after,
            sent_at: row.sent_at,
            receipt: row.receipt,
            last_error: row.last_error,
        }
    }
}
