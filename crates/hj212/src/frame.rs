//! A frame understood.

use crate::content::{CONTENT_BYTES_MAX, Factors, Item, Items, Place, number, trim_spaces};
use crate::cut::{Cut, Refused};
use crate::device::{Charset, Devices};
use crate::edition::Edition;
use crate::error::Refusal;
use crate::header::Header;
use crate::moment;
use crate::suffix::{self, Suffix, ValueKind};
use crate::tables::{CommandEntry, tables};
use crate::warning::{Warning, Warnings};
use std::borrow::Cow;
use units::Instant;

/// A frame that can be used (解码后的报文). Texts are parts of the bytes it was cut from; only what had to be decrypted or
/// came in another character set is a copy.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    /// The header.
    pub header: Header<'a>,
    /// The edition it is read by: the device's registration, else Flag.
    pub edition: Edition,
    /// The length declared.
    pub declared: usize,
    /// The check sum, which was right.
    pub crc: u16,
    /// Whether the content came encrypted.
    pub encrypted: bool,
    /// What was tolerated.
    pub warnings: Warnings,
    data_time: Option<Instant>,
    content: Cow<'a, str>,
    places: Vec<Place>,
}

/// What DataTime names (数据时间).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeLabel {
    /// The moment of acquisition: 2011, 2021.
    Moment,
    /// The **start** of the interval: 2031, 2041, 2051, 2061. Hourly values elsewhere in the house are named by the end.
    StartOfInterval,
}

impl<'a> Frame<'a> {
    /// Understands a frame that was cut. Refuses `H-207` to `H-217`.
    pub fn decode(cut: Cut<'a>, devices: &Devices) -> Result<Frame<'a>, Refused> {
        let refused = |refusal, cut: &Cut<'a>| {
            let (declared, wire) = (Some(cut.declared), Some(cut.wire));
            Refused { refusal, declared, wire, calculated: wire }
        };
        Self::understand(&cut, devices).map_err(|refusal| refused(refusal, &cut))
    }

    fn understand(cut: &Cut<'a>, devices: &Devices) -> Result<Frame<'a>, Refusal> {
        let mut warnings = cut.warnings;
        let profile = devices.profile_in(cut.head);
        let header = Header::read(cut.head, profile.dialect, &mut warnings)?;
        let edition = profile.dialect.or(header.flag.edition()).unwrap_or(Edition::Hj2025);
        judge_codes(&header, edition, &mut warnings);
        warnings.add_if(cut.content.len() > edition.content_max(), Warning::ContentTooLong);
        let may_be_encrypted = matches!(header.cn, 1014 | 2000..=2999 | 3020) && cut.content.len() >= 16;
        warnings.add_if(profile.key.is_some() && !cut.encrypted && may_be_encrypted, Warning::NotEncrypted);
        warnings.add_if(has_control(&cut.content), Warning::ControlInContent);
        let content = text(&cut.content, profile.charset, &mut warnings);
        if memchr::memmem::find(content.as_bytes(), b"&&").is_some() {
            return Err(Refusal::ContentClosedEarly);
        }
        if content.len() > CONTENT_BYTES_MAX {
            return Err(Refusal::LengthLimit { declared: content.len(), limit: CONTENT_BYTES_MAX });
        }
        // An item has three bytes or more; the guess only spares moving.
        let mut places = Vec::with_capacity(content.len() / 16 + 4);
        let data_time = judge_content(&content, &mut places, header.cn, edition, &mut warnings)?;
        let (declared, crc, encrypted) = (cut.declared, cut.wire, cut.encrypted);
        Ok(Frame { header, edition, declared, crc, encrypted, warnings, data_time, content, places })
    }

    /// The text between `&&` and `&&`.
    pub fn content(&self) -> &str {
        &self.content
    }

    /// The items in order, groups kept apart.
    pub fn items(&self) -> impl Iterator<Item = Item<'_>> {
        self.places.iter().map(|place| place.item(&self.content))
    }

    /// The values of factors in order.
    pub fn factors(&self) -> Factors<'_> {
        Factors::new(&self.content, &self.places)
    }

    /// DataTime; what it names is [`Frame::time_label`].
    pub fn data_time(&self) -> Option<Instant> {
        self.data_time
    }

    /// What DataTime names for this command.
    pub fn time_label(&self) -> TimeLabel {
        match self.header.cn {
            2031 | 2041 | 2051 | 2061 => TimeLabel::StartOfInterval,
            _ => TimeLabel::Moment,
        }
    }

    /// The command, when the tables have it.
    pub fn command(&self) -> Option<&'static CommandEntry> {
        tables().command(self.header.cn)
    }

    /// Whether it is what a centre sends to ask for something: content that only names what is asked for.
    pub fn is_request(&self) -> bool {
        self.items().all(|item| matches!(item.key, "PolId" | "InfoId" | "BeginTime" | "EndTime"))
    }
}

/// Looks at every byte: without an early end the compiler takes many at once.
fn has_control(bytes: &[u8]) -> bool {
    bytes.iter().fold(false, |found, byte| found | byte.is_ascii_control())
}

fn judge_codes(header: &Header, edition: Edition, warnings: &mut Warnings) {
    let command = tables().command(header.cn);
    warnings.add_if(command.is_none(), Warning::CnUnknown);
    warnings.add_if(command.is_some_and(|command| !command.in_edition(edition)), Warning::CnNotInEdition);
    warnings.add_if(header.st.len() == 2 && !tables().knows_system(header.st), Warning::StUnknown);
}

fn text<'a>(content: &Cow<'a, [u8]>, charset: Charset, warnings: &mut Warnings) -> Cow<'a, str> {
    if charset == Charset::Utf8 || content.is_ascii() {
        match content {
            Cow::Borrowed(bytes) => {
                if let Ok(text) = std::str::from_utf8(bytes) {
                    return Cow::Borrowed(text);
                }
            }
            Cow::Owned(bytes) => {
                if let Ok(text) = String::from_utf8(bytes.clone()) {
                    return Cow::Owned(text);
                }
            }
        }
    }
    let (text, damaged) = encoding_rs::GBK.decode_without_bom_handling(content);
    warnings.add(if damaged { Warning::TextDamaged } else { Warning::TextGbk });
    let text = if damaged { String::from_utf8_lossy(content) } else { text };
    Cow::Owned(text.into_owned())
}

/// Names of fields that stand alone, in the spelling of the standard.
const FIELDS: &[&str] = &[
    "DataTime",
    "SystemTime",
    "BeginTime",
    "EndTime",
    "RestartTime",
    "AlarmTime",
    "AlarmType",
    "PolId",
    "InfoId",
    "QnRtn",
    "ExeRtn",
    "RtdInterval",
    "MinInterval",
    "OverTime",
    "ReCount",
    "NewPW",
    "VaseNo",
    "CstartTime",
    "CTime",
    "Stime",
    "SKCreateTime",
    "NewSK",
    "CalibrationType",
];

/// One pass over the items: what is wrong with each, and the data time.
fn judge_content(
    text: &str,
    places: &mut Vec<Place>,
    cn: u16,
    edition: Edition,
    warnings: &mut Warnings,
) -> Result<Option<Instant>, Refusal> {
    let mut items = Items::new(text);
    let (mut data_time, mut measured, mut polluter, mut begin) = (None, false, false, None);
    let mut seen = Seen { hashes: [0; 64] };
    let mut repeated = false;
    for place in items.by_ref() {
        let item = place.item(text);
        polluter |= item.key == "PolId";
        repeated = repeated || seen.again(item.key, text, places);
        places.push(place);
        if let Some(factor) = place.factor(text) {
            measured |= factor.suffix.is_some_and(|suffix| suffix.kind() == ValueKind::Number);
            judge_value(factor.suffix, factor.field, factor.value, edition, warnings);
            judge_code(factor.code, warnings);
            continue;
        }
        match item.key {
            "DataTime" => {
                let moment = data_time_of(item.value, warnings)?;
                if data_time.replace(moment).is_some_and(|before| before != moment) {
                    return Err(Refusal::DataTimeRepeated);
                }
            }
            "BeginTime" | "EndTime" | "SystemTime" | "RestartTime" | "AlarmTime" => {
                warnings.add_if(moment::parse_14(item.value).is_none(), Warning::TimeForm);
                warnings.add_if(item.key == "EndTime" && begin == Some(item.group), Warning::CommaBetweenTimes);
                begin = if item.key == "BeginTime" { Some(item.group) } else { begin };
            }
            key => {
                let other_case = |field: &&str| field.eq_ignore_ascii_case(key) && **field != *key;
                warnings.add_if(FIELDS.iter().any(other_case), Warning::FieldCase);
            }
        }
    }
    warnings.join(items.warnings);
    warnings.add_if(repeated && !polluter, Warning::RepeatedKey);
    let needs_time = matches!(cn, 2011 | 2031 | 2051 | 2061);
    if needs_time && measured && data_time.is_none() { Err(Refusal::DataTimeMissing) } else { Ok(data_time) }
}

fn data_time_of(text: &str, warnings: &mut Warnings) -> Result<Instant, Refusal> {
    let text = trim_spaces(text);
    let with_milliseconds = moment::parse_17(text);
    warnings.add_if(with_milliseconds.is_some(), Warning::DataTimeMilliseconds);
    moment::parse_14(text).or(with_milliseconds).ok_or(Refusal::DataTime)
}

fn judge_value(suffix: Option<Suffix>, field: &str, value: &str, edition: Edition, warnings: &mut Warnings) {
    let Some(suffix) = suffix else {
        let odd = if suffix::in_other_case(field) { Warning::SuffixCase } else { Warning::SuffixUnknown };
        warnings.add(odd);
        return;
    };
    let elsewhere = suffix.only_in().is_some_and(|only| only != edition && edition != Edition::SurfaceWater);
    warnings.add_if(elsewhere, Warning::SuffixNotInEdition);
    let value = trim_spaces(value);
    match suffix.kind() {
        _ if value.is_empty() => warnings.add(Warning::ValueEmpty),
        // In 2025 the state of a working condition is a letter.
        ValueKind::Number => {
            warnings.add_if(edition != Edition::Hj2025 && number(value).is_none(), Warning::ValueNotNumber);
        }
        ValueKind::Mark => warnings.add_if(!knows_mark(value, edition), Warning::DataFlagUnknown),
        ValueKind::Time => warnings.add_if(moment::parse_14(value).is_none(), Warning::TimeForm),
        ValueKind::Text => {}
    }
}

/// The marks of 2025 have not been seen, nor those of the surface-water dialect.
fn knows_mark(mark: &str, edition: Edition) -> bool {
    match edition {
        _ if mark == "N" => true,
        Edition::Hjt2005 => tables().marks.data_flags_2005.contains_key(mark),
        Edition::Hj2017 => tables().marks.data_flags_2017.contains_key(mark),
        Edition::Hj2025 | Edition::SurfaceWater => true,
    }
}

fn judge_code(code: &str, warnings: &mut Warnings) {
    match code.as_bytes() {
        [b'S', b'B', number @ ..] => {
            let numbered = !number.is_empty() && number.iter().all(u8::is_ascii_digit);
            warnings.add_if(!numbered, Warning::EquipmentUnnumbered);
        }
        [b'0'..=b'9', rest @ ..] if rest.len() == 4 && rest.iter().all(u8::is_ascii_digit) => {
            let lacks = |letter| !tables().factor(&format!("{letter}{code}")).is_empty();
            warnings.add_if(lacks('w') || lacks('a'), Warning::FactorWithoutLetter);
        }
        [b'e', b'7', b'0', b'1', ..] | [b'g', b'1', b'1', b'9', ..] => {
            warnings.add_if(tables().factor(code).len() > 1, Warning::FactorAmbiguous);
        }
        _ => {}
    }
}

/// Whether a key came before. A set of hashes says mostly no; only when it may be does a search decide.
struct Seen {
    hashes: [u64; 64],
}

impl Seen {
    fn again(&mut self, key: &str, text: &str, before: &[Place]) -> bool {
        let place = place_of(key.as_bytes());
        let (word, bit) = (place / 64, 1 << (place % 64));
        let maybe = self.hashes[word] & bit != 0;
        self.hashes[word] |= bit;
        maybe && before.iter().any(|place| place.item(text).key == key)
    }
}

/// Twelve bits of a key, from its length and its two ends.
fn place_of(key: &[u8]) -> usize {
    let end = |bytes: Option<&[u8; 8]>| bytes.map(|bytes| u64::from_le_bytes(*bytes));
    let short = || key.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    let first = end(key.first_chunk()).unwrap_or_else(short);
    let last = end(key.last_chunk()).unwrap_or(0);
    let mixed = (first ^ last.rotate_left(29) ^ key.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 52) as usize
}
