//! Probabilistic forecasts of six pollutants for seven days as joint trajectories, from city observations alone.
//!
//! Statistics, so plain `f64` inside: µg/m³ (CO mg/m³) unless said otherwise, NaN = missing. Knows no clock, no
//! file and no database; never looks past an issue time.

pub mod analog;
pub mod change;
mod city_days;
mod days;
pub mod episode;
mod error;
mod events;
mod extra;
mod file;
mod flag;
mod folds;
mod history;
mod history_builder;
mod holes;
mod issue;
mod linear;
mod logistic;
mod matrix;
pub mod measures;
mod members;
mod model;
mod past;
mod predictors;
mod random;
mod range;
mod recent;
mod ridge;
mod rows;
mod run;
mod scale;
mod scores;
mod spread;
mod targets;
pub mod verification;
mod words;

pub use city_days::{CityDays, DayCourses};
pub use error::ForecastError;
pub use events::{HEAVY_BOUND, PairCalibration, PairEvent};
pub use extra::{Extra, Foretold};
pub use flag::Flag;
pub use history::History;
pub use history_builder::HistoryBuilder;
pub use holes::Span;
pub use issue::{issue, issue_with};
pub use matrix::TrainingMatrix;
pub use model::{Informed, Model, NEEDED_DAYS, train, train_with};
pub use range::RangeRule;
pub use run::{DayAqi, DayForecast, DayValue, Run, Trajectories};
pub use scores::{LeadScore, Season, Skill, skill_by_weeks};
pub use targets::{ISSUE_LABEL, LEADS};
pub use verification::{skill_weights, weighted_median};
pub use words::{Names, Words};
