//! What the tests need from the machine, where it is looked for, and how to get it.

use crate::process;
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// Oldest Node that the front end's tools run on.
const NODE: (u32, u32) = (20, 19);

/// Something the machine lacks.
pub struct Lack {
    what: &'static str,
    looked_at: String,
    debian: &'static str,
    fedora: &'static str,
    macos: &'static str,
    or: &'static str,
}

/// The database server that storage tests use.
pub enum Database {
    /// Given by the caller in `QINGKONG_TEST_PG`.
    Running(String),
    /// Folder of the programs with which a private one is started.
    Programs(PathBuf),
}

/// Finds a PostgreSQL server or the programs to start one.
pub fn database() -> Result<Database, Lack> {
    let running = variable("QINGKONG_TEST_PG").map(Database::Running);
    running.or_else(|| database_programs().map(Database::Programs)).ok_or_else(|| Lack {
        what: "PostgreSQL server programs (initdb, pg_ctl, postgres): storage is tested on SQLite and PostgreSQL",
        looked_at: "QINGKONG_TEST_PG, PATH, /usr/lib/postgresql/*/bin, /usr/pgsql-*/bin, Homebrew".into(),
        debian: "sudo apt-get install postgresql",
        fedora: "sudo dnf install postgresql-server",
        macos: "brew install postgresql@17",
        or: "set QINGKONG_TEST_PG to a server that tests may write to, such as postgres://user@127.0.0.1/test",
    })
}

/// Folder of a complete set of server programs.
pub fn database_programs() -> Option<PathBuf> {
    let complete = |folder: &PathBuf| ["initdb", "pg_ctl", "postgres"].iter().all(|p| folder.join(p).is_file());
    database_folders().into_iter().find(complete)
}

/// Finds a Chromium or Chrome.
pub fn chromium() -> Result<PathBuf, Lack> {
    let named = variable("QINGKONG_CHROMIUM").map(PathBuf::from);
    let known = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].into_iter().map(on_path);
    let macos = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ];
    let places = named.into_iter().chain(known.flatten()).chain(macos.map(PathBuf::from));
    places.into_iter().find(|path| path.is_file()).ok_or_else(|| Lack {
        what: "Chromium or Chrome: the pages are tested in a real browser",
        looked_at: "QINGKONG_CHROMIUM, chromium, chromium-browser and google-chrome on PATH, /Applications".into(),
        debian: "sudo apt-get install chromium fonts-noto-cjk",
        fedora: "sudo dnf install chromium google-noto-sans-cjk-fonts",
        macos: "brew install --cask chromium",
        or: "set QINGKONG_CHROMIUM to the program's path",
    })
}

/// Checks Node and npm.
pub fn node() -> Result<(), Lack> {
    let found = process::output_of("node", &["--version"]);
    let recent = found.as_deref().and_then(version).is_some_and(|version| version >= NODE);
    if recent && process::output_of("npm", &["--version"]).is_some() {
        return Ok(());
    }
    Err(Lack {
        what: "Node 20.19 or later with npm: the front end is built and tested with it",
        looked_at: format!("PATH, where node is {}", found.as_deref().unwrap_or("not found")),
        debian: "sudo apt-get install nodejs npm   (Debian 13 or later; before that https://nodejs.org/en/download)",
        fedora: "sudo dnf install nodejs npm",
        macos: "brew install node",
        or: "run `cargo xtask test --only rust`, which needs no Node",
    })
}

/// Collects what is missing, so that one round of installing is enough.
#[derive(Default)]
pub struct Lacks(Vec<Lack>);

impl Lacks {
    /// Keeps what was found, notes what was not.
    pub fn note<T>(&mut self, found: Result<T, Lack>) -> Option<T> {
        found.map_err(|lack| self.0.push(lack)).ok()
    }

    /// Says everything that is missing and how to get it; fails unless that is nothing.
    pub fn refuse(&self) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        eprintln!("Not on this machine:");
        self.0.iter().for_each(|lack| eprintln!("\n{}", lack.text()));
        bail!("{} missing; nothing was run", self.0.len())
    }
}

impl Lack {
    fn text(&self) -> String {
        let Self { what, looked_at, debian, fedora, macos, or } = self;
        format!(
            "  {what}\n    looked at: {looked_at}\n    Debian, Ubuntu:  {debian}\n    Fedora:          {fedora}\n    \
             macOS:           {macos}\n    or:              {or}"
        )
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn database_folders() -> Vec<PathBuf> {
    // A link on PATH is followed: its neighbours stand in the folder it points to.
    let linked = ["postgres", "initdb"].into_iter().filter_map(on_path).filter_map(|path| path.canonicalize().ok());
    let mut folders: Vec<PathBuf> = linked.filter_map(|path| path.parent().map(Path::to_path_buf)).collect();
    for (parent, prefix) in [
        ("/usr/lib/postgresql", ""),
        ("/usr", "pgsql-"),
        ("/opt/homebrew/opt", "postgresql@"),
        ("/usr/local/opt", "postgresql@"),
    ] {
        folders.extend(newest_first(parent, prefix).into_iter().map(|folder| folder.join("bin")));
    }
    folders
}

fn newest_first(parent: &str, prefix: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    let named = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix));
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(named).collect();
    folders.sort();
    folders.reverse();
    folders
}

fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim_start_matches('v').split('.').map(str::parse::<u32>);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_compare_by_number() {
        assert_eq!(version("v20.20.2"), Some((20, 20)));
        assert!(version("v20.9.0").unwrap() < NODE);
        assert!(version("v22.1.0").unwrap() >= NODE);
        assert_eq!(version("not found"), None);
    }

    #[test]
    fn a_lack_names_every_way_to_end_it() {
        let lack = Lack {
            what: "a thing",
            looked_at: "PATH".into(),
            debian: "apt-get install thing",
            fedora: "dnf install thing",
            macos: "brew install thing",
            or: "set THING",
        };
        for word in ["a thing", "PATH", "apt-get", "dnf", "brew", "set THING"] {
            assert!(lack.text().contains(word), "{word}");
        }
        let mut lacks = Lacks::default();
        assert_eq!(lacks.note(Ok(3)), Some(3));
        assert!(lacks.refuse().is_ok());
        assert_eq!(lacks.note::<u8>(Err(lack)), None);
        assert!(lacks.refuse().is_err());
    }
}
