//! 事项 · matters: lists, single matters, what people do with them.

mod concerned;
mod create;
mod filter;
mod list;
mod one;
mod steps;
mod subject;

use crate::AppState;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::matters, create::create))
        .routes(routes!(list::count))
        .routes(routes!(list::suggest))
        .routes(routes!(one::matter))
        .routes(routes!(steps::step))
}
