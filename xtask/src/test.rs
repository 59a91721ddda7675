//! `cargo xtask test`: all tests, in the order in which they fail fastest.

use crate::demo::Demo;
use crate::prerequisites::{self, Lacks};
use crate::summary::Summary;
use crate::workspace;
use crate::{browser, gen_api, rust, web};
use anyhow::Result;
use clap::ValueEnum;

/// A part of the tests that can be run alone.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The crates, on SQLite and PostgreSQL, and the scenarios that drive the program
    Rust,
    /// The front end's lint, types, unit tests and generated API types
    Web,
    /// The pages in Chromium
    E2e,
}

/// Checks what is needed, runs the parts asked for, and closes with a summary.
pub fn run(only: Option<Part>) -> Result<()> {
    let wanted = |part| only.is_none_or(|only| only == part);
    let mut lacks = Lacks::default();
    let database = wanted(Part::Rust).then(|| lacks.note(prerequisites::database())).flatten();
    let chromium = wanted(Part::E2e).then(|| lacks.note(prerequisites::chromium())).flatten();
    if wanted(Part::Web) || wanted(Part::E2e) {
        lacks.note(prerequisites::node());
    }
    lacks.refuse()?;

    let mut summary = Summary::default();
    let program = summary.stage("building the program", |_| workspace::build_program());
    if let (Some(database), Some(program)) = (&database, &program) {
        summary.stage("crates and scenarios", |counts| rust::test(database, program, counts));
    }
    if wanted(Part::Web) {
        summary.stage("front end", web::test);
        if let Some(program) = &program {
            summary.stage("API types", |_| gen_api::compare(program));
        }
    }
    if let (Some(chromium), Some(_)) = (&chromium, &program) {
        summary.stage("pages in Chromium", |counts| {
            web::install()?;
            // The crates' tests may have left a build with more checks in the program's place.
            let demo = Demo::start(&workspace::build_program()?)?;
            browser::test(demo.url(), chromium, counts)
        });
    }
    summary.close()
}
