//! 审计 · the event log: what was done, by whom, and whether the log still holds.

mod chain;
mod records;

use crate::AppState;
pub(crate) use chain::{Inspection, sign_ended_days, sign_file};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(records::records))
        .routes(routes!(chain::chain))
        .routes(routes!(chain::verify))
        .routes(routes!(chain::anchor))
}
