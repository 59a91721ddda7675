use crate::outcome::Outcome;
use crate::program;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// No call of a scenario may hang the whole run.
const PATIENCE: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(5);

/// One call of the program, not yet made.
pub struct Call {
    command: Command,
    input: Vec<u8>,
    line: String,
}

/// A call with these words as its arguments; no argument of a scenario holds a space.
pub fn qingkong(words: &str) -> Call {
    let mut command = Command::new(program::path());
    command.args(words.split_whitespace()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // Colours and the caller's own settings would change what is read back.
    command.env("NO_COLOR", "1").env_remove("RUST_LOG");
    Call { command, input: Vec::new(), line: format!("qingkong {words}") }
}

impl Call {
    /// Bytes on standard input.
    pub fn reading(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    /// The folder the call is made in.
    pub fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Makes the call and waits for its end.
    pub fn run(mut self) -> Outcome {
        let mut child = self.command.spawn().expect("the program can be started");
        feed(&mut child, self.input);
        let output = collect(child.stdout.take().expect("asked for"));
        let error = collect(child.stderr.take().expect("asked for"));
        let (status, peak_memory_kb) = wait(&mut child, &self.line);
        Outcome { line: self.line, code: status.code(), output: text(output), error: text(error), peak_memory_kb }
    }
}

/// The program may refuse before it has read everything, which closes the pipe.
fn feed(child: &mut Child, input: Vec<u8>) {
    let mut pipe = child.stdin.take().expect("asked for");
    thread::spawn(move || drop(pipe.write_all(&input)));
}

fn collect(mut stream: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("a pipe of one's own child can be read");
        bytes
    })
}

fn text(stream: JoinHandle<Vec<u8>>) -> String {
    let bytes = stream.join().expect("reading does not panic");
    String::from_utf8(bytes).expect("the program writes UTF-8")
}

fn wait(child: &mut Child, line: &str) -> (ExitStatus, Option<u64>) {
    let deadline = Instant::now() + PATIENCE;
    let mut peak = None;
    loop {
        peak = peak_memory_kb(child.id()).or(peak);
        if let Some(status) = child.try_wait().expect("one's own child can be waited for") {
            return (status, peak);
        }
        if Instant::now() > deadline {
            child.kill().expect("one's own child can be ended");
            panic!("`{line}` did not end within {PATIENCE:?}");
        }
        thread::sleep(POLL);
    }
}

/// Highest resident memory so far, where the system tells it.
fn peak_memory_kb(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
