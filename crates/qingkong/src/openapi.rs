use crate::failure::Failure;
use std::path::PathBuf;

/// `qingkong openapi`.
#[derive(clap::Args)]
pub struct Args {
    /// Write here instead of standard output.
    #[arg(short, long)]
    output: Option<PathBuf>,
}

/// Writes the OpenAPI 3.1 description of the HTTP API, generated from the code.
pub fn run(args: Args) -> Result<(), Failure> {
    let text = server::openapi_json();
    match args.output {
        Some(path) => std::fs::write(&path, text)
            .map_err(|error| Failure::refused(format_args!("cannot write {}: {error}", path.display()))),
        None => {
            println!("{text}");
            Ok(())
        }
    }
}
