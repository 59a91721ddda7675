use crate::{AppState, ServerError};
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// How long a request may take before it is given up. Training runs in the background and is not bound by it.
const ANSWER_WITHIN_SECONDS: u64 = 30;
const REQUEST_ID: &str = "x-request-id";

/// Gives each request an id, and says in the log how it ended.
pub(crate) async fn watch(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_string());
    let id = uuid::Uuid::now_v7().to_string();
    let begun = Instant::now();
    let mut response = next.run(request).await;
    let (status, ms) = (response.status().as_u16(), begun.elapsed().as_millis() as u64);
    tracing::info!(request_id = %id, %method, path, status, ms, "answered a request");
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// Refuses what another site's page could make a browser send here under that site's name (DNS rebinding).
pub(crate) async fn host(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let named = request.headers().get(header::HOST).and_then(|value| value.to_str().ok());
    let host = named.or_else(|| request.uri().authority().map(|authority| authority.as_str())).unwrap_or("");
    if answers_for(host, &state.options().hosts) {
        next.run(request).await
    } else {
        ServerError::UnknownHost(host.chars().take(100).collect()).into_response()
    }
}

/// An address in digits cannot be rebound; a name must be known.
fn answers_for(host: &str, configured: &[String]) -> bool {
    let name = without_port(host);
    let literal = name.trim_start_matches('[').trim_end_matches(']');
    literal.parse::<IpAddr>().is_ok()
        || name.eq_ignore_ascii_case("localhost")
        || configured.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port))
            if port.bytes().all(|b| b.is_ascii_digit()) && (!name.contains(':') || name.ends_with(']')) =>
        {
            name
        }
        _ => host,
    }
}

/// Headers that every answer carries. A page's own policy stands; any other answer is no page and may load nothing.
pub(crate) async fn harden(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HARD {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let bare = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox");
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(bare);
    if state.options().login.tls {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

const HARD: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(self), payment=(), usb=()"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Gives a request up after a while, with a problem instead of a closed connection.
pub(crate) async fn in_time(request: Request, next: Next) -> Response {
    if crate::attachment::takes_long(&request) {
        return next.run(request).await;
    }
    match tokio::time::timeout(Duration::from_secs(ANSWER_WITHIN_SECONDS), next.run(request)).await {
        Ok(response) => response,
        Err(_) => ServerError::TooSlow(ANSWER_WITHIN_SECONDS).into_response(),
    }
}

/// Tags JSON answers by their content, and answers 304 to a client that has it already.
pub(crate) async fn tag(request: Request, next: Next) -> Response {
    let (is_get, sent) = (request.method() == Method::GET, request.headers().clone());
    let response = next.run(request).await;
    if !is_get || response.status() != StatusCode::OK || !is_json(response.headers()) {
        return response;
    }
    if response.headers().contains_key(header::ETAG) {
        return unkept(response);
    }
    with_tag(&sent, response).await
}

/// A version names the thing for `If-Match`, not the whole answer: what stands beside it, who may do what with it and
/// what others have added, changes without it. So no client keeps the answer.
fn unkept(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn with_tag(sent: &HeaderMap, response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    // The body was made in memory by a handler: reading it back cannot run out of bounds.
    let bytes = match to_bytes(body, usize::MAX).await {
        Ok(bytes) => bytes,
        Err(error) => return ServerError::Broken(format!("an answer broke off: {error}")).into_response(),
    };
    // Weak, because the compression layer outside may change the bytes but not what they mean.
    let tag = format!("W/\"{}\"", hex::encode(&Sha256::digest(&bytes)[..12]));
    if let Ok(value) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, value);
    }
    // What one person may see must not be handed to the next by a cache on the way.
    parts.headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    if crate::assets::is_known(sent, &tag) {
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        parts.status = StatusCode::NOT_MODIFIED;
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn is_json(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_must_be_known_and_addresses_in_digits_are_safe() {
        let configured = ["air.example.gov.cn".to_string()];
        for host in ["localhost:8080", "127.0.0.1", "[::1]:80", "10.1.2.3:8080", "AIR.example.gov.cn", "::1"] {
            assert!(answers_for(host, &configured), "{host}");
        }
        for host in
            ["", "evil.example", "localhost.evil.example", "evil.example:80", "air.example.gov.cn.", "127.0.0.1.evil"]
        {
            assert!(!answers_for(host, &configured), "{host}");
        }
    }
}
