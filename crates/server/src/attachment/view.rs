use super::receive::seen;
use crate::auth::Person;
use crate::extract::Query;
use crate::problem::Problem;
use crate::{AppState, ServerError};
use axum::Json;
use axum::extract::State;
use org::Right;
use serde::{Deserialize, Serialize};
use store::AttachmentRow;
use units::Instant;
use utoipa::{IntoParams, ToSchema};

/// The files of a matter.
#[derive(Serialize, ToSchema)]
pub(crate) struct Attachments {
    items: Vec<AttachmentView>,
    total: usize,
    /// Always `null`: a matter has at most some hundred.
    next: Option<String>,
}

/// A file that was added to a matter.
#[derive(Serialize, ToSchema)]
pub(crate) struct AttachmentView {
    pub(super) id: String,
    matter: String,
    /// The name it is listed and sent under.
    name: String,
    /// `jpeg`, `pdf`, `docx` …
    kind: &'static str,
    bytes: u64,
    /// `sha256:…` or `sm3:…` of the content.
    digest: String,
    /// When the photo says it was taken; a claim of the camera.
    #[schema(value_type = Option<String>, format = DateTime)]
    taken_at: Option<Instant>,
    /// Where the photo says it was taken; a claim of the camera.
    position: Option<PositionView>,
    added_by: String,
    #[schema(value_type = String, format = DateTime)]
    added_at: Instant,
    /// Why it was withdrawn; `null` while it stands.
    withdrawn: Option<String>,
    version: u64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct PositionView {
    /// Degrees, east positive.
    lon: f64,
    /// Degrees, north positive.
    lat: f64,
}

#[derive(Deserialize, IntoParams)]
pub(crate) struct OfMatter {
    /// Which matter.
    matter: String,
}

/// The files of a matter, oldest first, withdrawn ones included.
#[utoipa::path(get, path = "/api/v1/attachments", tag = "attachment", params(OfMatter),
    responses((status = 200, body = Attachments), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(state): State<AppState>,
    person: Person,
    Query(of): Query<OfMatter>,
) -> Result<Json<Attachments>, ServerError> {
    let scope = person.scope(Right::MatterRead);
    seen(&state, &scope, &of.matter).await?;
    let items: Vec<_> = state.store().attachments(&scope, &of.matter).await?.into_iter().map(Into::into).collect();
    Ok(Json(Attachments { total: items.len(), items, next: None }))
}

impl From<AttachmentRow> for AttachmentView {
    fn from(row: AttachmentRow) -> AttachmentView {
        AttachmentView {
            id: row.id,
            matter: row.matter.to_string(),
            name: row.name,
            kind: row.kind.code(),
            bytes: row.bytes,
            digest: row.digest,
            taken_at: row.taken_at,
            position: row.position.map(|position| PositionView { lon: position.lon, lat: position.lat }),
            added_by: row.added_by.to_string(),
            added_at: row.added_at,
            withdrawn: row.withdrawn,
            version: row.version,
        }
    }
}
