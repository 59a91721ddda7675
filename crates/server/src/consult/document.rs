//! The sheet of a consultation (会商单), to be saved.

use super::one::{names, remarks};
use super::sheet::{Said, sheet};
use super::subject::Subject;
use crate::auth::Person;
use crate::extract::{Path, Query};
use crate::paper::saved;
use crate::problem::Problem;
use crate::{AppState, ServerError};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

/// In which shape.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Shape {
    /// `docx`, `pdf` or `json`; `docx` when left out.
    format: Option<String>,
}

/// The sheet of a consultation with what the person sees of it: bids that are hidden are no part of it.
#[utoipa::path(get, operation_id = "consultation_document", path = "/api/v1/consultations/{id}/document", tag = "consult",
    params(("id" = String, Path), Shape),
    responses((status = 200, description = "The sheet", content_type = "application/octet-stream"),
        (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn document(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    Query(shape): Query<Shape>,
) -> Result<Response, ServerError> {
    let subject = Subject::seen(&state, &person, &id).await?;
    let seen = subject.bids(&state, &person).await?;
    let remarks = if subject.insider { remarks(&state, &subject.room).await? } else { Vec::new() };
    let names = names(&subject.room, &seen.bids, &remarks).read(&state).await?;
    let room = &subject.room;
    let remarks = remarks.into_iter().map(|remark| remark.told(room, &names)).collect();
    let said = Said { bids: seen.bids, remarks, inside: subject.insider };
    let sheet = sheet(room, &said, &names, state.options().demo);
    let code = room.code.clone();
    saved(&state, sheet, &code, shape.format.as_deref()).await
}
