//! Formatting and lints, over everything that is compiled anywhere in the project.

use crate::process;
use crate::workspace;
use anyhow::Result;

/// Fails on code that is not formatted and on every warning.
pub fn run() -> Result<()> {
    process::run(workspace::cargo().args(["fmt", "--all", "--check"]))?;
    // With the release profile, build scripts and macros are those that the program is built with.
    let mut clippy = workspace::cargo();
    clippy.args(["clippy", "--release", "--workspace", "--all-targets", "--features", "xtask/corpus"]);
    process::run(clippy.args(["--", "-D", "warnings"]))
}
