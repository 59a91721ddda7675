//! The tests of all crates, on SQLite and PostgreSQL.

use crate::postgres::Cluster;
use crate::prerequisites::Database;
use crate::process;
use crate::summary::Counts;
use crate::workspace;
use anyhow::Result;
use std::path::Path;

/// Settings under which the project's own crates are tested: optimised, and with every check switched on.
///
/// The dependencies keep the settings of the shipped program, so that they are compiled once for both. The server is
/// glue around engines that stay fast: optimising it three times over would be most of a run.
const CHECKED: [&str; 5] = [
    "profile.release.debug-assertions=true",
    "profile.release.overflow-checks=true",
    "profile.release.package.\"*\".debug-assertions=false",
    "profile.release.package.\"*\".overflow-checks=false",
    "profile.release.package.qingkong-server.opt-level=1",
];

/// Runs all tests; those of storage use `database`, the scenarios drive `program`.
pub fn test(database: &Database, program: &Path, counts: &mut Counts) -> Result<()> {
    let (url, _stopped_when_dropped) = match database {
        Database::Running(url) => (url.clone(), None),
        Database::Programs(folder) => {
            let cluster = Cluster::start(folder)?;
            (cluster.url(), Some(cluster))
        }
    };
    // Examples are measuring programs: the lints have checked that they compile, and generating them takes minutes.
    let outcomes = [&["--lib", "--bins", "--tests"][..], &["--doc"]].map(|targets| {
        let mut command = workspace::cargo();
        command.args(["test", "--release", "--workspace", "--no-fail-fast"]).args(targets);
        command.args(CHECKED.iter().flat_map(|setting| ["--config", setting]));
        command.env("QINGKONG_TEST_PG", &url).env("QINGKONG_BIN", program);
        process::run_seeing(&mut command, |line| counts.read(line))
    });
    outcomes.into_iter().collect()
}
