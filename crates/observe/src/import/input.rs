//! The byte stack under every importer: digest of the raw bytes, gzip taken off, a look at the beginning.

use super::lines::decode;
use super::table::split;
use crate::ObserveError;
use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::io::{self, BufRead, BufReader, Cursor, Read};

/// Bytes looked at to recognise a layout; the widest known header has 6 KB.
const HEAD_BYTES: u64 = 64 * 1024;
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// A reader that digests everything read through it.
pub(super) struct Hashing<R> {
    inner: R,
    hash: Sha256,
}

impl<R: Read> Hashing<R> {
    pub(super) fn new(inner: R) -> Self {
        Hashing { inner, hash: Sha256::new() }
    }

    /// Reads what is left and gives the digest of all bytes in hexadecimal.
    pub(super) fn finish(mut self) -> io::Result<String> {
        io::copy(&mut self, &mut io::sink())?;
        Ok(hex::encode(self.hash.finalize()))
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hash.update(&buffer[..count]);
        Ok(count)
    }
}

/// The decoded bytes of a file, with its name for messages.
pub(super) struct Input<'r> {
    pub(super) name: String,
    head: Head,
    body: Box<dyn BufRead + 'r>,
    gzip: bool,
}

impl<'r> Input<'r> {
    pub(super) fn open(name: &str, raw: &'r mut dyn Read) -> Result<Self, ObserveError> {
        let failed = |source| ObserveError::Io { file: name.to_string(), source };
        let mut magic = Vec::new();
        raw.take(2).read_to_end(&mut magic).map_err(failed)?;
        let gzip = magic == GZIP_MAGIC;
        let whole = Cursor::new(magic).chain(raw);
        let mut decoded: Box<dyn Read + 'r> =
            if gzip { Box::new(MultiGzDecoder::new(BufReader::new(whole))) } else { Box::new(whole) };
        let mut head = Vec::new();
        let looked = decoded.by_ref().take(HEAD_BYTES).read_to_end(&mut head);
        looked.map_err(|source| fault(name, gzip, 0, source))?;
        let body = Box::new(BufReader::new(Cursor::new(head.clone()).chain(decoded)));
        Ok(Input { name: name.to_string(), head: Head::new(head), body, gzip })
    }

    pub(super) fn head(&self) -> &Head {
        &self.head
    }

    /// The decoded bytes from the beginning.
    pub(super) fn body(&mut self) -> &mut dyn BufRead {
        &mut *self.body
    }

    /// What a failed read after `line` means.
    pub(super) fn fault(&self, line: u64, source: io::Error) -> ObserveError {
        fault(&self.name, self.gzip, line, source)
    }
}

fn fault(name: &str, gzip: bool, line: u64, source: io::Error) -> ObserveError {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    let file = name.to_string();
    match source.kind() {
        UnexpectedEof | InvalidData | InvalidInput if gzip => ObserveError::Gzip { file, line },
        _ => ObserveError::Io { file, source },
    }
}

/// The beginning of a file, for recognition.
pub(super) struct Head {
    bytes: Vec<u8>,
    lines: Vec<String>,
}

impl Head {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        let lines = bytes.split(|byte| *byte == b'\n').take(3).map(|line| decode(line).0.unwrap_or_default());
        let mut lines: Vec<String> = lines.map(|line| line.trim_end_matches('\r').to_string()).collect();
        if let Some(first) = lines.first_mut() {
            *first = first.trim_start_matches('\u{feff}').to_string();
        }
        Head { bytes, lines }
    }

    /// The first three lines as text, without byte order mark; an undecodable one is empty.
    pub(super) fn lines(&self) -> &[String] {
        &self.lines
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The fields of the first line.
    pub(super) fn header(&self) -> Vec<String> {
        self.lines.first().and_then(|line| split(line)).unwrap_or_default()
    }

    /// Whether the first line has all these fields.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        let header = self.header();
        names.iter().all(|name| header.iter().any(|field| field == name))
    }

    pub(super) fn is_blank(&self) -> bool {
        let text = self.bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&self.bytes);
        text.iter().all(u8::is_ascii_whitespace)
    }

    /// Control characters that no text file has.
    pub(super) fn is_binary(&self) -> bool {
        self.bytes.iter().any(|byte| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c))
    }
}
