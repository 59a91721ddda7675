//! The importers over a whole collection of real files; started by `cargo xtask corpus DIR`.

#[path = "../corpus.rs"]
mod corpus;
#[path = "../corpus_guidance.rs"]
mod corpus_guidance;
#[path = "../corpus_hj212.rs"]
mod corpus_hj212;
#[path = "../corpus_list.rs"]
mod corpus_list;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(dir) = std::env::args_os().nth(1) else {
        eprintln!("usage: corpus DIR");
        return ExitCode::from(2);
    };
    let dir = Path::new(&dir);
    match corpus::run(dir).and(corpus_guidance::run(dir)).and(corpus_hj212::run(dir)).and(corpus_list::run(dir)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("corpus: {error:#}");
            ExitCode::FAILURE
        }
    }
}
