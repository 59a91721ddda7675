/// How a call ended.
#[derive(Debug)]
pub struct Outcome {
    /// The call as it would be typed.
    pub line: String,
    /// Exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub error: String,
    /// Highest resident memory in kB, where the system tells it.
    pub peak_memory_kb: Option<u64>,
}

impl Outcome {
    /// The call did what it was asked to do.
    #[track_caller]
    pub fn accepted(self) -> Self {
        assert_eq!(self.code, Some(0), "`{}` was refused:\n{}", self.line, self.error);
        self
    }

    /// The input was refused with this code, and the message holds all of these words.
    #[track_caller]
    pub fn refused(self, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(1), "`{}` should be refused:\n{}{}", self.line, self.output, self.error);
        for word in words {
            assert!(self.error.contains(word), "`{}` should say {word:?}:\n{}", self.line, self.error);
        }
        assert!(!self.error.contains("panicked"), "`{}` panicked:\n{}", self.line, self.error);
        self
    }

    /// One column of a CSV output without quoted cells, below its header.
    #[track_caller]
    pub fn column(&self, name: &str) -> Vec<&str> {
        let mut lines = self.output.lines();
        let header = lines.next().unwrap_or_default();
        let at = header.split(',').position(|cell| cell == name);
        let at = at.unwrap_or_else(|| panic!("`{}` writes no column {name}: {header}", self.line));
        lines.map(|line| line.split(',').nth(at).unwrap_or_default()).collect()
    }
}
