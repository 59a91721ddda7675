//! 通知 · from what people are to be told to their lists, their mail and their groups; channels and what went through.

mod channels;
mod deliveries;
mod line;
mod mail;
mod notices;
mod office;
mod preferences;
mod shown;
mod templates;
mod trial;
mod worker;

use crate::{AppState, ServerError};
pub use office::NotifyOptions;
pub(crate) use office::PostOffice;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
pub(crate) use worker::run;
pub use worker::step;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(notices::notices))
        .routes(routes!(notices::read_all))
        .routes(routes!(notices::read))
        .routes(routes!(preferences::wanted, preferences::set_wanted))
        .routes(routes!(channels::channels, channels::open))
        .routes(routes!(channels::change, channels::close))
        .routes(routes!(trial::test))
        .routes(routes!(templates::templates))
        .routes(routes!(templates::preview))
        .routes(routes!(deliveries::deliveries))
        .routes(routes!(deliveries::retry))
}

impl From<::notify::NotifyError> for ServerError {
    fn from(error: ::notify::NotifyError) -> Self {
        ServerError::Refused(error.to_string())
    }
}
