//! Running other programs so that none outlives this one.
//!
//! Every child leads a process group of its own. An interrupt (Ctrl-C or a polite kill) ends that group, and the
//! caller's clean-up (stop the database, remove folders) still runs because the wait returns an error.

use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

const POLL: Duration = Duration::from_millis(20);

/// Turns an interrupt into an orderly end.
pub fn stop_children_on_interrupt() -> Result<()> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::SeqCst)).context("installing the interrupt handler")
}

/// Whether an interrupt has arrived.
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// Runs a program to its end with this program's own output; an exit code other than 0 is an error.
pub fn run(command: &mut Command) -> Result<()> {
    announce(command);
    let child = start(command)?;
    finish(command, child)
}

/// Like [`run`], handing each line of standard output to `see` before it is printed.
pub fn run_seeing(command: &mut Command, mut see: impl FnMut(&str) + Send) -> Result<()> {
    announce(command);
    let mut child = start(command.stdout(Stdio::piped()))?;
    let output = child.stdout.take().expect("standard output was asked for");
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                see(&line);
                println!("{line}");
            }
        });
        finish(command, child)
    })
}

/// Standard output of a short program, trimmed; `None` when it cannot be run or fails.
pub fn output_of(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Starts a program as the leader of a process group.
pub fn start(command: &mut Command) -> Result<Child> {
    command.stdin(Stdio::null()).process_group(0);
    command.spawn().with_context(|| format!("starting {}", name(command)))
}

/// Asks a child's group to end, and insists after `patience`.
pub fn stop(child: &mut Child, patience: Duration) {
    signal_group(child, "TERM");
    let deadline = Instant::now() + patience;
    while Instant::now() < deadline {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        std::thread::sleep(POLL);
    }
    signal_group(child, "KILL");
    // The status of a child that had to be killed tells nothing; waiting only frees its entry.
    drop(child.wait());
}

fn signal_group(child: &Child, signal: &str) {
    let group = format!("-{}", child.id());
    // A group that is already gone is what is wanted.
    drop(Command::new("kill").args([&format!("-{signal}"), "--", &group]).stderr(Stdio::null()).status());
}

fn finish(command: &Command, child: Child) -> Result<()> {
    let status = wait(child)?;
    ensure!(status.success(), "{} ended with {status}", name(command));
    Ok(())
}

fn wait(mut child: Child) -> Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait().context("waiting for a program")? {
            return Ok(status);
        }
        if interrupted() {
            stop(&mut child, Duration::from_secs(5));
            bail!("interrupted");
        }
        std::thread::sleep(POLL);
    }
}

fn announce(command: &Command) {
    let arguments: Vec<_> = command.get_args().map(|a| a.to_string_lossy()).collect();
    eprintln!("\x1b[2m$ {} {}\x1b[0m", name(command), arguments.join(" "));
}

fn name(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    program.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_an_error_that_names_it() {
        let error = run(&mut Command::new("false")).unwrap_err();
        assert!(error.to_string().starts_with("false ended with"), "{error}");
    }

    #[test]
    fn lines_are_seen_in_order() {
        let mut lines = Vec::new();
        let mut command = Command::new("printf");
        run_seeing(command.arg("one\ntwo\n"), |line| lines.push(line.to_owned())).unwrap();
        assert_eq!(lines, ["one", "two"]);
    }

    #[test]
    fn stopping_ends_grandchildren_too() {
        let mut child =
            start(Command::new("sh").args(["-c", "sleep 60 & echo $!; wait"]).stdout(Stdio::piped())).unwrap();
        let mut grandchild = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut grandchild).unwrap();
        stop(&mut child, Duration::from_secs(5));
        let alive = || output_of("kill", &["-0", grandchild.trim()]).is_some();
        for _ in 0..100 {
            if !alive() {
                return;
            }
            std::thread::sleep(POLL);
        }
        panic!("process {} is still there", grandchild.trim());
    }
}
