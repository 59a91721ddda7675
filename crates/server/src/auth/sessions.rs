use super::now;
use super::person::Person;
use crate::extract::Path;
use crate::list::Listed;
use crate::people::{Named, Names};
use crate::problem::Problem;
use crate::{AppState, ServerError};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use org::{Account, AccountCommand, Extent, Kinds, Reach, Right, Scope, Secrecy};
use serde::Serialize;
use store::SessionRow;
use units::Instant;
use utoipa::ToSchema;

/// Sessions told at a time, and looked through for one to be ended.
const MOST: u32 = 1000;

/// A session in the list (会话).
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionLine {
    id: String,
    account: Named,
    organisation: Named,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Instant,
    address: String,
    agent: String,
    /// Whether it is the one that asks.
    current: bool,
}

/// One's own sessions, and those of the accounts one may watch over; the last used first.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "session",
    responses((status = 200, body = Listed<SessionLine>), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn sessions(
    State(state): State<AppState>,
    person: Person,
) -> Result<Json<Listed<SessionLine>>, ServerError> {
    let rows = state.store().sessions(&with_own(&person, Right::SessionRead), now(), MOST).await?;
    let current = person.session().ok().map(|session| session.id.clone());
    let names = Names::of(rows.iter().map(|row| &row.organisation), rows.iter().map(|row| &row.session.account));
    let names = names.read(&state).await?;
    Ok(Json(Listed::whole(rows.into_iter().map(|row| line(row, current.as_deref(), &names)).collect())))
}

/// Ends a session. One that may not be ended looks like one that is not there.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "session", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn end_session(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
) -> Result<StatusCode, ServerError> {
    let rows = state.store().sessions(&with_own(&person, Right::SessionRevoke), now(), MOST).await?;
    let row = rows.into_iter().find(|row| row.session.id == id);
    let row = row.ok_or_else(|| ServerError::NotFound("/api/v1/sessions".into()))?;
    state.store().end_session(&row.session.id, now()).await?;
    state.newsroom().doubt();
    let command = AccountCommand::SessionRevoked { session: row.session.id };
    state.store().execute(person.order_now::<Account>(row.session.account.as_str(), command)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a right shows, and one's own in any case.
fn with_own(person: &Person, right: Right) -> Scope {
    let mut scope = person.scope(right);
    let extent = Extent::Own(person.account().clone());
    scope.add(Reach { extent, kinds: Kinds::All, secrecy: Secrecy::Restricted });
    scope
}

fn line(row: SessionRow, current: Option<&str>, names: &Names) -> SessionLine {
    let session = row.session;
    SessionLine {
        current: current == Some(session.id.as_str()),
        id: session.id,
        account: names.account(&session.account),
        organisation: names.organisation(&row.organisation),
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
        expires_at: session.expires_at.min(session.absolute_expires),
        address: session.address,
        agent: session.agent,
    }
}
