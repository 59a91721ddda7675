use std::fmt::{self, Display};
use std::process::ExitCode;

/// Why a command stopped: what to say on standard error, and the exit code (1: the input was refused).
#[derive(Debug)]
pub struct Failure {
    message: String,
}

impl Failure {
    /// The input was refused: says what, where and what was kept. Exit code 1.
    pub fn refused(reason: impl Display) -> Self {
        Failure { message: reason.to_string() }
    }

    /// The exit code of the process.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(1)
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Every error type of the workspace carries its code and its place in its text.
impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            let text = inner.to_string();
            if !message.contains(&text) {
                message = format!("{message}: {text}");
            }
            cause = inner.source();
        }
        Failure { message }
    }
}
