//! The front end's API types, generated from the server's own description.

use crate::process;
use crate::web;
use crate::workspace;
use anyhow::{Context, Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Writes the types, or with `check` only compares them with the committed ones.
pub fn run(check: bool) -> Result<()> {
    let program = workspace::build_program()?;
    if check {
        return compare(&program);
    }
    let (folder, fresh) = generate(&program)?;
    std::fs::copy(&fresh, committed()).context("writing the types")?;
    drop(folder);
    println!("wrote {}", committed().display());
    Ok(())
}

/// Fails when the committed types are not those that the program describes.
pub fn compare(program: &Path) -> Result<()> {
    let (_folder, fresh) = generate(program)?;
    let committed = committed();
    let old = std::fs::read_to_string(&committed).with_context(|| format!("reading {}", committed.display()))?;
    let new = std::fs::read_to_string(&fresh)?;
    if let Some(line) = first_difference(&old, &new) {
        bail!("{} is out of date from line {line}; run `cargo xtask gen-api` and commit it", committed.display());
    }
    Ok(())
}

fn committed() -> PathBuf {
    workspace::web().join("src").join("api").join("schema.gen.ts")
}

fn generate(program: &Path) -> Result<(TempDir, PathBuf)> {
    let folder = tempfile::tempdir()?;
    let description = folder.path().join("openapi.json");
    let output = Command::new(program).arg("openapi").output().context("asking the program for its description")?;
    ensure!(output.status.success(), "qingkong openapi: {}", String::from_utf8_lossy(&output.stderr));
    std::fs::write(&description, output.stdout)?;
    let types = folder.path().join("schema.gen.ts");
    process::run(web::tool("openapi-typescript")?.arg(&description).arg("-o").arg(&types))?;
    Ok((folder, types))
}

/// Line number of the first difference, from 1.
fn first_difference(old: &str, new: &str) -> Option<usize> {
    let (mut old, mut new) = (old.lines(), new.lines());
    let mut line = 1;
    loop {
        match (old.next(), new.next()) {
            (None, None) => return None,
            (a, b) if a != b => return Some(line),
            _ => line += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn the_first_difference_is_named_by_line() {
        assert_eq!(first_difference("a\nb\n", "a\r\nb"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some(2));
        assert_eq!(first_difference("", "a"), Some(1));
    }
}
