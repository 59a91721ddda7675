use std::io::{self, Read};

/// Far above any real token of a document, far below what would hurt.
const MAX_TOKEN_BYTES: usize = 1024 * 1024;

/// A reader that fails when a document goes on too long without the byte that ends its tokens, so that a
/// parser behind it never collects an endless one.
pub(super) struct Bounded<R> {
    inner: R,
    mark: u8,
    since: usize,
}

impl<R: Read> Bounded<R> {
    pub(super) fn new(inner: R, mark: u8) -> Self {
        Bounded { inner, mark, since: 0 }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.since = match buffer[..count].iter().rposition(|byte| *byte == self.mark) {
            Some(at) => count - at,
            None => self.since + count,
        };
        if self.since > MAX_TOKEN_BYTES {
            let what = format!("no {:?} within {MAX_TOKEN_BYTES} bytes", char::from(self.mark));
            return Err(io::Error::other(what));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endless_token_is_stopped_and_short_ones_pass() {
        let mut short = Bounded::new(io::repeat(b'<').take(3_000_000), b'<');
        assert_eq!(io::copy(&mut short, &mut io::sink()).unwrap(), 3_000_000);
        let mut endless = Bounded::new(io::repeat(b'a'), b'<');
        assert!(io::copy(&mut endless, &mut io::sink()).is_err());
    }
}
