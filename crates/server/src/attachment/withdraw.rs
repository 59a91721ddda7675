use super::receive::{allowed, nothing};
use super::view::AttachmentView;
use crate::auth::{Key, Person, Version};
use crate::extract::{Body, Path};
use crate::problem::Problem;
use crate::{AppState, ServerError};
use ::attachment::{Attachment, Command};
use axum::Json;
use axum::extract::State;
use org::Right;
use serde::Deserialize;
use store::{AttachmentRow, Order};
use utoipa::ToSchema;

/// Why a file is withdrawn.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Withdrawal {
    /// Shown beside it from now on.
    reason: String,
}

/// Withdraws a file: it stays listed and can still be read, with the reason beside it. Nothing is ever deleted.
#[utoipa::path(post, path = "/api/v1/attachments/{id}/withdraw", tag = "attachment", params(("id" = String, Path)),
    request_body = Withdrawal,
    responses((status = 200, body = AttachmentView), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn withdraw(
    State(state): State<AppState>,
    person: Person,
    key: Key,
    version: Version,
    Path(id): Path<String>,
    Body(Withdrawal { reason }): Body<Withdrawal>,
) -> Result<(Version, Json<AttachmentView>), ServerError> {
    let scope = person.scope(Right::MatterRead);
    let row = state.store().attachment(&scope, &id).await?.ok_or_else(|| nothing(&id))?;
    allowed(&state, &person, &row.matter).await?;
    may_withdraw(&state, &person, &row).await?;
    let order = person.order::<Attachment>(&state, &id, Command::Withdraw { reason: reason.clone() });
    let (key, expected) = (Some(key.as_str()), Some(version.0));
    let order = Order { key, expected, reason: Some(reason.trim()), ..order };
    state.store().execute(order).await?;
    let row = state.store().attachment(&scope, &id).await?.ok_or_else(|| nothing(&id))?;
    Ok((Version(row.version), Json(AttachmentView::read(&state, row).await?)))
}

/// Who added it, or who decides on the matter: nobody else takes away what speaks against him.
async fn may_withdraw(state: &AppState, person: &Person, row: &AttachmentRow) -> Result<(), ServerError> {
    let decides = person.scope(Right::MatterApprove);
    if row.added_by == *person.account() || state.store().sees_matter(&decides, row.matter.as_str()).await? {
        return Ok(());
    }
    Err(ServerError::NotAllowed(Right::MatterApprove))
}
