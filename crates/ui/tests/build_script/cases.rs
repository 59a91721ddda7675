use crate::steps::{Mode, Outcome, Setting};
use crate::{stamp, steps};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;

/// Writes `index.html` where `--outDir` (the fifth word) says, and a line per call beside itself.
const GOOD_NPM: &str = r#"#!/bin/sh
echo "$1" >> "$(dirname "$0")/calls"
if [ "$1" = run ]; then mkdir -p "$5" && echo built > "$5/index.html"; fi
"#;

fn house(npm: &str) -> (TempDir, Setting) {
    let dir = tempfile::tempdir().unwrap();
    let web = dir.path().join("web");
    fs::create_dir_all(web.join("src")).unwrap();
    for (name, text) in [("package.json", "{}"), ("package-lock.json", "{}"), ("src/main.ts", "1"), ("index.html", "")]
    {
        fs::write(web.join(name), text).unwrap();
    }
    let program = dir.path().join("npm");
    fs::write(&program, npm).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let setting = Setting { dist: dir.path().join("out/dist"), mode: Mode::Auto, npm: program.into(), web };
    (dir, setting)
}

fn calls(dir: &TempDir) -> Vec<String> {
    let text = fs::read_to_string(dir.path().join("calls")).unwrap_or_default();
    text.lines().map(str::to_string).collect()
}

fn page(setting: &Setting) -> String {
    fs::read_to_string(setting.dist.join("index.html")).unwrap()
}

#[test]
fn builds_once_and_again_only_when_the_content_changes() {
    let (dir, setting) = house(GOOD_NPM);
    assert_eq!(steps::run(&setting), Ok(Outcome::Built));
    assert_eq!(steps::run(&setting), Ok(Outcome::Fresh));
    fs::write(setting.web.join("src/main.ts"), "1").unwrap();
    assert_eq!(steps::run(&setting), Ok(Outcome::Fresh), "touched, not changed");
    fs::write(setting.web.join("src/main.ts"), "2").unwrap();
    assert_eq!(steps::run(&setting), Ok(Outcome::Built));
    assert_eq!(calls(&dir), ["ci", "run", "run"], "packages are installed once");
    fs::write(setting.web.join("package-lock.json"), "{ }").unwrap();
    assert_eq!(steps::run(&setting), Ok(Outcome::Built));
    assert_eq!(calls(&dir).last_chunk::<2>().unwrap(), &["ci", "run"], "a changed lock file installs again");
}

#[test]
fn without_npm_a_page_says_why_and_how_and_the_next_build_tries_again() {
    let (_dir, mut setting) = house(GOOD_NPM);
    let npm = std::mem::replace(&mut setting.npm, "/nonexistent/npm".into());
    assert!(matches!(steps::run(&setting), Ok(Outcome::Placeholder(reason)) if reason.contains("is Node installed?")));
    let shown = page(&setting);
    assert!(
        shown.contains("is Node installed?")
            && steps::COMMANDS.iter().all(|c| shown.contains(c))
            && shown.contains("原因")
    );
    setting.npm = npm;
    assert_eq!(steps::run(&setting), Ok(Outcome::Built));
    assert_eq!(page(&setting), "built\n");
}

#[test]
fn a_failing_build_is_quoted_escaped_and_under_require_an_error() {
    let (_dir, mut setting) = house("#!/bin/sh\necho 'src/App.vue: Type <T> is wrong' >&2\nexit 3\n");
    assert!(matches!(steps::run(&setting), Ok(Outcome::Placeholder(_))));
    assert!(page(&setting).contains("Type &lt;T&gt; is wrong"));
    setting.mode = Mode::Require;
    assert!(steps::run(&setting).unwrap_err().contains("Type <T> is wrong"));
}

#[test]
fn a_build_that_writes_nothing_is_not_taken_for_a_front_end() {
    let (_dir, setting) = house("#!/bin/sh\n");
    assert!(matches!(steps::run(&setting), Ok(Outcome::Placeholder(reason)) if reason.contains("no index.html")));
}

#[test]
fn skip_never_starts_node() {
    let (dir, mut setting) = house(GOOD_NPM);
    setting.mode = Mode::from_word(Some("skip"));
    assert_eq!(steps::run(&setting), Ok(Outcome::Skipped));
    assert_eq!((calls(&dir).len(), page(&setting).contains("QINGKONG_UI=skip")), (0, true));
}

#[test]
fn a_shipped_front_end_of_the_same_source_needs_no_node() {
    let (_dir, mut setting) = house(GOOD_NPM);
    setting.npm = "/nonexistent/npm".into();
    let shipped = setting.web.join("dist");
    fs::create_dir_all(shipped.join("assets")).unwrap();
    fs::write(shipped.join("index.html"), "shipped").unwrap();
    fs::write(shipped.join("assets/a.js"), "1").unwrap();
    fs::write(shipped.join(stamp::STAMP_FILE), stamp::of_inputs(&setting.web).unwrap()).unwrap();
    assert_eq!(steps::run(&setting), Ok(Outcome::Shipped));
    assert_eq!((page(&setting).as_str(), setting.dist.join("assets/a.js").exists()), ("shipped", true));
    fs::write(setting.web.join("src/main.ts"), "2").unwrap();
    assert!(matches!(steps::run(&setting), Ok(Outcome::Placeholder(_))), "another source, another front end");
}

#[test]
fn without_a_source_folder_there_is_a_page_and_one_watched_path() {
    let (_dir, mut setting) = house(GOOD_NPM);
    setting.web = Path::new("/nonexistent/web").into();
    assert!(matches!(steps::run(&setting), Ok(Outcome::Placeholder(reason)) if reason.contains("/nonexistent/web")));
    assert_eq!(stamp::watched(&setting.web), [setting.web.clone()]);
}

#[test]
fn what_is_watched_exists_and_is_not_written_by_the_build() {
    let (_dir, setting) = house(GOOD_NPM);
    let watched = stamp::watched(&setting.web);
    assert_eq!(watched.len(), 4);
    assert!(watched.iter().all(|path| path.exists() && !path.ends_with("dist") && !path.ends_with("node_modules")));
}

#[test]
fn the_environment_has_three_words_and_a_typing_error_is_none_of_them() {
    let modes = [Some("skip"), Some("require"), Some("Require"), None].map(Mode::from_word);
    assert_eq!(modes, [Mode::Skip, Mode::Require, Mode::Auto, Mode::Auto]);
    assert!(steps::NPM.starts_with("npm"));
}
