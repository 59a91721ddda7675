//! 任务 · timers, jobs and the workers that do them, and the working calendar.

mod calendar;
mod chores;
mod handler;
mod job_list;
mod matter;
mod program;
mod runner;
mod timer_list;

use crate::AppState;
pub(crate) use handler::Task;
pub(crate) use program::{Origin, act, unreadable};
pub use runner::{Workers, work_due};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(job_list::jobs))
        .routes(routes!(job_list::retry))
        .routes(routes!(timer_list::timers))
        .routes(routes!(timer_list::retry))
        .routes(routes!(calendar::days))
}
