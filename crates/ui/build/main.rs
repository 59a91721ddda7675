//! Builds the front end when it can, and never stands in the way of a Rust build when it can't.

mod npm;
mod page;
mod stamp;
mod steps;

use std::path::PathBuf;
use std::process::ExitCode;
use steps::{Mode, Outcome, Setting};

fn main() -> ExitCode {
    let manifest = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it for build scripts"));
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it for build scripts"));
    let web = manifest.join("../../web");
    let setting = Setting {
        dist: out.join("dist"),
        mode: Mode::from_word(std::env::var("QINGKONG_UI").ok().as_deref()),
        npm: steps::NPM.into(),
        web,
    };
    println!("cargo::rustc-env=QINGKONG_UI_DIST={}", setting.dist.display());
    println!("cargo::rerun-if-env-changed=QINGKONG_UI");
    println!("cargo::rerun-if-changed=build");
    for path in stamp::watched(&setting.web) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    match steps::run(&setting) {
        Ok(Outcome::Placeholder(reason)) => {
            println!("cargo::warning=the front end is not in this build: {}", reason.lines().next().unwrap_or(""));
            println!(
                "cargo::warning=install Node 20.19 or newer, then run: {} ; {}",
                steps::COMMANDS[0],
                steps::COMMANDS[1]
            );
            // A path that does not exist makes cargo run this script again at the next build.
            println!("cargo::rerun-if-changed={}", out.join("try-again").display());
            ExitCode::SUCCESS
        }
        Ok(Outcome::Skipped | Outcome::Fresh | Outcome::Shipped | Outcome::Built) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("QINGKONG_UI=require, and the front end could not be built: {failure}");
            ExitCode::FAILURE
        }
    }
}
