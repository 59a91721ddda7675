//! Observations, imports, models and runs on SQLite and PostgreSQL.
//!
//! One code base for both: SQLite (WAL, synced at every commit) is the embedded default, PostgreSQL the
//! production choice, and one test suite runs over both. All SQL of the program lives here. Nothing here
//! reads the clock: whoever stores says when. What a call acknowledged has been committed.

mod bulk;
mod catalogue;
mod code;
mod database;
mod error;
mod hours;
mod import;
mod journal;
mod merge;
mod model;
mod open;
mod quality;
mod setting;

pub use catalogue::{Series, Site, SiteKind};
pub use database::Store;
pub use error::StoreError;
pub use hours::{DenseSeries, Row};
pub use import::{Counts, Import};
pub use journal::{ImportFile, ImportId, ImportReport, ImportRow, Refusal, Superseded};
pub use model::{ModelRow, ModelSummary, RunRow, RunState, RunSummary};
pub use quality::{DayCount, Flagged};
