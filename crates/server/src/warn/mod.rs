//! 预警 · what the plans propose, warnings through their gates, their papers and deliveries, and the plans themselves.

mod basis;
mod changes;
mod deliveries;
mod duties;
mod levels;
mod list;
mod news;
mod one;
mod options;
mod outline;
mod outlook;
mod papers;
mod people;
mod plans;
mod proposal;
mod propose;
mod review;
mod runs;
mod steps;
mod subject;
mod trial;
mod view;
mod words;

use crate::AppState;
pub(crate) use duties::{LATE, ask_late, deliver, gate, late, remind};
pub(crate) use news::hears;
pub use options::WarnOptions;
pub use proposal::propose;
pub(crate) use runs::CheckBook;
pub(crate) use trial::{TRIAL, run as run_trial};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(proposal::proposal))
        .routes(routes!(proposal::plans, plans::draft))
        .routes(routes!(plans::check))
        .routes(routes!(plans::plan, plans::rewrite))
        .routes(routes!(trial::trial, trial::begin))
        .routes(routes!(plans::step))
        .routes(routes!(list::warnings, propose::propose))
        .routes(routes!(runs::proposals))
        .routes(routes!(list::in_force))
        .routes(routes!(papers::feed))
        .routes(routes!(one::warning))
        .routes(routes!(papers::document))
        .routes(routes!(papers::cap_message))
        .routes(routes!(outlook::counterfactual))
        .routes(routes!(review::review))
        .routes(routes!(deliveries::deliveries))
        .routes(routes!(deliveries::receipt))
        .routes(routes!(steps::step))
}
