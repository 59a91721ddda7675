//! `cargo xtask bench`: every `benches/<name>/run.sh`, each of which measures against a named reference.

use crate::process;
use crate::workspace;
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs all benchmarks, or the one of this name.
pub fn run(name: Option<&str>) -> Result<()> {
    let chosen: Vec<_> = scripts()?.into_iter().filter(|script| name.is_none_or(|n| folder_of(script) == n)).collect();
    ensure!(!chosen.is_empty(), "benches/ holds no {}/run.sh", name.unwrap_or("<name>"));
    for script in chosen {
        println!("\n== {}", folder_of(&script));
        process::run(Command::new("bash").arg(&script).current_dir(workspace::root()))?;
    }
    Ok(())
}

fn scripts() -> Result<Vec<PathBuf>> {
    let folder = workspace::root().join("benches");
    let entries = std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
    let paths = entries.map(|entry| Ok(entry?.path().join("run.sh"))).collect::<Result<Vec<_>>>()?;
    let mut scripts: Vec<_> = paths.into_iter().filter(|script| script.is_file()).collect();
    scripts.sort();
    Ok(scripts)
}

fn folder_of(script: &Path) -> String {
    script.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned()
}
