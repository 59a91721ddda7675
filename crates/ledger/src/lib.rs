//! Matters (事项): what is to be done, by whom, until when, what was sent in, and how it ended.
//!
//! Pure: a command and what is known come in, events and what is to follow come out. Time limits are timers that the
//! program keeps; a timer that fires is a command like any other.

mod action;
mod decide;
mod effects;
mod error;
pub mod fund;
mod input;
mod matter;
pub mod schedule;
mod step;

pub use action::{actions, permit, permit_new};
pub use effects::{OVERDUE, REMIND, timer_command};
pub use error::LedgerError;
pub use matter::{Matter, MatterCommand, MatterEvent, MatterState, Standing};
pub use step::{Side, Step};

#[cfg(test)]
mod tests;
