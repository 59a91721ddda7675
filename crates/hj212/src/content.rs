//! The content between `CP=&&` and `&&`: items, factors, numbers.

use crate::suffix::{Suffix, ValueKind};
use crate::warning::{Warning, Warnings};
use rust_decimal::Decimal;

/// One `key=value`; both are parts of the frame, the value exactly as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// Which group it stands in, from 0; groups are what semicolons separate.
    pub group: usize,
    /// The key without the spaces around it.
    pub key: &'a str,
    /// The value as sent; empty is missing.
    pub value: &'a str,
}

/// One value of one factor (监测因子的一个字段).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factor<'a> {
    /// Which group it stands in, from 0.
    pub group: usize,
    /// The PolId of its group, where one stands before it: the same parameter is told once for each analyser.
    pub polluter: Option<&'a str>,
    /// The code as sent.
    pub code: &'a str,
    /// The suffix as sent.
    pub field: &'a str,
    /// The suffix, when it is one of the standard's.
    pub suffix: Option<Suffix>,
    /// The value as sent; empty is missing.
    pub value: &'a str,
}

impl Factor<'_> {
    /// The value as an exact number; `None` for what is missing, no number, or of a suffix that holds none.
    ///
    /// Unit: the device's registration, else the table of factors; never taken from the text.
    pub fn number(&self) -> Option<Decimal> {
        (self.suffix?.kind() == ValueKind::Number).then(|| number(self.value))?
    }
}

/// A decimal number as devices write it: a sign, digits, a point. No exponent, no infinity.
pub fn number(text: &str) -> Option<Decimal> {
    /// So many digits fit a machine word.
    const WORD_DIGITS: usize = 18;
    let (negative, digits) = sign(text);
    if digits.len() > WORD_DIGITS {
        let plain = digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
        return plain.then(|| Decimal::from_str_exact(trim_spaces(text)).ok())?;
    }
    let (mut mantissa, mut point) = (0_i64, digits.len());
    for (place, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => mantissa = mantissa * 10 + i64::from(byte - b'0'),
            b'.' if point == digits.len() => point = place,
            _ => return None,
        }
    }
    let has_point = usize::from(point < digits.len());
    let decimals = (digits.len() - point - has_point) as u32;
    (digits.len() > has_point).then(|| Decimal::new(if negative { -mantissa } else { mantissa }, decimals))
}

fn sign(text: &str) -> (bool, &[u8]) {
    match trim_spaces(text).as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    }
}

/// Without the spaces around it, which hardly ever are there.
pub(crate) fn trim_spaces(text: &str) -> &str {
    let spaced = text.starts_with(' ') || text.ends_with(' ');
    if spaced { text.trim_matches(' ') } else { text }
}

/// Where one item stands in the text of a content.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    key: (u16, u16),
    value: (u16, u16),
    group: u16,
    /// Behind the key's first `-`; 0 where there is none.
    field: u16,
    suffix: Option<Suffix>,
}

/// The most bytes of a content: places are counted in two bytes. A segment is shorter, also once GBK has become UTF-8.
pub(crate) const CONTENT_BYTES_MAX: usize = 3 * crate::cut::SEGMENT_BYTES_MAX;
const _: () = assert!(CONTENT_BYTES_MAX < u16::MAX as usize);

impl Place {
    pub(crate) fn item<'a>(&self, text: &'a str) -> Item<'a> {
        Item { group: usize::from(self.group), key: part(text, self.key), value: part(text, self.value) }
    }

    pub(crate) fn factor<'a>(&self, text: &'a str) -> Option<Factor<'a>> {
        let (start, end) = self.key;
        (self.field > 0).then(|| Factor {
            group: usize::from(self.group),
            polluter: None,
            code: part(text, (start, self.field - 1)),
            field: part(text, (self.field, end)),
            suffix: self.suffix,
            value: part(text, self.value),
        })
    }
}

fn part(text: &str, (start, end): (u16, u16)) -> &str {
    &text[usize::from(start)..usize::from(end)]
}

/// Finds the items of a content one after the other, and what is tolerated on the way.
#[derive(Clone, Debug)]
pub(crate) struct Items<'a> {
    text: &'a str,
    at: usize,
    group: u16,
    /// What was tolerated so far.
    pub warnings: Warnings,
}

const LOG_MARK: &str = "//";
/// Log text stays below this many bytes. Source: HJ 212-2017, i11001.
const LOG_TEXT_BYTES: usize = 890;

impl<'a> Items<'a> {
    /// The items of the text between `&&` and `&&`, which is no longer than [`CONTENT_BYTES_MAX`].
    pub fn new(text: &'a str) -> Self {
        debug_assert!(text.len() <= CONTENT_BYTES_MAX);
        Items { text, at: 0, group: 0, warnings: Warnings::default() }
    }

    /// Where the item that begins at `from` ends: at a separator, but not at one inside `//…//`.
    fn end_of_value(&mut self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut search = from;
        // Log text is rare; what is no slash and no space is none.
        if !matches!(bytes.get(from), Some(b'/' | b' ')) {
            return separator(bytes, from);
        }
        let text = from + bytes[from..].iter().take_while(|byte| **byte == b' ').count();
        if bytes[text..].starts_with(LOG_MARK.as_bytes()) {
            let inside = text + LOG_MARK.len();
            match memchr::memmem::find(&bytes[inside..], LOG_MARK.as_bytes()) {
                Some(length) => {
                    self.warnings.add_if(length >= LOG_TEXT_BYTES, Warning::LogTextLong);
                    search = inside + length + LOG_MARK.len();
                }
                None => self.warnings.add(Warning::LogTextOpen),
            }
        }
        separator(bytes, search)
    }

    /// A key without the spaces around it.
    fn trimmed(&mut self, start: usize, end: usize) -> (usize, usize) {
        let bytes = self.text.as_bytes();
        if start == end || (bytes[start] != b' ' && bytes[end - 1] != b' ') {
            return (start, end);
        }
        self.warnings.add(Warning::Spaces);
        let left = self.text[start..end].trim_start_matches(' ');
        let from = end - left.len();
        (from, from + left.trim_end_matches(' ').len())
    }
}

fn separator(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|byte| matches!(byte, b';' | b',')).map_or(bytes.len(), |found| from + found)
}

impl Iterator for Items<'_> {
    type Item = Place;

    fn next(&mut self) -> Option<Place> {
        let bytes = self.text.as_bytes();
        loop {
            let start = self.at;
            if start >= bytes.len() {
                return None;
            }
            let group = self.group;
            let (stop, dash) = end_of_key(bytes, start);
            let has_value = bytes.get(stop) == Some(&b'=');
            let end = if has_value { self.end_of_value(stop + 1) } else { stop };
            self.at = end + 1;
            self.group += u16::from(bytes.get(end) == Some(&b';'));
            // A separator that ends the content has nothing behind it.
            self.warnings.add_if(end + 1 == bytes.len(), Warning::EmptyItem);
            let key = self.trimmed(start, stop);
            let value = if has_value { (stop + 1, end) } else { (end, end) };
            if key.0 == key.1 && value.0 == value.1 {
                self.warnings.add(Warning::EmptyItem);
                continue;
            }
            self.warnings.add_if(!has_value, Warning::ItemWithoutValue);
            let spaced = value.0 < value.1 && (bytes[value.0] == b' ' || bytes[value.1 - 1] == b' ');
            self.warnings.add_if(spaced, Warning::Spaces);
            let field = dash.map(|dash| dash + 1);
            let suffix = field.and_then(|field| Suffix::of(&self.text[field..key.1.max(field)]));
            let short = |(from, to): (usize, usize)| (from as u16, to as u16);
            let field = field.filter(|field| *field <= key.1).unwrap_or(0) as u16;
            return Some(Place { key: short(key), value: short(value), group, field, suffix });
        }
    }
}

/// Where a key ends, at `=` or at a separator, and its first `-`.
fn end_of_key(bytes: &[u8], start: usize) -> (usize, Option<usize>) {
    let mut dash = None;
    for (place, byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            b'=' | b';' | b',' => return (place, dash),
            b'-' if dash.is_none() => dash = Some(place),
            _ => {}
        }
    }
    (bytes.len(), dash)
}

/// The factors of a content in order.
#[derive(Clone, Debug)]
pub struct Factors<'a> {
    text: &'a str,
    places: std::slice::Iter<'a, Place>,
    polluter: Option<(u16, &'a str)>,
}

impl<'a> Factors<'a> {
    pub(crate) fn new(text: &'a str, places: &'a [Place]) -> Self {
        Factors { text, places: places.iter(), polluter: None }
    }
}

impl<'a> Iterator for Factors<'a> {
    type Item = Factor<'a>;

    fn next(&mut self) -> Option<Factor<'a>> {
        loop {
            let place = self.places.next()?;
            if let Some(factor) = place.factor(self.text) {
                let polluter = self.polluter.filter(|(group, _)| *group == place.group).map(|(_, code)| code);
                return Some(Factor { polluter, ..factor });
            }
            if part(self.text, place.key) == "PolId" {
                self.polluter = Some((place.group, part(self.text, place.value)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (String, Vec<&'static str>) {
        let mut items = Items::new(text);
        let all: Vec<String> = items
            .by_ref()
            .map(|place| place.item(text))
            .map(|i| format!("{}:{}={}", i.group, i.key, i.value))
            .collect();
        (all.join("|"), items.warnings.iter().map(Warning::name).collect())
    }

    #[test]
    fn groups_and_items_keep_their_order() {
        let (items, warnings) =
            told("DataTime=20240101000000;a21026-Rtd=1.50,a21026-Flag=N;PolId=w01018,i13004-Info=165");
        assert_eq!(
            items,
            "0:DataTime=20240101000000|1:a21026-Rtd=1.50|1:a21026-Flag=N|2:PolId=w01018|2:i13004-Info=165"
        );
        assert!(warnings.is_empty());
        assert_eq!(told(""), (String::new(), vec![]));
    }

    #[test]
    fn separators_inside_log_text_separate_nothing() {
        let (items, warnings) = told("i11001-Info=//清洗;完成,a=1//;b=2");
        assert_eq!(items, "0:i11001-Info=//清洗;完成,a=1//|1:b=2");
        assert!(warnings.is_empty());
        assert_eq!(told("i11001-Info=//open;b=2"), ("0:i11001-Info=//open|1:b=2".into(), vec!["log_text_open"]));
        assert_eq!(told(&format!("i=//{}//", "x".repeat(889))).1, Vec::<&str>::new());
        assert_eq!(told(&format!("i=//{}//", "x".repeat(890))).1, ["log_text_long"]);
    }

    #[test]
    fn misprints_are_tolerated_and_named() {
        assert_eq!(told("a=1;"), ("0:a=1".into(), vec!["empty_item"]));
        assert_eq!(told("a=1;;b=2"), ("0:a=1|2:b=2".into(), vec!["empty_item"]));
        assert_eq!(told(" a =1; b= 2"), ("0:a=1|1:b= 2".into(), vec!["spaces"]));
        assert_eq!(told("a=1,2"), ("0:a=1|0:2=".into(), vec!["item_without_value"]));
        assert_eq!(told("a="), ("0:a=".into(), vec![]));
    }

    #[test]
    fn a_parameter_belongs_to_the_analyser_of_its_group() {
        let text = "PolId=w01018,i13004-Info=165;PolId=w21003,i13004-Info=80;w01001-Rtd=7.1";
        let places: Vec<_> = Items::new(text).collect();
        let found: Vec<_> = Factors::new(text, &places).map(|f| (f.polluter, f.code, f.value)).collect();
        let expected = [(Some("w01018"), "i13004", "165"), (Some("w21003"), "i13004", "80"), (None, "w01001", "7.1")];
        assert_eq!(found, expected);
    }

    #[test]
    fn numbers_are_exact_and_anything_else_is_none() {
        for text in ["123456789012345678", "1234567890123456789", "-12345678901234567.5", "0.0000000000000000001"] {
            assert_eq!(number(text).unwrap().to_string(), text);
        }
        for (text, expected) in
            [("2.2", "2.2"), ("-0.50", "-0.50"), ("+7", "7"), (".5", "0.5"), ("5.", "5"), (" 12 ", "12")]
        {
            assert_eq!(number(text).unwrap().to_string(), expected, "{text}");
        }
        let long = "1".repeat(28);
        assert_eq!(number(&long).unwrap().to_string(), long);
        for text in
            ["", ".", "-", "1e3", "NaN", "--", "1.2.3", "１", "0x1", &"1".repeat(30), "1_000_000_000_000_000_000"]
        {
            assert_eq!(number(text), None, "{text}");
        }
        let text = "a21026-Rtd=1.5,a21026-Flag=N";
        let rtd = Items::new(text).map(|place| place.factor(text).unwrap().number());
        assert!(rtd.eq([Some(Decimal::new(15, 1)), None]));
    }
}
