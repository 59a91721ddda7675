//! The `qingkong` binary: subcommands, configuration, progress bars.

mod failure;

use std::process::ExitCode;

fn main() -> ExitCode {
    let failure = failure::Failure::refused(format_args!("{} is not wired yet", units::Pollutant::Pm25));
    eprintln!("{failure}");
    failure.exit_code()
}
