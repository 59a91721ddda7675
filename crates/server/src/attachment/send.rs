use super::digest::Growing;
use super::disposition::attachment;
use super::receive::{folder, nothing};
use crate::auth::Person;
use crate::extract::Path;
use crate::problem::Problem;
use crate::{AppState, ServerError};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use event::Digest;
use futures_util::stream;
use org::Right;
use std::io;
use tokio::fs::File;
use tokio::io::AsyncReadExt;

const PIECE: usize = 64 * 1024;

/// The content of a file, to be saved; a browser is told to show and run nothing of it.
///
/// It is checked against its digest on the way: content that was changed on the disk breaks the answer off.
#[utoipa::path(get, path = "/api/v1/attachments/{id}", tag = "attachment", params(("id" = String, Path)),
    responses((status = 200, description = "The file", content_type = "application/octet-stream"),
        (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn content(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, ServerError> {
    let row = state.store().attachment(&person.scope(Right::MatterRead), &id).await?.ok_or_else(|| nothing(&id))?;
    let opened = folder(&state)?.open(&row.digest).await?;
    let missing = || ServerError::Broken(format!("the content of {id} is not in the folder of attachments"));
    let (file, _) = opened.filter(|(_, bytes)| *bytes == row.bytes).ok_or_else(missing)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(row.kind.media_type())),
        (header::CONTENT_LENGTH, HeaderValue::from(row.bytes)),
        (header::CONTENT_DISPOSITION, attachment(&row.name)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, checked(file, row.digest)?).into_response())
}

struct Sending {
    file: File,
    growing: Option<Growing>,
    digest: String,
    held: Option<Bytes>,
}

/// The last piece is held back until the digest has been compared, so that what was changed never looks complete.
fn checked(file: File, digest: String) -> Result<Body, ServerError> {
    let (function, _) = Digest::read(&digest).map_err(|error| ServerError::Broken(error.to_string()))?;
    let sending = Sending { file, growing: Some(Growing::new(function)), digest, held: None };
    Ok(Body::from_stream(stream::try_unfold(sending, |mut sending| async move {
        let piece = sending.next().await?;
        Ok::<_, io::Error>(piece.map(|piece| (piece, sending)))
    })))
}

impl Sending {
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        loop {
            let Some(growing) = self.growing.as_mut() else { return Ok(None) };
            let mut piece = vec![0; PIECE];
            let read = self.file.read(&mut piece).await?;
            if read == 0 {
                return self.last();
            }
            piece.truncate(read);
            growing.update(&piece);
            if let Some(before) = self.held.replace(piece.into()) {
                return Ok(Some(before));
            }
        }
    }

    fn last(&mut self) -> io::Result<Option<Bytes>> {
        let found = self.growing.take().map(Growing::write);
        if found.as_ref() == Some(&self.digest) {
            return Ok(self.held.take());
        }
        tracing::error!(digest = self.digest, "the content of an attachment is not what was taken in");
        Err(io::Error::new(io::ErrorKind::InvalidData, "the content was changed on the disk"))
    }
}
