//! Heavy-pollution warning plans as data, and the rule engine that reads joint trajectories by them.
//!
//! Proposes a level with its start, end, rule and probability; issues nothing. Knows no clock, no file
//! and no database.

mod check;
mod engine;
mod error;
mod index;
mod outcome;
mod plan;
mod series;
mod words;

pub use check::{check, check_indexed};
pub use error::WarnError;
pub use outcome::{Check, CityCheck, Probability, Quantiles, RegionCheck, level_or_none};
pub use plan::{Condition, LevelRule, Plan, Rule, Source, Window};
pub use series::{Indexed, NO_INDEX};
