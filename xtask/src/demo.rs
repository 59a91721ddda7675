//! A demonstration server for the browser tests: started on a free port, stopped when dropped.

use crate::process;
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Sender};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Importing the bundled years and training may take minutes on a slow machine.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// A running `qingkong demo` in a data folder of its own.
pub struct Demo {
    child: Child,
    url: String,
    _folder: TempDir,
}

impl Demo {
    /// Starts the program and waits until it has printed its address.
    pub fn start(program: &Path) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("qingkong-demo-").tempdir()?;
        let mut command = Command::new(program);
        command.args(["demo", "--listen", "127.0.0.1:0", "--data-dir"]).arg(folder.path().join("data"));
        let mut child = process::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
        let (send, lines) = mpsc::channel();
        let log = File::create(folder.path().join("log"))?;
        follow(child.stdout.take().expect("asked for"), log.try_clone()?, send.clone());
        follow(child.stderr.take().expect("asked for"), log, send);
        let mut demo = Self { child, url: String::new(), _folder: folder };
        demo.url = demo.wait_for_address(&lines)?;
        Ok(demo)
    }

    /// Address of the pages, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn wait_for_address(&mut self, lines: &mpsc::Receiver<String>) -> Result<String> {
        let deadline = Instant::now() + PATIENCE;
        let mut said = String::new();
        while Instant::now() < deadline && !process::interrupted() {
            if let Ok(line) = lines.recv_timeout(Duration::from_millis(100)) {
                if let Some(url) = address(&line) {
                    return Ok(url);
                }
                said += &line;
                said.push('\n');
            } else if let Some(status) = self.child.try_wait().context("waiting for the demonstration")? {
                bail!("the demonstration ended with {status} before it printed an address:\n{said}");
            }
        }
        bail!("the demonstration printed no address in time:\n{said}")
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        process::stop(&mut self.child, Duration::from_secs(10));
    }
}

/// Copies a stream to the log, so that the program never waits for a reader, and hands its lines on.
fn follow(stream: impl Read + Send + 'static, mut log: File, send: Sender<String>) {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            // Nobody listens any more once the address is known; the log alone is then the purpose.
            drop(writeln!(log, "{line}"));
            drop(send.send(line));
        }
    });
}

fn address(line: &str) -> Option<String> {
    let start = line.find("http://")?;
    let url = line[start..].split(|c: char| c.is_whitespace() || c == '\x1b' || !c.is_ascii()).next()?;
    let url = url.trim_end_matches(['/', '.', ',']);
    url.rsplit(':').next()?.parse::<u16>().is_ok().then(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_among_words() {
        let found = |line| address(line).unwrap();
        assert_eq!(found("Serving on http://127.0.0.1:8080/"), "http://127.0.0.1:8080");
        assert_eq!(found("打开 http://127.0.0.1:41877，按 Ctrl-C 结束"), "http://127.0.0.1:41877");
        assert_eq!(found("\x1b[1mhttp://127.0.0.1:9\x1b[0m ready"), "http://127.0.0.1:9");
    }

    #[test]
    fn other_links_are_no_address() {
        assert_eq!(address("see http://example.org/help"), None);
        assert_eq!(address("importing"), None);
    }
}
