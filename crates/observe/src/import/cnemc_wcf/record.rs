//! Records of .NET binary XML: one byte of type, then names, numbers or text.

use std::io::{self, BufRead};

/// Far above any real text of the feed.
const MAX_TEXT_BYTES: usize = 1024 * 1024;

/// What the feed's reader needs to know of a record.
pub(super) enum Record {
    /// An element begins; its local name.
    Element(String),
    /// Text, and whether it ends its element too.
    Text { text: String, ends: bool },
    /// An element ends.
    End,
    /// An attribute, a name space or a comment.
    Other,
}

pub(super) enum Fault {
    Io(io::Error),
    Grammar(String),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Fault::Io(error)
    }
}

pub(super) struct Records<'r> {
    input: &'r mut dyn BufRead,
    position: u64,
}

impl<'r> Records<'r> {
    pub(super) fn new(input: &'r mut dyn BufRead) -> Self {
        Records { input, position: 0 }
    }

    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// The next record; `None` at the end of the input.
    pub(super) fn next(&mut self) -> Result<Option<Record>, Fault> {
        if self.input.fill_buf()?.is_empty() {
            return Ok(None);
        }
        let kind = self.byte()?;
        let record = match kind {
            0x01 => Record::End,
            0x02 => self.skip_text()?,
            0x04 => self.attribute(false, true)?,
            0x05 => self.attribute(true, true)?,
            0x06 => self.attribute(false, false)?,
            0x07 => self.attribute(true, false)?,
            0x08 => self.skip_text()?,
            0x09 => {
                self.skip_text()?;
                self.skip_text()?
            }
            0x0a => self.skip_number()?,
            0x0b => {
                self.skip_text()?;
                self.skip_number()?
            }
            0x0c..=0x25 => self.attribute(false, false)?,
            0x26..=0x3f => self.attribute(false, true)?,
            0x40 | 0x5e..=0x77 => Record::Element(self.utf8_counted()?),
            0x41 => {
                self.skip_text()?;
                Record::Element(self.utf8_counted()?)
            }
            0x42 | 0x44..=0x5d => Record::Element(format!("#{}", self.number()?)),
            0x43 => {
                self.skip_text()?;
                Record::Element(format!("#{}", self.number()?))
            }
            0x80..=0xbd => Record::Text { text: self.text(kind & !1)?, ends: kind & 1 == 1 },
            _ => return Err(Fault::Grammar(format!("unknown record type {kind:#04x}"))),
        };
        Ok(Some(record))
    }

    /// The value of a text record, as text.
    fn text(&mut self, kind: u8) -> Result<String, Fault> {
        Ok(match kind {
            0x80 => "0".to_string(),
            0x82 => "1".to_string(),
            0x84 => "false".to_string(),
            0x86 => "true".to_string(),
            0x88 => i8::from_le_bytes(self.array()?).to_string(),
            0x8a => i16::from_le_bytes(self.array()?).to_string(),
            0x8c => i32::from_le_bytes(self.array()?).to_string(),
            0x8e => i64::from_le_bytes(self.array()?).to_string(),
            0x90 => f32::from_le_bytes(self.array()?).to_string(),
            0x92 => f64::from_le_bytes(self.array()?).to_string(),
            0x96 => date_time(u64::from_le_bytes(self.array()?))?,
            0xa8 => String::new(),
            0xb2 => u64::from_le_bytes(self.array()?).to_string(),
            0xb4 => (self.byte()? != 0).to_string(),
            0x98 | 0x9a | 0x9c => {
                let length = self.length((kind - 0x98) / 2)?;
                self.utf8(length)?
            }
            0xb6 | 0xb8 | 0xba => {
                let length = self.length((kind - 0xb6) / 2)?;
                utf16(&self.bytes(length)?)?
            }
            _ => return Err(Fault::Grammar(format!("text record type {kind:#04x} has no place in the feed"))),
        })
    }

    fn attribute(&mut self, prefixed: bool, named: bool) -> Result<Record, Fault> {
        if prefixed {
            self.skip_text()?;
        }
        if named {
            self.skip_text()?;
        } else {
            self.skip_number()?;
        }
        let kind = self.byte()?;
        self.text(kind & !1)?;
        Ok(Record::Other)
    }

    fn skip_text(&mut self) -> Result<Record, Fault> {
        self.utf8_counted()?;
        Ok(Record::Other)
    }

    fn skip_number(&mut self) -> Result<Record, Fault> {
        self.number()?;
        Ok(Record::Other)
    }

    fn utf8_counted(&mut self) -> Result<String, Fault> {
        let length = self.number()? as usize;
        self.utf8(length)
    }

    fn utf8(&mut self, length: usize) -> Result<String, Fault> {
        String::from_utf8(self.bytes(length)?).map_err(|_| Fault::Grammar("text that is not UTF-8".to_string()))
    }

    /// A text length in 1, 2 or 4 bytes.
    fn length(&mut self, width: u8) -> Result<usize, Fault> {
        Ok(match width {
            0 => self.byte()? as usize,
            1 => u16::from_le_bytes(self.array()?) as usize,
            _ => u32::from_le_bytes(self.array()?) as usize,
        })
    }

    /// Seven bits a byte, lowest first, at most 31 bits.
    fn number(&mut self) -> Result<u32, Fault> {
        let mut value = 0u32;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            value |= u32::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Fault::Grammar("a number of more than 31 bits".to_string()))
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        Ok(self.array::<1>()?[0])
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let mut bytes = [0; N];
        self.input.read_exact(&mut bytes)?;
        self.position += N as u64;
        Ok(bytes)
    }

    fn bytes(&mut self, length: usize) -> Result<Vec<u8>, Fault> {
        if length > MAX_TEXT_BYTES {
            return Err(Fault::Grammar(format!("a text of {length} bytes")));
        }
        let mut bytes = vec![0; length];
        self.input.read_exact(&mut bytes)?;
        self.position += length as u64;
        Ok(bytes)
    }
}

fn utf16(bytes: &[u8]) -> Result<String, Fault> {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    String::from_utf16(&units).map_err(|_| Fault::Grammar("text that is not UTF-16".to_string()))
}

/// 62 bits of 100 ns steps since year 1, below two bits that say which clock; the feed says none.
fn date_time(bits: u64) -> Result<String, Fault> {
    const SECONDS_TO_1970: i64 = 62_135_596_800;
    let seconds = ((bits & (u64::MAX >> 2)) / 10_000_000) as i64 - SECONDS_TO_1970;
    let moment = chrono::DateTime::from_timestamp(seconds, 0)
        .ok_or_else(|| Fault::Grammar("a time out of range".to_string()))?;
    Ok(moment.format("%Y-%m-%dT%H:%M:%S").to_string())
}
