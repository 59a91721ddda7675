//! A sheet that is saved: as Word, as PDF, or as the value behind both.

use crate::{AppState, ServerError};
use ::document::{Sheet, docx};
use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// `docx`, `pdf` or `json`; `docx` when left out. The file is named by `code`. Refuses `A-101` another format.
pub(crate) async fn saved(
    state: &AppState,
    sheet: Sheet,
    code: &str,
    format: Option<&str>,
) -> Result<Response, ServerError> {
    match format {
        None | Some("docx") => {
            let bytes = tokio::task::spawn_blocking(move || docx(&sheet)).await;
            let bytes = bytes.map_err(|error| ServerError::Broken(format!("a document could not be set: {error}")))?;
            file(bytes.map_err(|error| ServerError::Broken(error.to_string()))?, DOCX, code, "docx")
        }
        Some("pdf") => file(state.press().pdf(state, sheet).await?, "application/pdf", code, "pdf"),
        Some("json") => Ok(Json(sheet).into_response()),
        Some(other) => {
            let other: String = other.chars().take(20).collect();
            Err(ServerError::BadQuery(format!("no format {other:?}; known are docx, pdf, json")))
        }
    }
}

fn file(bytes: Vec<u8>, kind: &'static str, code: &str, ending: &str) -> Result<Response, ServerError> {
    let name = format!("attachment; filename=\"{code}.{ending}\"");
    let name = HeaderValue::from_str(&name).map_err(|_| ServerError::Broken(format!("not a file name: {code}")))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, bytes).into_response())
}
