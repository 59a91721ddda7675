use std::path::{Path, PathBuf};

/// Path of the program under test: `QINGKONG_BIN`, or the one in the same target folder as these tests.
pub fn path() -> PathBuf {
    let named = std::env::var_os("QINGKONG_BIN").map(PathBuf::from);
    let path = named.unwrap_or_else(beside_these_tests);
    assert!(
        path.is_file(),
        "{} is not there: run `cargo xtask test`, or build it with `cargo build --package qingkong`",
        path.display()
    );
    path
}

fn beside_these_tests() -> PathBuf {
    let own = std::env::current_exe().expect("a running program has a path");
    let folder = own.ancestors().nth(2).unwrap_or(Path::new("."));
    folder.join(format!("qingkong{}", std::env::consts::EXE_SUFFIX))
}
