//! Sequential Fortran records, big-endian.

/// Records one after the other: a length before and after each. Ends at the first that is not whole.
pub struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    /// From the first byte on.
    pub fn of(bytes: &'a [u8]) -> Records<'a> {
        Records { bytes, at: 0 }
    }

    /// Bytes behind the last whole record: 0 when the file ends with one.
    pub fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let length = word(self.bytes, self.at)? as usize;
        let (begin, end) = (self.at.checked_add(4)?, self.at.checked_add(4)?.checked_add(length)?);
        let body = self.bytes.get(begin..end)?;
        (word(self.bytes, end)? as usize == length).then_some(())?;
        self.at = end + 4;
        Some(body)
    }
}

/// One letter in four bytes, trimmed.
pub fn letters(bytes: &[u8]) -> String {
    let text: Vec<u8> = bytes.chunks_exact(4).map(|letter| letter[0]).collect();
    String::from_utf8_lossy(&text).trim().to_string()
}

/// The four bytes at a place.
pub fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// The four bytes at a place as a real number; NaN past the end.
pub fn real(bytes: &[u8], at: usize) -> f64 {
    word(bytes, at).map_or(f64::NAN, |bits| f64::from(f32::from_bits(bits)))
}
