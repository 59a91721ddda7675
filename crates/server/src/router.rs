use crate::{
    AppState, ServerError, assets, attachment, audit, auth, clock, consult, events, explain, forecast, geo, guard,
    ledger, notify, observe, people, standards, warn, work,
};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use std::sync::LazyLock;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// No body of this API is anywhere near this size.
pub(crate) const BODY_LIMIT: usize = 64 * 1024;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Qingkong 晴空",
        description = "From the hourly value to the warning. Times are RFC 3339 with +08:00, an hour is named by its end; missing is null; figures are rounded for report.",
    ),
    tags(
        (name = "session", description = "登录 · who is asking"),
        (name = "notify", description = "通知 · notices, channels and what went through them"),
        (name = "people", description = "组织与人员 · organisations, accounts, roles, grants, delegations"),
        (name = "ledger", description = "事项 · matters"),
        (name = "audit", description = "审计 · the event log and its chain"),
        (name = "clock", description = "时钟 · the moment shown, and what changed"),
        (name = "observe", description = "实况 · observations and their quality"),
        (name = "forecast", description = "预报 · forecast runs"),
        (name = "consult", description = "会商 · consultations and the official forecast"),
        (name = "warn", description = "预警 · warning proposals and plans"),
        (name = "standards", description = "标准 · what is in force when"),
        (name = "attachment", description = "附件 · files as evidence"),
        (name = "work", description = "任务 · timers, jobs and the working calendar"),
        (name = "geo", description = "边界 · boundaries"),
    )
)]
struct Description;

/// The whole server: API, event stream, embedded front end, and the guards around them.
pub fn router(state: AppState) -> Router {
    let (api, _) = api().split_for_parts();
    api.route_layer(from_fn(guard::tag))
        .route_layer(from_fn_with_state(state.clone(), auth::gate))
        .fallback(assets::serve)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn(guard::in_time))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(state.clone(), guard::host))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            ServerError::Broken("a request met a fault in the program; the server goes on".into()).into_response()
        }))
        .layer(from_fn_with_state(state.clone(), guard::harden))
        .layer(from_fn(guard::watch))
        .with_state(state)
}

/// The description of the API (OpenAPI 3.1), as `GET /api/v1/openapi.json` gives it.
pub fn openapi_json() -> String {
    text_of(&api().into_openapi())
}

fn text_of(document: &utoipa::openapi::OpenApi) -> String {
    document.to_pretty_json().expect("a document of names and types is JSON")
}

fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(clock::healthz))
        .routes(routes!(clock::status))
        .routes(routes!(clock::set_clock))
        .routes(routes!(described))
        .routes(routes!(events::events))
        .routes(routes!(geo::geo))
        .merge(auth::routes())
        .merge(people::routes())
        .merge(ledger::routes())
        .merge(audit::routes())
        .routes(routes!(explain::explain))
        .merge(notify::routes())
        .merge(observe::routes())
        .merge(forecast::routes())
        .merge(consult::routes())
        .merge(warn::routes())
        .merge(standards::routes())
        .merge(attachment::routes())
        .merge(work::routes())
}

/// This description (OpenAPI 3.1).
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "clock", responses((status = 200, body = serde_json::Value)))]
async fn described() -> Response {
    static TEXT: LazyLock<String> = LazyLock::new(openapi_json);
    ([(header::CONTENT_TYPE, "application/json")], TEXT.as_str()).into_response()
}

async fn method_not_allowed(request: Request) -> Response {
    ServerError::MethodNotAllowed(request.uri().path().to_string()).into_response()
}
