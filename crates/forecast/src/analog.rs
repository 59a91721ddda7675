//! Similar past days (相似过程): by the course of the last days in all cities and the forecast's mean course.
//!
//! Two courses are compared in logarithms against each one's own thirty-day level, so that the years in which
//! everything was dirtier are as near as the clean ones. Nothing observed on or after the day of issue is used,
//! neither to find an analog nor to say what followed.

mod course;
mod search;
mod words;

pub use search::{Analog, AnalogRule, Analogs, Note, analogs};
pub use words::analog_words;
