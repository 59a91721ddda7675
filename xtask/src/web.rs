//! The front end's own checks: lint, types, unit tests.

use crate::process;
use crate::summary::Counts;
use crate::workspace;
use anyhow::{Result, ensure};
use std::process::Command;
use std::time::SystemTime;

/// Installs the packages of the lock file unless they are there already.
pub fn install() -> Result<()> {
    if installed() {
        return Ok(());
    }
    process::run(npm().args(["ci", "--prefer-offline", "--no-audit", "--no-fund"]))
}

/// Lint, type check and unit tests.
pub fn test(counts: &mut Counts) -> Result<()> {
    install()?;
    process::run(npm().args(["run", "lint"]))?;
    process::run(npm().args(["run", "typecheck"]))?;
    process::run_seeing(npm().args(["run", "test"]).env("NO_COLOR", "1"), |line| counts.read(line))
}

/// A program that the front end's packages bring.
pub fn tool(name: &str) -> Result<Command> {
    install()?;
    let path = workspace::web().join("node_modules").join(".bin").join(name);
    ensure!(path.exists(), "web/package.json names no package that brings `{name}`");
    let mut command = Command::new(path);
    command.current_dir(workspace::web());
    Ok(command)
}

fn npm() -> Command {
    let mut command = Command::new("npm");
    command.current_dir(workspace::web());
    command
}

/// npm writes a lock file of its own when it has installed; the committed one being newer means that it changed.
fn installed() -> bool {
    let changed = |path: &str| -> Option<SystemTime> { workspace::web().join(path).metadata().ok()?.modified().ok() };
    match (changed("node_modules/.package-lock.json"), changed("package-lock.json")) {
        (Some(installed), Some(committed)) => installed >= committed,
        _ => false,
    }
}
