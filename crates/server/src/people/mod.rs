//! 组织与人员 · organisations, accounts, roles, grants, delegations.

mod account_changes;
mod accounts;
mod apply;
mod copies;
mod delegations;
mod grants;
mod names;
mod organisations;
mod roles;
mod sheets;

use crate::AppState;
pub(crate) use copies::Copies;
pub(crate) use names::{Named, Names, Unnamed};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(organisations::organisations, organisations::found))
        .routes(routes!(sheets::export))
        .routes(routes!(sheets::import))
        .routes(routes!(sheets::copy))
        .routes(routes!(organisations::organisation, organisations::change))
        .routes(routes!(accounts::accounts, account_changes::open))
        .routes(routes!(accounts::account, account_changes::change))
        .routes(routes!(account_changes::reset_password))
        .routes(routes!(account_changes::unlock))
        .routes(routes!(account_changes::erase))
        .routes(routes!(roles::roles))
        .routes(routes!(grants::grants, grants::propose))
        .routes(routes!(grants::decide))
        .routes(routes!(delegations::delegations, delegations::delegate))
        .routes(routes!(delegations::end))
}
