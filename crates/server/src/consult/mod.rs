//! 会商 · consultations: rooms, bids, conclusions, guests, documents, and the official forecast.

mod bid;
mod call;
mod document;
mod duties;
mod guest;
mod guests;
mod list;
mod material;
mod news;
mod official;
mod one;
mod open;
mod people;
mod press;
mod sheet;
mod steps;
mod subject;
mod tempo;
mod view;
mod weights;
mod words;

use crate::AppState;

pub(crate) use duties::{LOOK, due as reminder_due, look, supersede, tempo_due};
pub(crate) use news::hears;
pub(crate) use people::{everything, holders};
pub(crate) use press::Press;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
pub(crate) use words::one_of;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::consultations, open::open))
        .routes(routes!(one::consultation))
        .routes(routes!(bid::bid))
        .routes(routes!(guests::invite))
        .routes(routes!(guests::revoke))
        .routes(routes!(steps::step))
        .routes(routes!(document::document))
        .routes(routes!(tempo::tempo))
        .routes(routes!(official::official))
        .routes(routes!(guest::room))
        .routes(routes!(guest::bid))
        .routes(routes!(guest::remark))
}
