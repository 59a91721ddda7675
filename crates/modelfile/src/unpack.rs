use flate2::bufread::MultiGzDecoder;
use std::borrow::Cow;
use std::io::Read;

/// Most bytes a compressed file may unpack to: a day of hourly surface fields of a country has a quarter.
pub const MOST_UNPACKED: u64 = 1 << 30;

/// The bytes themselves, or what a gzip stream holds; `None` when it is damaged or holds more than [`MOST_UNPACKED`].
pub fn unpacked(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Some(Cow::Borrowed(bytes));
    }
    let mut whole = vec![];
    let length = MultiGzDecoder::new(bytes).take(MOST_UNPACKED + 1).read_to_end(&mut whole).ok()?;
    (length as u64 <= MOST_UNPACKED).then_some(Cow::Owned(whole))
}
