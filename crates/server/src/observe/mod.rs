//! 实况 · observations: situation, cities, stations, quality, imports.

mod cities;
mod city;
mod daily;
mod hourly;
mod imports;
mod kpi;
mod month;
mod quality;
mod rank;
mod sites;
mod situation;
mod window;

use crate::AppState;
pub(crate) use hourly::{join, level};
pub(crate) use month::MonthBook;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
pub(crate) use window::Window;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(situation::situation))
        .routes(routes!(situation::rank))
        .routes(routes!(cities::cities))
        .routes(routes!(city::city))
        .routes(routes!(sites::sites))
        .routes(routes!(quality::quality))
        .routes(routes!(imports::imports))
}
