use std::io::{self, Read};

const LONGEST_LINE_BYTES: usize = 1 << 20;

/// Passes bytes through and refuses a line of more than 1 MiB: a file of a billion commas would otherwise be
/// one row that fills the memory.
pub struct LineGuard<R> {
    inner: R,
    since_line_end: usize,
    line: u64,
}

impl<R: Read> LineGuard<R> {
    /// Guards a reader that stands at the start of its first line.
    pub fn new(inner: R) -> Self {
        LineGuard { inner, since_line_end: 0, line: 1 }
    }
}

impl<R: Read> Read for LineGuard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        for part in buffer[..count].split_inclusive(|byte| *byte == b'\n') {
            self.since_line_end += part.len();
            if self.since_line_end > LONGEST_LINE_BYTES {
                let reason = format!("line {} is longer than 1 MiB, this is no table", self.line);
                return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
            }
            if part.ends_with(b"\n") {
                (self.since_line_end, self.line) = (0, self.line + 1);
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &str) -> io::Result<usize> {
        LineGuard::new(text.as_bytes()).read_to_end(&mut Vec::new())
    }

    #[test]
    fn long_files_pass_and_long_lines_do_not() {
        let line = "x".repeat(LONGEST_LINE_BYTES - 1);
        assert!(read_all(&format!("{line}\n{line}\n{line}")).is_ok());
        let error = read_all(&format!("{line}\n{line},,\n")).unwrap_err().to_string();
        assert!(error.starts_with("line 2 is longer"), "{error}");
    }
}
