//! The importers over a whole collection of real files; started by `cargo xtask corpus DIR`.

#[path = "../corpus.rs"]
mod corpus;
#[path = "../corpus_guidance.rs"]
mod corpus_guidance;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(dir) = std::env::args_os().nth(1) else {
        eprintln!("usage: corpus DIR");
        return ExitCode::from(2);
    };
    match corpus::run(Path::new(&dir)).and(corpus_guidance::run(Path::new(&dir))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("corpus: {error:#}");
            ExitCode::FAILURE
        }
    }
}
