//! Drives the built program from outside, as a person at a terminal or a browser does.

mod browser;
mod call;
mod outcome;
mod program;
mod server;

pub use browser::{Answer, Browser};
pub use call::{Call, qingkong};
pub use outcome::Outcome;
pub use server::{Server, serve};
