//! Lines of bounded length, decoded one by one, so that a file of mixed encodings loses only its bad lines.

use super::input::Input;
use crate::ObserveError;
use encoding_rs::GBK;
use std::io::{BufRead, Read};

/// Far above the widest real line (6 KB), far below what would hurt.
pub(super) const MAX_LINE_BYTES: usize = 1024 * 1024;

/// One line.
pub(super) struct Line {
    /// Counted from 1.
    pub(super) number: u64,
    /// Its text without the line end; `None` when it is neither UTF-8 nor GBK.
    pub(super) text: Option<String>,
    /// Whether it had to be read as GBK.
    pub(super) gbk: bool,
}

/// The lines of an input, from the first.
pub(super) struct Lines<'i, 'r> {
    input: &'i mut Input<'r>,
    buffer: Vec<u8>,
    number: u64,
}

impl<'i, 'r> Lines<'i, 'r> {
    pub(super) fn new(input: &'i mut Input<'r>) -> Self {
        Lines { input, buffer: Vec::new(), number: 0 }
    }

    pub(super) fn file(&self) -> &str {
        &self.input.name
    }

    /// The next line that isn't blank.
    pub(super) fn next(&mut self) -> Result<Option<Line>, ObserveError> {
        while self.fill()? {
            let bytes = self.buffer.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&self.buffer);
            if bytes.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let (text, gbk) = decode(bytes.trim_ascii_end());
            return Ok(Some(Line { number: self.number, text, gbk }));
        }
        Ok(None)
    }

    /// Reads one line into the buffer; false at the end.
    fn fill(&mut self) -> Result<bool, ObserveError> {
        self.buffer.clear();
        let mut limited = self.input.body().take(MAX_LINE_BYTES as u64 + 1);
        let read = limited.read_until(b'\n', &mut self.buffer);
        let count = read.map_err(|error| self.input.fault(self.number, error))?;
        self.number += 1;
        if count > MAX_LINE_BYTES {
            let file = self.input.name.clone();
            return Err(ObserveError::LineTooLong { file, line: self.number, limit: MAX_LINE_BYTES });
        }
        Ok(count > 0)
    }
}

/// Bytes as text, and whether they had to be read as GBK; no text when they are neither UTF-8 nor GBK or
/// hold control characters.
pub(super) fn decode(bytes: &[u8]) -> (Option<String>, bool) {
    let (text, gbk) = match std::str::from_utf8(bytes) {
        Ok(text) => (Some(text.to_string()), false),
        Err(_) => (GBK.decode_without_bom_handling_and_without_replacement(bytes).map(String::from), true),
    };
    (text.filter(|text| !text.chars().any(|c| c.is_control() && !c.is_whitespace())), gbk)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(bytes: &[u8]) -> Result<Vec<(u64, Option<String>)>, ObserveError> {
        let mut raw = bytes;
        let mut input = Input::open("test", &mut raw)?;
        let mut lines = Lines::new(&mut input);
        let mut found = Vec::new();
        while let Some(line) = lines.next()? {
            found.push((line.number, line.text));
        }
        Ok(found)
    }

    #[test]
    fn each_line_is_decoded_on_its_own() {
        let bytes =
            [b"\xef\xbb\xbfa,\xe5\x8d\x97\r\n\n".as_slice(), b"b,\xc4\xcf\n", b"c,\xff\xff\n", b"d\x00"].concat();
        let lines = numbered(&bytes).unwrap();
        let expected = [(1, Some("a,南".to_string())), (3, Some("b,南".to_string())), (4, None), (5, None)];
        assert_eq!(lines, expected);
    }

    #[test]
    fn an_endless_line_is_refused_by_number() {
        let bytes = [b"head\n".as_slice(), &vec![b','; MAX_LINE_BYTES + 10]].concat();
        assert!(matches!(numbered(&bytes), Err(ObserveError::LineTooLong { line: 2, .. })));
    }
}
