use super::folder::{Folder, Received};
use super::view::AttachmentView;
use crate::auth::{Key, Person, Version};
use crate::extract::Query;
use crate::problem::Problem;
use crate::{AppState, ServerError, made};
use ::attachment::{Attachment, Command, File, Kind, Photo};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use event::Aggregate;
use futures_util::StreamExt;
use ledger::{LedgerError, Matter, MatterCommand, Step};
use org::{Right, Scope};
use serde::Deserialize;
use std::io::BufReader;
use std::time::Duration;
use store::Order;
use units::MatterId;
use utoipa::IntoParams;

/// An upload from which nothing comes for so long has been given up by its sender.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Deserialize, IntoParams)]
pub(crate) struct To {
    /// The matter it is evidence for.
    #[param(value_type = String)]
    matter: MatterId,
    /// The name of the file; parts of a path and hidden letters are taken off.
    name: String,
}

/// Adds a file to a matter; the body is the file itself.
///
/// Taken are photos, pictures, films, PDF, Word and Excel documents without macros, CSV, text and zip, told by their
/// content. Refuses `A-421` to `A-429`; nothing is kept then, nor of an upload that breaks off.
#[utoipa::path(post, path = "/api/v1/attachments", tag = "attachment", params(To),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = AttachmentView), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn add(
    State(state): State<AppState>,
    person: Person,
    key: Key,
    Query(to): Query<To>,
    body: Body,
) -> Result<(StatusCode, Version, Json<AttachmentView>), ServerError> {
    let matter = allowed(&state, &person, &to.matter).await?;
    let folder = folder(&state)?;
    let received = receive(&state, &folder, body).await?;
    let file = looked_at(&received, to).await?;
    folder.keep(&received).await?;
    let id = commit(&state, &person, &key, &matter, file).await?;
    let row = state.store().attachment(&person.scope(Right::MatterRead), &id).await?.ok_or_else(|| nothing(&id))?;
    Ok((StatusCode::CREATED, Version(row.version), Json(AttachmentView::read(&state, row).await?)))
}

/// Whether this person may add evidence to this matter now; asked before the bytes come, so that nobody waits in vain.
pub(super) async fn allowed(state: &AppState, person: &Person, id: &MatterId) -> Result<Matter, ServerError> {
    seen(state, &person.scope(Right::MatterRead), id.as_str()).await?;
    if !state.store().sees_matter(&person.scope(Right::AttachmentAdd), id.as_str()).await? {
        return Err(ServerError::NotAllowed(Right::AttachmentAdd));
    }
    let (matter, _) = state.store().load::<Matter>(id.as_str()).await?.ok_or_else(|| nothing(id.as_str()))?;
    if Step::Evidence.fits(matter.state) {
        return Ok(matter);
    }
    let refusal = LedgerError::WrongState { state: matter.state.as_str(), step: Step::Evidence.as_str() };
    Err(ServerError::Refused(refusal.to_string()))
}

/// Refuses what is outside the scope in the same words as what does not exist.
pub(super) async fn seen(state: &AppState, scope: &Scope, matter: &str) -> Result<(), ServerError> {
    if state.store().sees_matter(scope, matter).await? { Ok(()) } else { Err(nothing(matter)) }
}

pub(super) fn nothing(id: &str) -> ServerError {
    ServerError::NotFound(id.chars().take(64).collect())
}

pub(super) fn folder(state: &AppState) -> Result<Folder, ServerError> {
    let data = state.options().data_dir.as_deref();
    data.map(Folder::within).ok_or_else(|| ServerError::Broken("this server has no data folder for attachments".into()))
}

async fn receive(state: &AppState, folder: &Folder, body: Body) -> Result<Received, ServerError> {
    let options = &state.options().attachments;
    let mut incoming = folder.begin(options.digest, options.most_bytes).await?;
    let mut pieces = body.into_data_stream();
    let broken =
        |why: String| ServerError::BadBody(format!("the upload broke off ({why}); nothing was kept, send it again"));
    loop {
        let piece = tokio::time::timeout(PATIENCE, pieces.next()).await;
        match piece.map_err(|_| broken(format!("nothing came for {} s", PATIENCE.as_secs())))? {
            Some(Ok(piece)) => incoming.take(&piece).await?,
            Some(Err(error)) => return Err(broken(error.to_string())),
            None => return incoming.finish().await,
        }
    }
}

/// Looking into a file reads all of it, off the threads that answer requests.
async fn looked_at(received: &Received, to: To) -> Result<File, ServerError> {
    let (path, name) = (received.path.clone(), ::attachment::clean(&to.name));
    let looking = tokio::task::spawn_blocking(move || -> Result<(String, Kind, Photo), ServerError> {
        let mut file = BufReader::new(std::fs::File::open(path).map_err(super::folder::failed)?);
        let kind = ::attachment::recognise(&mut file, &name)?;
        let photo = if kind.is_photo() { photo(file) } else { Photo::default() };
        Ok((named(name, kind), kind, photo))
    });
    let (name, kind, photo) = looking.await.map_err(|error| ServerError::Broken(error.to_string()))??;
    Ok(File {
        matter: to.matter,
        digest: received.digest.clone(),
        name,
        kind,
        bytes: received.bytes,
        taken_at: photo.taken_at,
        position: photo.position,
        added_by: None,
    })
}

fn photo(mut file: BufReader<std::fs::File>) -> Photo {
    match std::io::Seek::rewind(&mut file) {
        Ok(()) => ::attachment::photo(&mut file),
        Err(_) => Photo::default(),
    }
}

/// A name without an ending gets the one of its content, so that it opens where it is saved.
fn named(name: String, kind: Kind) -> String {
    if name.contains('.') { name } else { format!("{name}.{}", kind.endings()[0]) }
}

/// The entry, then the line in the matter's history. The second key follows from the first: a command that is sent
/// again after a crash between the two completes what is missing and repeats nothing.
async fn commit(
    state: &AppState,
    person: &Person,
    key: &Key,
    matter: &Matter,
    file: File,
) -> Result<String, ServerError> {
    let (id, second) = (made::id_of(Attachment::KIND, person, key), format!("{}:evidence", key.as_str()));
    let (digest, name) = (file.digest.clone(), file.name.clone());
    let order = person.order::<Attachment>(state, &id, Command::Add(file));
    let added = state.store().execute(Order { key: Some(key.as_str()), expected: Some(0), ..order }).await?;
    if !matter.attachments.contains(&digest) {
        let order = person.order::<Matter>(state, matter.id.as_str(), MatterCommand::AttachEvidence { digest, name });
        match state.store().execute(Order { key: Some(&second), ..order }).await {
            // The same content came in twice at the same moment: the matter names it already.
            Err(store::ExecuteError::Refused(LedgerError::AttachedAlready)) => {}
            outcome => drop(outcome?),
        }
    }
    state.newsroom().written();
    Ok(added.id)
}
