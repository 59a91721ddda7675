//! Drives the built program from outside, as a person at a terminal does.

mod call;
mod outcome;
mod program;

pub use call::{Call, qingkong};
pub use outcome::Outcome;
