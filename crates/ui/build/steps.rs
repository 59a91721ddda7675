use crate::{npm, page, stamp};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The name of npm on this system.
pub const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// What a person runs to get the front end into the build.
pub const COMMANDS: [&str; 2] = ["npm --prefix web ci", "cargo run --release -- demo"];

/// Where things are and what is wanted.
pub struct Setting {
    /// The front end's source folder; may be absent.
    pub web: PathBuf,
    /// Where the built front end goes, to be embedded.
    pub dist: PathBuf,
    /// What the environment asks for.
    pub mode: Mode,
    /// The npm program.
    pub npm: OsString,
}

/// What `QINGKONG_UI` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Build when possible, else a page that says why not.
    Auto,
    /// Never touch Node.
    Skip,
    /// A front end that cannot be built is an error.
    Require,
}

/// How it went.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Asked to leave the front end out.
    Skipped,
    /// What is there was built from these very inputs.
    Fresh,
    /// The `web/dist` that came with the source was taken.
    Shipped,
    /// Built now.
    Built,
    /// Not built, with the reason.
    Placeholder(String),
}

impl Mode {
    /// Unknown words mean the default: a typing error must not change what is built into an error.
    pub fn from_word(word: Option<&str>) -> Mode {
        match word {
            Some("skip") => Mode::Skip,
            Some("require") => Mode::Require,
            _ => Mode::Auto,
        }
    }
}

/// Leaves a folder at `dist` that can be embedded, whatever happens; an error only under [`Mode::Require`].
pub fn run(setting: &Setting) -> Result<Outcome, String> {
    if setting.mode == Mode::Skip {
        let reason = "构建时设置了 QINGKONG_UI=skip / built with QINGKONG_UI=skip";
        return stand_in(&setting.dist, reason).map(|()| Outcome::Skipped);
    }
    match provide(setting) {
        Ok(outcome) => Ok(outcome),
        Err(reason) if setting.mode == Mode::Require => Err(reason),
        Err(reason) => stand_in(&setting.dist, &reason).map(|()| Outcome::Placeholder(reason)),
    }
}

fn provide(setting: &Setting) -> Result<Outcome, String> {
    if !setting.web.join("package.json").exists() {
        return Err(format!("there is no front end source at {}", setting.web.display()));
    }
    let wanted = stamp::of_inputs(&setting.web).map_err(|e| format!("cannot read the front end source: {e}"))?;
    let carries = |folder: &Path| stamp::read(folder, stamp::STAMP_FILE).as_deref() == Some(wanted.as_str());
    if carries(&setting.dist) {
        return Ok(Outcome::Fresh);
    }
    let shipped = setting.web.join("dist");
    let outcome = if carries(&shipped) {
        empty(&setting.dist)?;
        copy(&shipped, &setting.dist)?;
        Outcome::Shipped
    } else {
        npm::build(&setting.npm, &setting.web, &setting.dist)?;
        Outcome::Built
    };
    // Written last: a build that was cut short carries no stamp and is done again.
    std::fs::write(setting.dist.join(stamp::STAMP_FILE), wanted).map_err(|e| format!("cannot write the stamp: {e}"))?;
    Ok(outcome)
}

fn stand_in(dist: &Path, reason: &str) -> Result<(), String> {
    empty(dist)?;
    std::fs::write(dist.join("index.html"), page::placeholder(reason))
        .map_err(|e| format!("cannot write {}: {e}", dist.display()))
}

fn empty(dist: &Path) -> Result<(), String> {
    if dist.exists() {
        std::fs::remove_dir_all(dist).map_err(|e| format!("cannot empty {}: {e}", dist.display()))?;
    }
    std::fs::create_dir_all(dist).map_err(|e| format!("cannot make {}: {e}", dist.display()))
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let failed = |e: std::io::Error| format!("cannot copy {}: {e}", from.display());
    std::fs::create_dir_all(to).map_err(failed)?;
    for entry in std::fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target).map_err(failed)?;
        }
    }
    Ok(())
}
