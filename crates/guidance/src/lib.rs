//! Guidance (模式指导预报): other models' output at the cities, and the consensus of members.
//!
//! Bytes come in through [`import`] and leave as [`Member`]s in µg/m³ and Beijing time. [`check`] flags what can't
//! be right. [`consensus`] learns weights and corrections on recent scores. This crate opens no file, knows no clock,
//! and never takes one unit for another.

mod arrival;
pub mod backtest;
pub mod baseline;
pub mod check;
pub mod consensus;
pub mod daily;
mod error;
mod flag;
pub mod import;
mod member;
pub mod stations;
mod stored;
mod xls;

pub use arrival::{Arrival, ArrivalState, arrival};
pub use error::GuidanceError;
pub use flag::{Flag, FlagKind};
pub use import::{Request, read};
pub use member::Member;
pub use modelfile::{Place, Projection, Sampling};
