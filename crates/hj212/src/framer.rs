//! A stream of bytes into frames.

use crate::cut::{Attempt, Behind, Cut, Refused, attempt};
use crate::device::Devices;
use crate::error::Refusal;
use crate::frame::Frame;
use crate::warning::Warning;
use memchr::memmem;

/// The most bytes held of one stream; more than the longest frame that is read.
pub const BUFFER_BYTES: usize = 16 * 1024;

/// Cuts a stream into frames (分帧), however it is split or glued.
///
/// A frame is believed by its declared length and its check sum, never by line ends. After a false start the search goes
/// on two bytes later, so that a damaged length swallows no good frame behind it. Holds at most [`BUFFER_BYTES`].
#[derive(Clone, Debug, Default)]
pub struct Framer {
    buffer: Vec<u8>,
    place: Place,
}

/// Where in the buffer the search stands, and what was passed on the way.
#[derive(Clone, Debug, Default)]
struct Place {
    at: usize,
    passed: u64,
    noise: usize,
    noise_from: u64,
    inside_refused: bool,
    refused_bytes: usize,
    behind: Behind,
}

/// One thing found in a stream.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    /// Where it begins, counted from the first byte of the stream.
    pub offset: u64,
    /// What it is.
    pub what: What<'a>,
}

/// What was found.
#[derive(Clone, Debug)]
pub enum What<'a> {
    /// A frame that can be used.
    Frame(Frame<'a>),
    /// Something that was refused.
    Refused(Refused),
    /// The stream ended inside a frame.
    Incomplete {
        /// The length declared, where one could be read.
        declared: Option<usize>,
    },
}

impl Framer {
    /// For a file, whose next bytes are about to come: the line end of a frame is waited for, and its lack always told.
    pub fn of_file() -> Framer {
        Framer { place: Place { behind: Behind::Coming, ..Place::default() }, ..Framer::default() }
    }

    /// Takes as many bytes as there is room for and says how many; take out what is found before offering the rest.
    pub fn push(&mut self, bytes: &[u8]) -> usize {
        self.place.passed += self.place.at as u64;
        self.buffer.drain(..self.place.at);
        self.place.at = 0;
        if self.place.behind == Behind::Nothing {
            self.place.behind = Behind::Unknown;
        }
        let taken = bytes.len().min(BUFFER_BYTES - self.buffer.len());
        self.buffer.extend_from_slice(&bytes[..taken]);
        taken
    }

    /// No more bytes will come: what is still held is told as incomplete or refused. A gateway may say so of a stream
    /// that has been silent, and go on pushing.
    pub fn end(&mut self) {
        self.place.behind = Behind::Nothing;
    }

    /// Bytes passed since the last frame that was right; a gateway closes a stream that is nothing but noise.
    pub fn refused_bytes(&self) -> usize {
        self.place.refused_bytes
    }

    /// The next thing found; `None` until more bytes come.
    pub fn find<'a>(&'a mut self, devices: &Devices) -> Option<Found<'a>> {
        let found = self.cut(devices)?;
        let what = match found.what {
            CutWhat::Incomplete { declared } => What::Incomplete { declared },
            CutWhat::Refused(refused) => What::Refused(refused),
            CutWhat::Cut(cut) => match Frame::decode(cut, devices) {
                Ok(frame) => What::Frame(frame),
                Err(refused) => What::Refused(refused),
            },
        };
        Some(Found { offset: found.offset, what })
    }

    /// The next frame by length and check sum alone, its inside unread.
    pub fn cut<'a>(&'a mut self, devices: &Devices) -> Option<CutFound<'a>> {
        self.place.cut(&self.buffer, devices)
    }
}

impl Place {
    fn cut<'a>(&mut self, buffer: &'a [u8], devices: &Devices) -> Option<CutFound<'a>> {
        loop {
            let rest = &buffer[self.at..];
            let start = memmem::find(rest, b"##");
            let half_mark = self.behind != Behind::Nothing && rest.last() == Some(&b'#');
            self.skip(buffer, start.unwrap_or(rest.len() - usize::from(half_mark)));
            if start.is_none() {
                return self.noise_at_end();
            }
            let offset = self.passed + self.at as u64;
            let rest = &buffer[self.at..];
            let what = match attempt(rest, self.behind, devices) {
                Attempt::Short(_) if self.behind != Behind::Nothing => return None,
                Attempt::Short(declared) => match frame_behind(rest, devices) {
                    None => {
                        self.at = buffer.len();
                        CutWhat::Incomplete { declared }
                    }
                    Some(next) => {
                        self.refuse(next);
                        let refusal = Refusal::CrcForm { declared: declared.unwrap_or_default() };
                        CutWhat::Refused(Refused { refusal, declared, wire: None, calculated: None })
                    }
                },
                Attempt::Refused(refused) => {
                    let told = self.is_told(buffer, &refused.refusal);
                    let third = usize::from(rest.get(2) != Some(&b'#'));
                    if !told {
                        self.skip(buffer, 1 + third);
                        continue;
                    }
                    self.refuse(1 + third);
                    CutWhat::Refused(refused)
                }
                Attempt::Unusable(refused, length) => {
                    self.refuse(length);
                    self.inside_refused = false;
                    CutWhat::Refused(refused)
                }
                Attempt::Cut(mut cut, length) => {
                    cut.warnings.add_if(self.noise > 0, Warning::NoiseBefore);
                    (self.at, self.noise, self.inside_refused, self.refused_bytes) = (self.at + length, 0, false, 0);
                    CutWhat::Cut(cut)
                }
            };
            return Some(CutFound { offset, what });
        }
    }

    /// Passes bytes that begin no frame. What follows a refused frame is the rest of it; anything else is noise.
    fn skip(&mut self, buffer: &[u8], count: usize) {
        if !self.inside_refused {
            let counts = |byte: &&u8| !matches!(byte, b'\r' | b'\n' | b' ' | b'*');
            let noise = buffer[self.at..self.at + count].iter().filter(counts).count();
            if self.noise == 0 {
                self.noise_from = self.passed + self.at as u64;
            }
            self.noise += noise;
        }
        self.at += count;
        self.refused_bytes += count;
    }

    fn refuse(&mut self, count: usize) {
        self.at += count;
        self.refused_bytes += count;
        self.inside_refused = true;
        self.noise = 0;
    }

    /// `##` without a length is told where a frame may begin; inside noise or a refused frame it is part of that.
    fn is_told(&self, buffer: &[u8], refusal: &Refusal) -> bool {
        let at_line = self.at.checked_sub(1).is_none_or(|before| buffer[before] == b'\n');
        let third = buffer.get(self.at + 2) == Some(&b'#');
        *refusal != Refusal::LengthDigits || (!third && self.noise == 0 && (!self.inside_refused || at_line))
    }

    fn noise_at_end<'a>(&mut self) -> Option<CutFound<'a>> {
        let noise = std::mem::take(&mut self.noise);
        if self.behind != Behind::Nothing || noise == 0 {
            self.noise = noise;
            return None;
        }
        let refusal = Refusal::NoFrame { bytes: noise };
        let refused = Refused { refusal, declared: None, wire: None, calculated: None };
        Some(CutFound { offset: self.noise_from, what: CutWhat::Refused(refused) })
    }
}

/// One thing found by length and check sum alone.
#[derive(Clone, Debug)]
pub struct CutFound<'a> {
    /// Where it begins, counted from the first byte of the stream.
    pub offset: u64,
    /// What it is.
    pub what: CutWhat<'a>,
}

/// What was found by length and check sum alone.
#[derive(Clone, Debug)]
pub enum CutWhat<'a> {
    /// A frame, its inside unread.
    Cut(Cut<'a>),
    /// Something that was refused.
    Refused(Refused),
    /// The stream ended inside a frame.
    Incomplete {
        /// The length declared, where one could be read.
        declared: Option<usize>,
    },
}

/// Where a whole frame begins behind a false start that reaches over the end of the stream.
fn frame_behind(rest: &[u8], devices: &Devices) -> Option<usize> {
    let later = rest.get(2..)?;
    memmem::find_iter(later, b"##")
        .find(|at| matches!(attempt(&later[*at..], Behind::Nothing, devices), Attempt::Cut(..)))
        .map(|at| at + 2)
}
