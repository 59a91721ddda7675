//! `cargo xtask corpus DIR`: the importers over a whole collection of real files.
//!
//! The work is done by the binary `corpus`, which alone depends on the importers.

use crate::process;
use crate::workspace;
use anyhow::Result;
use std::path::Path;

/// Builds and runs the binary.
pub fn run(dir: &Path) -> Result<()> {
    let mut command = workspace::cargo();
    command.args(["run", "--quiet", "--release", "--package", "xtask"]);
    command.args(["--features", "corpus", "--bin", "corpus", "--"]);
    process::run(command.arg(workspace::absolute(dir)?))
}
