use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};

/// What the built front end depends on, and nothing else: a watched path that the build itself writes,
/// or that is missing, would make every `cargo build` run it again. `build` holds its Vite plugins.
const INPUTS: [&str; 8] =
    ["src", "build", "public", "index.html", "package.json", "package-lock.json", "vite.config.ts", "tsconfig.json"];

/// The file inside a built front end that holds the hash of what it was built from.
pub const STAMP_FILE: &str = ".qingkong-stamp";

/// The inputs that exist; the folder above `web` when there is no front end beside the code.
pub fn watched(web: &Path) -> Vec<PathBuf> {
    let inputs: Vec<PathBuf> = INPUTS.iter().map(|name| web.join(name)).filter(|path| path.exists()).collect();
    if inputs.is_empty() { vec![web.to_path_buf()] } else { inputs }
}

/// Hash over names and contents of all inputs, independent of file times and of the folder's place.
pub fn of_inputs(web: &Path) -> io::Result<String> {
    of(web, &INPUTS)
}

/// Hash over what decides the content of `node_modules`.
pub fn of_packages(web: &Path) -> io::Result<String> {
    of(web, &["package.json", "package-lock.json"])
}

/// The stamp a folder carries, if any.
pub fn read(folder: &Path, name: &str) -> Option<String> {
    std::fs::read_to_string(folder.join(name)).ok().map(|text| text.trim().to_string())
}

fn of(web: &Path, names: &[&str]) -> io::Result<String> {
    let mut files = Vec::new();
    for name in names {
        collect(&web.join(name), &mut files)?;
    }
    files.sort();
    let mut hash = Sha256::new();
    for file in &files {
        let content = std::fs::read(file)?;
        let name = file.strip_prefix(web).unwrap_or(file).to_string_lossy().replace('\\', "/");
        hash.update(format!("{name}\n{}\n", content.len()));
        hash.update(content);
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_dir() {
        for entry in std::fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else if path.exists() {
        files.push(path.to_path_buf());
    }
    Ok(())
}
