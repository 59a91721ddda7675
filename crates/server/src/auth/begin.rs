use super::cookie::{self, Kind};
use super::origin::Caller;
use super::person::Person;
use super::{later, now, secret};
use crate::{AppState, ServerError};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderName, HeaderValue};
use axum::response::AppendHeaders;
use store::Session;
use units::{AccountId, Instant};

/// The two cookies of a session.
pub(super) type Cookies = AppendHeaders<[(HeaderName, HeaderValue); 2]>;

/// Begins a session under a new id, ending the one the browser had: an id that somebody else planted in a browser
/// never becomes a login (session fixation).
pub(super) async fn begin(
    state: &AppState,
    account: &AccountId,
    caller: &Caller,
    instead_of: Option<&str>,
) -> Result<(Person, Cookies), ServerError> {
    begun(state, account, caller, instead_of, None, None).await
}

/// The same login under a new id, because what it may do has changed; its end stays where it was.
pub(super) async fn renew(
    state: &AppState,
    person: &Person,
    caller: &Caller,
    acting: Option<String>,
) -> Result<(Person, Cookies), ServerError> {
    let old = person.session()?;
    begun(state, person.account(), caller, Some(&old.id), Some(old.absolute_expires), acting).await
}

async fn begun(
    state: &AppState,
    account: &AccountId,
    caller: &Caller,
    instead_of: Option<&str>,
    end: Option<Instant>,
    acting: Option<String>,
) -> Result<(Person, Cookies), ServerError> {
    let (value, csrf, begin) = (secret::unguessable(), secret::unguessable(), now());
    let end = end.unwrap_or_else(|| later(begin, i64::from(state.options().login.absolute_hours) * 3600));
    let session = Session {
        id: secret::digest(&value),
        account: account.clone(),
        csrf: csrf.clone(),
        created_at: begin,
        last_seen_at: begin,
        expires_at: later(begin, i64::from(state.options().login.idle_minutes) * 60).min(end),
        absolute_expires: end,
        address: caller.address.clone(),
        agent: caller.agent.clone(),
        acting,
        revoked_at: None,
    };
    state.store().begin_session(&session, instead_of).await?;
    if instead_of.is_some() {
        state.newsroom().doubt();
    }
    let seconds = (end.to_utc() - begin.to_utc()).num_seconds();
    let person = Person::of_session(state, session, &caller.address).await?;
    Ok((person, cookies(state, &value, &csrf, seconds)))
}

/// Takes both cookies away.
pub(super) fn none(state: &AppState) -> Cookies {
    cookies(state, "", "", 0)
}

fn cookies(state: &AppState, value: &str, csrf: &str, seconds: i64) -> Cookies {
    let tls = state.options().login.tls;
    AppendHeaders([
        (SET_COOKIE, cookie::set(cookie::SESSION, value, seconds, Kind::Hidden, tls)),
        (SET_COOKIE, cookie::set(cookie::CSRF, csrf, seconds, Kind::Readable, tls)),
    ])
}
