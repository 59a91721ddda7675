//! Developer commands of Qingkong, the same at the desk and in CI: `cargo xtask <command>`.
//!
//! This program stays light (it is compiled before everything else); what needs the domain crates runs as a
//! program of its own, which is why `corpus` is a second binary behind a feature.

mod bench;
mod browser;
mod checks;
mod corpus_command;
mod demo;
mod gen_api;
mod postgres;
mod prerequisites;
mod process;
mod rust;
mod summary;
mod test;
mod web;
mod workspace;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Developer commands of Qingkong")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run all tests: Rust on SQLite and PostgreSQL, the front end, and the pages in a real Chromium
    Test {
        /// Run one part only
        #[arg(long, value_enum)]
        only: Option<test::Part>,
    },
    /// Import every observation file below DIR/data and compare the reports with what is known about each
    Corpus {
        /// Folder that holds `data/air` and `data/stations`
        dir: PathBuf,
    },
    /// Check formatting and lints, then run all tests
    Ci {
        /// Stop after formatting and lints
        #[arg(long)]
        checks_only: bool,
    },
    /// Run the browser tests against a demonstration server
    E2e {
        /// Use a server that is already running, such as http://127.0.0.1:8080
        #[arg(long)]
        url: Option<String>,
        /// Also measure the map page against its budgets
        #[arg(long)]
        budget: bool,
    },
    /// Run the benchmarks in `benches/`
    Bench {
        /// Run only the benchmark of this name
        name: Option<String>,
    },
    /// Write the front end's API types from the server's OpenAPI description
    GenApi {
        /// Change nothing; fail when the committed types differ
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\ncargo xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    process::stop_children_on_interrupt()?;
    match command {
        Command::Test { only } => test::run(only),
        Command::Corpus { dir } => corpus_command::run(&dir),
        Command::Ci { checks_only } => {
            checks::run()?;
            if checks_only { Ok(()) } else { test::run(None) }
        }
        Command::E2e { url, budget } => browser::run(url, budget),
        Command::Bench { name } => bench::run(name.as_deref()),
        Command::GenApi { check } => gen_api::run(check),
    }
}
