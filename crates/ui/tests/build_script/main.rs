//! The build script over small made-up front ends, with a shell script in npm's place.
#![cfg(unix)]

#[cfg(test)]
mod cases;
#[path = "../../build/npm.rs"]
mod npm;
#[path = "../../build/page.rs"]
mod page;
#[path = "../../build/stamp.rs"]
mod stamp;
#[path = "../../build/steps.rs"]
mod steps;
