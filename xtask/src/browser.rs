//! The pages in a real Chromium: `node --test` over `web/e2e`, and the measured budgets of the map page.

use crate::demo::Demo;
use crate::prerequisites::{self, Lacks};
use crate::process;
use crate::summary::{Counts, Summary};
use crate::web;
use crate::workspace;
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// `cargo xtask e2e`: the browser tests alone.
pub fn run(url: Option<String>, budget: bool) -> Result<()> {
    let mut lacks = Lacks::default();
    let chromium = lacks.note(prerequisites::chromium());
    lacks.note(prerequisites::node());
    lacks.refuse()?;
    let chromium = chromium.expect("nothing was missing");
    web::install()?;
    let (url, _stopped_when_dropped) = match url {
        Some(url) => (url, None),
        None => {
            let demo = Demo::start(&workspace::build_program()?)?;
            (demo.url().to_owned(), Some(demo))
        }
    };
    let mut summary = Summary::default();
    summary.stage("pages in Chromium", |counts| test(&url, &chromium, counts));
    if budget {
        summary.stage("budgets of the map page", |_| measure(&url, &chromium));
    }
    summary.close()
}

/// Runs every browser test against a running server.
pub fn test(url: &str, chromium: &Path, counts: &mut Counts) -> Result<()> {
    let files = test_files()?;
    ensure!(!files.is_empty(), "web/e2e holds no tests");
    // One file after the other: they share the server's clock.
    let mut node = node(url, chromium);
    node.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]).args(files);
    process::run_seeing(&mut node, |line| counts.read(line))
}

/// Measures the map page.
pub fn measure(url: &str, chromium: &Path) -> Result<()> {
    process::run(node(url, chromium).arg("e2e/budget.mjs"))
}

fn node(url: &str, chromium: &Path) -> Command {
    let mut node = Command::new("node");
    node.current_dir(workspace::web()).env("QINGKONG_URL", url).env("QINGKONG_CHROMIUM", chromium);
    node
}

/// Node 20 does not expand patterns itself.
fn test_files() -> Result<Vec<PathBuf>> {
    let folder = workspace::web().join("e2e");
    let entries = std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
    let paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    let mut tests: Vec<_> = paths.into_iter().filter(|path| path.to_string_lossy().ends_with(".test.mjs")).collect();
    tests.sort();
    Ok(tests)
}
