use super::receive::seen;
use crate::auth::Person;
use crate::extract::Query;
use crate::people::{Named, Names};
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
    added_by: Named,
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
    let items = views(&state, state.store().attachments(&scope, &of.matter).await?).await?;
    Ok(Json(Attachments { total: items.len(), items, next: None }))
}

/// What is told of files, with the names of those who added them.
async fn views(state: &AppState, rows: Vec<AttachmentRow>) -> Result<Vec<AttachmentView>, ServerError> {
    let names = Names::of([], rows.iter().map(|row| &row.added_by)).read(state).await?;
    Ok(rows.into_iter().map(|row| AttachmentView::of(row, &names)).collect())
}

impl AttachmentView {
    /// One file, with the name of who added it.
    pub(super) async fn read(state: &AppState, row: AttachmentRow) -> Result<AttachmentView, ServerError> {
        let names = Names::of([], [&row.added_by]).read(state).await?;
        Ok(AttachmentView::of(row, &names))
    }

    /// One file, when the names are at hand.
    pub(crate) fn of(row: AttachmentRow, names: &Names) -> AttachmentView {
        AttachmentView {
            id: row.id,
            matter: row.matter.to_string(),
            name: row.name,
            kind: row.kind.code(),
            bytes: row.bytes,
            digest: row.digest,
            taken_at: row.taken_at,
            position: row.position.map(|position| PositionView { lon: position.lon, lat: position.lat }),
            added_by: names.account(&row.added_by),
            added_at: row.added_at,
            withdrawn: row.withdrawn,
            version: row.version,
        }
    }
}
