use crate::program;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// A server that does not say its address within this time will never do so.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running `qingkong serve`. Dropped, it is killed.
pub struct Server {
    child: Child,
    /// Host and port it listens on.
    pub address: String,
}

/// Starts a server with these words as its arguments and waits until it listens.
pub fn serve(words: &[&str]) -> Server {
    let mut command = Command::new(program::path());
    command.arg("serve").args(["--listen", "127.0.0.1:0"]).args(words);
    command.env("NO_COLOR", "1").env_remove("RUST_LOG").stdin(Stdio::null()).stdout(Stdio::null());
    let mut child = command.stderr(Stdio::piped()).spawn().expect("the program can be started");
    let lines = BufReader::new(child.stderr.take().expect("asked for")).lines();
    let (told, address) = mpsc::channel();
    // Read to the end: a server whose pipe is full would stand still.
    thread::spawn(move || {
        let mut said = String::new();
        for line in lines.map_while(Result::ok) {
            if let Some((_, address)) = line.split_once("http://") {
                drop(told.send(Ok(address.trim().to_string())));
            }
            said.push_str(&line);
            said.push('\n');
        }
        drop(told.send(Err(said)));
    });
    match address.recv_timeout(PATIENCE) {
        Ok(Ok(address)) => Server { child, address },
        Ok(Err(said)) => panic!("the server ended before it listened:\n{said}"),
        Err(_) => panic!("the server did not listen within {PATIENCE:?}"),
    }
}

impl Server {
    /// Ends it as a power cut would (`SIGKILL`).
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // One that has ended by itself cannot be ended again, and that is fine.
        drop(self.child.kill());
        self.child.wait().expect("one's own child can be waited for");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}
