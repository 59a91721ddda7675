//! No address of the API forgets to ask for a right: one walk over all that are described.

use crate::house::{fresh_key, people};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tower::ServiceExt;

/// What a token that may read the standards and nothing else is still told: the door itself, what is its owner's own,
/// the standards, and what every account may know of the house.
const TOLD: [&str; 17] = [
    "GET /api/v1/calendar",
    "GET /api/v1/delegations",
    "GET /api/v1/events",
    "GET /api/v1/notices",
    "GET /api/v1/oidc/callback",
    "GET /api/v1/oidc/start",
    "GET /api/v1/openapi.json",
    "GET /api/v1/session",
    "GET /api/v1/session/notices",
    "GET /api/v1/session/options",
    "GET /api/v1/sessions",
    "GET /api/v1/standards",
    "GET /api/v1/status",
    "GET /healthz",
    "POST /api/v1/notices/read-all",
    "POST /api/v1/session",
    "PUT /api/v1/session/notices",
];

#[tokio::test]
async fn a_token_with_one_right_reaches_nothing_that_needs_another() {
    let house = people().await;
    let wish = json!({ "name": "标准", "rights": ["standards.read"], "days": 1 });
    let made = house.visitor("leader").await.post("/api/v1/tokens", wish).await.json();
    let bearer = format!("Bearer {}", made["secret"].as_str().unwrap());
    let described: Value = serde_json::from_str(&server::openapi_json()).unwrap();
    let mut told = Vec::new();
    for (path, operations) in described["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys().map(|name| name.to_uppercase()) {
            let asked = path.replace("{name}", "jiangsu").replace("{step}", "comment").replace("{id}", "x");
            let request = Request::builder()
                .method(method.parse::<Method>().unwrap())
                .uri(asked.replace("{code}", "320100").replace("{key}", "x"))
                .header(header::AUTHORIZATION, &bearer)
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::IF_MATCH, "\"1\"")
                .header("idempotency-key", fresh_key())
                .header(header::HOST, "localhost:8787")
                .extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40000))))
                .body(Body::from("{}"));
            // The body stays unread: that of the events has no end.
            let status = house.router().oneshot(request.unwrap()).await.unwrap().status();
            assert!(!status.is_server_error(), "{method} {path}: {status}");
            if !status.is_client_error() {
                told.push(format!("{method} {path}"));
            }
        }
    }
    let stray: Vec<_> = told.iter().filter(|one| !TOLD.contains(&one.as_str())).collect();
    assert!(stray.is_empty(), "{stray:?}");
    assert!(told.iter().any(|one| one == "GET /api/v1/standards"), "{told:?}");
}
