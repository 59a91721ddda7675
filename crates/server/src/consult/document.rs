//! The sheet of a consultation (会商单), to be saved.

use super::one::{names, remarks};
use super::sheet::{Said, sheet};
use super::subject::Subject;
use crate::auth::Person;
use crate::extract::{Path, Query};
use crate::problem::Problem;
use crate::{AppState, ServerError};
use ::document::docx;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

pub(crate) const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

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
    match shape.format.as_deref() {
        None | Some("docx") => {
            let bytes = tokio::task::spawn_blocking(move || docx(&sheet)).await;
            let bytes = bytes.map_err(|error| ServerError::Broken(format!("a document could not be set: {error}")))?;
            file(bytes.map_err(|error| ServerError::Broken(error.to_string()))?, DOCX, &code, "docx")
        }
        Some("pdf") => file(state.press().pdf(&state, sheet).await?, "application/pdf", &code, "pdf"),
        Some("json") => Ok(Json(sheet).into_response()),
        Some(other) => {
            let other: String = other.chars().take(20).collect();
            Err(ServerError::BadQuery(format!("no format {other:?}; known are docx, pdf, json")))
        }
    }
}

pub(crate) fn file(bytes: Vec<u8>, kind: &'static str, code: &str, ending: &str) -> Result<Response, ServerError> {
    let name = format!("attachment; filename=\"{code}.{ending}\"");
    let name = HeaderValue::from_str(&name).map_err(|_| ServerError::Broken(format!("not a file name: {code}")))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, bytes).into_response())
}
