//! HTTP API, replay clock, forecast jobs and the front end, served from one process.
//!
//! One module a step of the work. A handler loads, calls a pure function, and answers; what may be seen at
//! the moment shown is decided in one place, [`sight`]. Nothing here knows SQL, and no law is written here.

mod action;
mod assets;
mod attachment;
mod audit;
mod auth;
mod clock;
mod consult;
mod error;
mod events;
mod explain;
mod extract;
mod figure;
mod forecast;
mod geo;
mod guard;
mod ledger;
mod list;
mod made;
mod notify;
mod observe;
mod paper;
mod people;
mod period;
mod problem;
mod router;
mod serve;
mod sight;
mod stamp;
mod standards;
mod state;
mod table;
mod warn;
mod work;

pub use attachment::AttachmentOptions;
pub use auth::{
    DEMO_PASSWORD, LoginOptions, Newcomer, OidcOptions, all_accounts, hash_password, install_account,
    install_demonstration, reset_password, unlock,
};
pub use clock::ClockMode;
pub use error::ServerError;
pub use forecast::{ForecastOptions, Issued, Progress, ask_backfill, ensure_run, issue_shown};
pub use notify::{NotifyOptions, step as send_notices};
pub use problem::Problem;
pub use router::{openapi_json, router};
pub use serve::serve;
pub use stamp::Stamp;
pub use state::{AppState, Options};
pub use warn::{WarnOptions, propose};
pub use work::{Workers, work_due};
