//! Observations: importers, quality flags, aggregation, completeness, and the regions they belong to.
//!
//! Bytes come in through [`import`], whatever their layout, and leave as [`Record`]s with a report of what
//! was kept and refused. [`quality`] and [`aggregate`] are pure functions over hourly series.
//! This crate never stores, never asks the clock, and never turns a refused value into a number.

pub mod aggregate;
pub mod demo;
mod error;
pub mod import;
pub mod quality;
mod record;
pub mod regions;
mod report;

pub use error::{ObserveError, RowFault, SinkError};
pub use record::{DayBasis, DayObservation, Observation, Record, SiteInfo};
pub use report::{ImportReport, MAX_REFUSALS, Refusal};
