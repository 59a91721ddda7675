//! Ambient air quality standards (环境空气质量标准): index, limits, validity, evaluation and ranking.
//!
//! The law is data: one file per document and edition under `data/standards`, picked by the date it is in
//! force. Every result names the edition it was made with. Nothing here knows a clock, a file or a database.

mod aqi;
mod column;
mod composite;
mod day;
mod document;
mod dust;
mod edition;
mod error;
pub mod evaluate;
mod gas_state;
mod hours;
mod limits;
mod per_pollutant;
mod ranking;
mod rules;
mod statistics;
mod trend;
mod validity;

pub use aqi::{AqiReport, DayMeans, HourMeans};
pub use column::Column;
pub use composite::{IndexRule, Weights};
pub use day::DayHours;
pub use document::{Document, Source};
pub use dust::{DayCounts, DustConvention, DustDays, Particles};
pub use edition::{AqiEdition, IncompleteRule, ParticleBasis};
pub use error::StandardsError;
pub use gas_state::GasState;
pub use hours::{Hours, Inserted};
pub use limits::{Limits, OtherPollutant, Period};
pub use ranking::shared_ranks;
pub use rules::{CountedDay, EvaluationRules};
pub use statistics::{exceedance_multiple, percentile};
pub use trend::{Trend, trend};
