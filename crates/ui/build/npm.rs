use crate::stamp;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

/// The file inside `node_modules` that says which lock file filled it.
const LOCK_STAMP: &str = ".qingkong-lock";

/// Fills `node_modules` if the lock file changed since it was filled, then builds into `dist`.
pub fn build(npm: &OsStr, web: &Path, dist: &Path) -> Result<(), String> {
    install(npm, web)?;
    run(npm, web, &["run", "build", "--", "--outDir", &dist.to_string_lossy(), "--emptyOutDir"])?;
    if dist.join("index.html").exists() {
        Ok(())
    } else {
        Err(format!("`npm run build` ended well but wrote no index.html into {}", dist.display()))
    }
}

fn install(npm: &OsStr, web: &Path) -> Result<(), String> {
    let wanted = stamp::of_packages(web).map_err(|e| format!("cannot read the package files: {e}"))?;
    let modules = web.join("node_modules");
    // `npm ci` empties the folder under a running `npm run dev`, so it runs only when it must.
    if stamp::read(&modules, LOCK_STAMP).as_deref() == Some(wanted.as_str()) {
        return Ok(());
    }
    run(
        npm,
        web,
        &["ci", "--prefer-offline", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=20000"],
    )?;
    std::fs::create_dir_all(&modules)
        .and_then(|()| std::fs::write(modules.join(LOCK_STAMP), wanted))
        .map_err(|e| format!("cannot mark {}: {e}", modules.display()))
}

fn run(npm: &OsStr, web: &Path, arguments: &[&str]) -> Result<(), String> {
    let shown = format!("npm {}", arguments.join(" "));
    let output = Command::new(npm)
        .args(arguments)
        .current_dir(web)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("`{shown}` could not be started ({e}): is Node installed?"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)].join("\n");
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = lines[lines.len().saturating_sub(12)..].join("\n");
    Err(format!("`{shown}` failed ({})\n{last}", output.status))
}
