//! Where things lie: the root of the project, the built program, the front end.

use crate::process;
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Root folder of the project.
///
/// Asked of the running cargo: checkouts that share a target folder share this program too, so the path it was
/// compiled in may be another checkout's.
pub fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let compiled_in = || env!("CARGO_MANIFEST_DIR").into();
        let manifest = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(compiled_in));
        manifest.parent().expect("xtask lies one folder below the root").to_path_buf()
    })
}

/// Folder of the front end.
pub fn web() -> PathBuf {
    root().join("web")
}

/// A `cargo` call in the root, by the cargo that started this program.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    // Told to this program by the cargo that runs it. Handed on, they make build scripts that look at them (ring's
    // does) run again, and with them half of what depends on it, at every change between this and a plain call.
    let of_this_package = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(of_this_package)) {
        command.env_remove(name);
    }
    command
}

/// Builds the program as it is shipped and returns its path.
///
/// `QINGKONG_UI` stays as the caller has it: a changed switch would make cargo build the server again.
pub fn build_program() -> Result<PathBuf> {
    process::run(cargo().args(["build", "--release", "--package", "qingkong"]))?;
    let program = target_dir()?.join("release").join("qingkong");
    ensure!(program.is_file(), "cargo built no {}", program.display());
    Ok(program)
}

/// The target folder in use, wherever configuration has put it: this very program lies two levels below it.
fn target_dir() -> Result<PathBuf> {
    let own = std::env::current_exe().context("finding the path of this program")?;
    own.ancestors().nth(2).map(Path::to_path_buf).context("this program lies outside a target folder")
}

/// An absolute form of a path given on the command line, which is relative to where the command was typed.
pub fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).with_context(|| format!("reading the path {}", path.display()))
}
