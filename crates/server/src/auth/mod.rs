//! 登录 · who is asking, and may they: sessions, passwords, one-time codes, tokens, and the gate that every address
//! of the API lies behind.

mod begin;
mod cookie;
mod gate;
mod gatehouse;
mod install;
mod key;
mod limit;
mod login;
mod me;
mod oidc;
mod one_time;
mod options;
mod origin;
mod own;
mod password;
mod person;
mod qr;
mod second;
pub(crate) mod secret;
mod session;
mod sessions;
mod strangers;
mod tokens;
mod totp;
mod welcome;

use crate::AppState;
pub(crate) use gate::gate;
pub(crate) use gatehouse::Gatehouse;
pub use install::{
    DEMO_PASSWORD, Newcomer, all_accounts, install_account, install_demonstration, reset_password, unlock,
};
pub(crate) use key::{Key, Version};
pub(crate) use one_time::one_time_password;
pub use options::{LoginOptions, OidcOptions};
pub(crate) use origin::{Caller, plain};
pub use password::hash_password;
pub(crate) use person::Person;
pub use person::SetUp;
use units::Instant;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(session::log_in, session::session, session::log_out))
        .routes(routes!(welcome::welcome))
        .routes(routes!(own::change_password))
        .routes(routes!(own::act_for))
        .routes(routes!(second::begin, second::confirm, second::clear))
        .routes(routes!(sessions::sessions))
        .routes(routes!(sessions::end_session))
        .routes(routes!(tokens::tokens, tokens::make_token))
        .routes(routes!(tokens::take_back))
        .routes(routes!(oidc::start))
        .routes(routes!(oidc::callback))
}

/// The wall clock, for everything about people: sessions, locks, grants.
pub(crate) fn now() -> Instant {
    Instant::from_utc(chrono::Utc::now())
}

/// A moment some seconds later.
fn later(moment: Instant, seconds: i64) -> Instant {
    Instant::from_utc(moment.to_utc() + chrono::TimeDelta::seconds(seconds))
}
