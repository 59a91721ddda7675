//! One frame cut out of bytes: length, check sum, decryption. Nothing of what is inside is understood here.

use crate::crc::CrcProfile;
use crate::device::{Devices, Profile};
use crate::error::Refusal;
use crate::warning::{Warning, Warnings};
use memchr::memmem;
use std::borrow::Cow;

/// The longest segment that is read, in bytes. The standard says 1024; 1623 has been seen, and a damaged first digit of the
/// length must not hold back ten thousand bytes.
pub const SEGMENT_BYTES_MAX: usize = 4096;
const SEGMENT_BYTES_STANDARD: usize = 1024;
const OPENING: &[u8] = b"CP=&&";
const CLOSING: &[u8] = b"&&";

/// A frame whose length and check sum fit (完整报文).
#[derive(Clone, Debug)]
pub struct Cut<'a> {
    /// The bytes before `CP=`.
    pub(crate) head: &'a [u8],
    /// The plain bytes between `&&` and `&&`.
    pub(crate) content: Cow<'a, [u8]>,
    /// The length declared.
    pub declared: usize,
    /// The check sum as sent.
    pub wire: u16,
    /// Whether the content came encrypted.
    pub encrypted: bool,
    /// What was tolerated.
    pub warnings: Warnings,
}

/// What is known of a frame that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub refusal: Refusal,
    /// The length declared, where one could be read.
    pub declared: Option<usize>,
    /// The check sum as sent, where one stood.
    pub wire: Option<u16>,
    /// The check sum calculated, where there was something to compare.
    pub calculated: Option<u16>,
}

/// What the bytes from a `##` on are.
pub(crate) enum Attempt<'a> {
    /// A frame, and how many bytes it takes with its line end.
    Cut(Cut<'a>, usize),
    /// Not a frame.
    Refused(Refused),
    /// A frame as far as can be seen, but not all of it is there.
    Short(Option<usize>),
    /// Its check sum fits, and still it is nothing; the bytes belong to it.
    Unusable(Refused, usize),
}

/// What is known of the bytes behind those at hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Behind {
    /// They may come or not: a frame is told as soon as its check sum is there, for the device waits for its answer.
    #[default]
    Unknown,
    /// They are about to come: a frame is told with its line end.
    Coming,
    /// There are none.
    Nothing,
}

/// Looks at bytes that begin with `##`.
pub(crate) fn attempt<'a>(bytes: &'a [u8], behind: Behind, devices: &Devices) -> Attempt<'a> {
    let refuse = |refusal, declared| Attempt::Refused(Refused { refusal, declared, wire: None, calculated: None });
    let digits = bytes.iter().skip(2).take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let mut warnings = Warnings::default();
    match (digits, bytes.get(2 + digits)) {
        (4, _) => {}
        (3, Some(next)) if next.is_ascii_alphabetic() => warnings.add(Warning::LengthThreeDigits),
        (_, None) => return Attempt::Short(None),
        _ => return refuse(Refusal::LengthDigits, None),
    }
    let start = 2 + digits;
    let declared = bytes[2..start].iter().fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0'));
    if declared > SEGMENT_BYTES_MAX {
        return refuse(Refusal::LengthLimit { declared, limit: SEGMENT_BYTES_MAX }, Some(declared));
    }
    let tail = Tail { bytes, start, declared, warnings, behind };
    let strict = tail.at(start + declared, devices);
    match strict {
        Attempt::Refused(_) => tail.by_characters(devices).unwrap_or(strict),
        _ => strict,
    }
}

/// What is left to look at once the length is read.
struct Tail<'a> {
    bytes: &'a [u8],
    start: usize,
    declared: usize,
    warnings: Warnings,
    behind: Behind,
}

impl<'a> Tail<'a> {
    /// The frame whose segment ends at `end`.
    fn at(&self, end: usize, devices: &Devices) -> Attempt<'a> {
        let Some(digits) = self.bytes.get(end..end + 4) else { return Attempt::Short(Some(self.declared)) };
        let refuse = |refusal, wire, calculated| Refused { refusal, declared: Some(self.declared), wire, calculated };
        let Some(wire) = hexadecimal(digits) else {
            return Attempt::Refused(refuse(Refusal::CrcForm { declared: self.declared }, None, None));
        };
        let segment = &self.bytes[self.start..end];
        let opening = memmem::find(segment, OPENING);
        let head = &segment[..opening.unwrap_or(segment.len())];
        let profile = devices.profile_in(head);
        let mut warnings = self.warnings;
        let Some(checked) = check(segment, opening, wire, profile) else {
            let calculated = profile.crc.of(segment);
            let encrypted = opening.is_some_and(|at| looks_encrypted(&segment[at..]));
            let refusal = match CrcProfile::fitting(segment, wire) {
                None if encrypted && profile.key.is_none() => Refusal::NoKey { wire },
                fits => Refusal::CrcMismatch { wire, calculated, fits },
            };
            return Attempt::Refused(refuse(refusal, Some(wire), Some(calculated)));
        };
        let Some(after) = self.line_end(end + 4, &mut warnings) else { return Attempt::Short(Some(self.declared)) };
        let Some(opening) = opening else {
            return Attempt::Unusable(refuse(Refusal::ContentUnopened, Some(wire), Some(wire)), after);
        };
        let inside = segment.len().checked_sub(CLOSING.len()).filter(|inside| *inside >= opening + OPENING.len());
        let closed = inside.filter(|_| segment.ends_with(CLOSING));
        let Some(content_end) = closed else {
            return Attempt::Unusable(refuse(Refusal::ContentUnclosed, Some(wire), Some(wire)), after);
        };
        warnings.add_if(digits.iter().any(u8::is_ascii_lowercase), Warning::CrcLowerCase);
        warnings.add_if(profile.crc == CrcProfile::Modbus, Warning::CrcModbus);
        warnings.add_if(profile.crc == CrcProfile::Swapped, Warning::CrcSwapped);
        warnings.add_if(segment.len() > SEGMENT_BYTES_STANDARD, Warning::SegmentOver1024);
        let (content, encrypted) = match checked {
            Checked::Plain => (Cow::Borrowed(&segment[opening + OPENING.len()..content_end]), false),
            Checked::Decrypted(content) => (Cow::Owned(content), true),
        };
        let cut = Cut { head, content, declared: self.declared, wire, encrypted, warnings };
        Attempt::Cut(cut, after)
    }

    /// Counts characters in place of bytes, as some loggers do for Chinese text; only a check sum that fits is believed.
    fn by_characters(&self, devices: &Devices) -> Option<Attempt<'a>> {
        let segment = &self.bytes[self.start..];
        if segment.iter().take(self.declared).all(u8::is_ascii) {
            return None;
        }
        let mut short = false;
        for length_at in [utf8_length, gbk_length] {
            let mut end = self.start;
            for _ in 0..self.declared {
                end += self.bytes.get(end..).map_or(1, length_at);
            }
            match self.at(end, devices) {
                Attempt::Cut(mut cut, after) => {
                    cut.warnings.add(Warning::LengthInCharacters);
                    return Some(Attempt::Cut(cut, after));
                }
                Attempt::Short(_) => short = true,
                Attempt::Refused(_) | Attempt::Unusable(..) => {}
            }
        }
        (short && self.behind != Behind::Nothing).then_some(Attempt::Short(Some(self.declared)))
    }

    /// Where the frame ends that should be closed by CR LF; `None` where that is about to be seen. What has not arrived
    /// yet is not missed.
    fn line_end(&self, from: usize, warnings: &mut Warnings) -> Option<usize> {
        let rest = &self.bytes[from..];
        let stars = rest.iter().take_while(|byte| **byte == b'*').count();
        warnings.add_if(stars > 0, Warning::StarsAfterCrc);
        let after = from + stars;
        match (&rest[stars..], self.behind) {
            ([b'\r', b'\n', ..], _) => return Some(after + 2),
            ([] | [b'\r'], Behind::Coming) => return None,
            (open @ ([] | [b'\r']), Behind::Unknown) => return Some(after + open.len()),
            _ => {}
        }
        warnings.add(Warning::MissingCrlf);
        Some(after + usize::from(matches!(rest.get(stars), Some(b'\r' | b'\n'))))
    }
}

enum Checked {
    Plain,
    Decrypted(Vec<u8>),
}

/// Plain text first where it looks like text: under a key, one frame of noise in 256 would pass for plain.
fn check(segment: &[u8], opening: Option<usize>, wire: u16, profile: &Profile) -> Option<Checked> {
    let plain_fits = profile.crc.accepts(segment, wire);
    let (Some(key), Some(opening)) = (&profile.key, opening) else {
        return plain_fits.then_some(Checked::Plain);
    };
    let (from, to) = (opening + OPENING.len(), segment.len().saturating_sub(CLOSING.len()));
    if (plain_fits && looks_like_text(&segment[opening..])) || from >= to {
        return plain_fits.then_some(Checked::Plain);
    }
    let mut plain = segment.to_vec();
    key.decrypt(&mut plain[from..to]);
    if profile.crc.accepts(&plain, wire) {
        return Some(Checked::Decrypted(plain[from..to].to_vec()));
    }
    plain_fits.then_some(Checked::Plain)
}

fn looks_like_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte >= b' ' || matches!(byte, b'\t' | b'\r' | b'\n'))
        && (std::str::from_utf8(bytes).is_ok() || !encoding_rs::GBK.decode_without_bom_handling(bytes).1)
}

/// One byte in eight of a cipher is a control character, of a damaged text hardly any.
fn looks_encrypted(bytes: &[u8]) -> bool {
    bytes.len() >= 16 && bytes.iter().filter(|byte| byte.is_ascii_control()).count() * 16 >= bytes.len()
}

fn hexadecimal(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0, |sum, byte| Some(sum << 4 | char::from(*byte).to_digit(16)? as u16))
}

fn utf8_length(rest: &[u8]) -> usize {
    1 + rest.iter().skip(1).take(3).take_while(|byte| **byte & 0xC0 == 0x80).count()
}

fn gbk_length(rest: &[u8]) -> usize {
    if rest.first().is_some_and(|byte| *byte >= 0x81) { 2 } else { 1 }
}
