//! Whether an order was carried out (减排核验), from what a plant's own instruments say.
//!
//! Samples in, verdicts with their evidence out. No data is never "complied"; a doubt about data is never a verdict.

mod baseline;
pub mod certainty;
mod error;
pub mod falsification;
mod history;
mod hour;
mod judge;
#[cfg(test)]
mod judge_tests;
mod line;
mod order;
mod piece;
mod rules;
mod sample;
mod signal;
mod statistics;
mod verdict;
mod wiring;
mod words;

pub use baseline::{Baseline, Days, NoBaseline, NormalDays};
pub use error::VerifyError;
pub use history::{Cause, HourRecord, Version};
pub use hour::{HourBook, HourEvidence, HourValue, Pushed, Running};
pub use judge::{Evidence, judge};
pub use line::{LineOutcome, close};
pub use order::OrderLine;
pub use piece::{Piece, Says, Silence};
pub use rules::{Rules, SignalRule};
pub use sample::{Sample, Told, samples};
pub use signal::{Declared, Kind, Role, Signal};
pub use verdict::{Outcome, Reason, Verdict, Violation};
pub use wiring::Wiring;
pub use words::Words;
