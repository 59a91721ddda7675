//! The importers over a whole collection of real files; started by `cargo xtask corpus DIR`.

#[path = "../corpus.rs"]
mod corpus;
#[path = "../corpus_guidance.rs"]
mod corpus_guidance;
#[path = "../corpus_hj212.rs"]
mod corpus_hj212;
#[path = "../corpus_list.rs"]
mod corpus_list;
#[path = "../corpus_transport.rs"]
mod corpus_transport;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(dir) = std::env::args_os().nth(1) else {
        eprintln!("usage: corpus DIR");
        return ExitCode::from(2);
    };
    let dir = Path::new(&dir);
    let checks = [corpus::run, corpus_guidance::run, corpus_hj212::run, corpus_list::run, corpus_transport::run];
    let mut outcome = ExitCode::SUCCESS;
    for check in checks {
        if let Err(error) = check(dir) {
            eprintln!("corpus: {error:#}");
            outcome = ExitCode::FAILURE;
        }
    }
    outcome
}
