use super::origin::{Caller, is_safe, repeats, same_origin};
use super::person::Person;
use crate::{AppState, ServerError};
use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use org::Right;

/// Addresses that answer before a login; everything else of the API asks who is there.
const OPEN: [(Method, &str); 8] = [
    (Method::GET, "/healthz"),
    (Method::POST, "/api/v1/session"),
    (Method::GET, "/api/v1/session/options"),
    (Method::GET, "/api/v1/oidc/start"),
    (Method::GET, "/api/v1/oidc/callback"),
    // Guests have a link instead of a login; each of these asks for it.
    (Method::GET, "/api/v1/guest/consultation"),
    (Method::POST, "/api/v1/guest/consultation/bid"),
    (Method::POST, "/api/v1/guest/consultation/remark"),
];

/// The rights that whole addresses need. What is not listed asks for its rights itself, thing by thing.
const NEEDED: [(&str, Right); 20] = [
    ("/api/v1/clock", Right::ClockSet),
    ("/api/v1/situation", Right::AirRead),
    ("/api/v1/situation/rank", Right::AirRead),
    ("/api/v1/cities", Right::AirRead),
    ("/api/v1/cities/{code}", Right::AirRead),
    ("/api/v1/cities/{code}/forecast", Right::ForecastRead),
    ("/api/v1/forecasts", Right::ForecastRead),
    ("/api/v1/forecasts/models", Right::ForecastRead),
    ("/api/v1/forecasts/changes", Right::ForecastRead),
    ("/api/v1/episodes", Right::ForecastRead),
    ("/api/v1/analogs", Right::ForecastRead),
    ("/api/v1/verification", Right::ForecastRead),
    ("/api/v1/scorecards", Right::ForecastRead),
    ("/api/v1/sites", Right::AirRead),
    ("/api/v1/geo/{name}", Right::AirRead),
    ("/api/v1/warnings/proposal", Right::WarningRead),
    ("/api/v1/plans", Right::WarningRead),
    ("/api/v1/standards", Right::StandardsRead),
    ("/api/v1/quality", Right::QualityRead),
    ("/api/v1/imports", Right::QualityRead),
];

/// Addresses by which a program or an open page merely looks whether something has changed: no use of the session.
const NO_USE: [&str; 2] = ["/api/v1/events", "/api/v1/session"];

/// Lets in who may (门禁): finds out who asks, refuses what another site's page sends, and asks for the right.
pub(crate) async fn gate(
    State(state): State<AppState>,
    path: MatchedPath,
    mut request: Request,
    next: Next,
) -> Response {
    match admit(&state, path.as_str(), &mut request).await {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

async fn admit(state: &AppState, path: &str, request: &mut Request) -> Result<(), ServerError> {
    let caller = Caller::of(request, &state.options().login.forwarded_by);
    let safe = is_safe(request.method());
    if !safe {
        same_origin(request.headers())?;
    }
    if !is_open(request.method(), path) {
        let person = Person::of(state, request.headers(), &caller).await?;
        if let (false, Ok(session)) = (safe, person.session()) {
            repeats(request.headers(), &session.csrf)?;
        }
        admit_person(state, path, &person)?;
        if !NO_USE.contains(&path) {
            person.note_use(state).await?;
        }
        request.extensions_mut().insert(person);
    }
    request.extensions_mut().insert(caller);
    Ok(())
}

fn admit_person(state: &AppState, path: &str, person: &Person) -> Result<(), ServerError> {
    let own = path == "/api/v1/session" || path.starts_with("/api/v1/session/");
    if let Some(set_up) = person.set_up(state.options().demo).filter(|_| !own) {
        return Err(ServerError::SetUpFirst(set_up));
    }
    match NEEDED.iter().find(|(known, _)| *known == path) {
        Some((_, right)) => person.need(*right),
        None => Ok(()),
    }
}

fn is_open(method: &Method, path: &str) -> bool {
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    OPEN.iter().any(|(known, open)| known == method && *open == path)
}
