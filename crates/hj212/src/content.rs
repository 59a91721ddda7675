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

impl<'a> Item<'a> {
    /// As a field of a factor; `None` for keys without `-`, such as DataTime.
    pub fn factor(&self) -> Option<Factor<'a>> {
        let (code, field) = self.key.split_once('-')?;
        Some(Factor { group: self.group, polluter: None, code, field, suffix: Suffix::of(field), value: self.value })
    }
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
    const MOST_DIGITS: usize = 28;
    let text = text.trim_matches(' ');
    let (negative, digits) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let (mut mantissa, mut count, mut point) = (0_i128, 0, None);
    for (place, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' if count < MOST_DIGITS => {
                mantissa = mantissa * 10 + i128::from(byte - b'0');
                count += 1;
            }
            b'.' if point.is_none() => point = Some(place),
            _ => return None,
        }
    }
    let decimals = point.map_or(0, |place| digits.len() - place - 1);
    let signed = if negative { -mantissa } else { mantissa };
    (count > 0).then(|| Decimal::try_from_i128_with_scale(signed, decimals as u32).ok())?
}

/// The items of a content in order, with what was tolerated on the way.
#[derive(Clone, Debug)]
pub struct Items<'a> {
    text: &'a str,
    at: usize,
    group: usize,
    /// What was tolerated so far.
    pub warnings: Warnings,
}

const LOG_MARK: &str = "//";
/// Log text stays below this many bytes. Source: HJ 212-2017, i11001.
const LOG_TEXT_BYTES: usize = 890;

impl<'a> Items<'a> {
    /// The items of the text between `&&` and `&&`.
    pub fn new(text: &'a str) -> Self {
        Items { text, at: 0, group: 0, warnings: Warnings::default() }
    }

    /// Where the item that begins at `from` ends: at a separator, but not at one inside `//…//`.
    fn end_of_value(&mut self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let text = from + bytes[from..].iter().take_while(|byte| **byte == b' ').count();
        let mut search = from;
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

    fn trimmed(&mut self, key: &'a str) -> &'a str {
        if key.as_bytes().first().is_some_and(|byte| *byte == b' ') || key.ends_with(' ') {
            self.warnings.add(Warning::Spaces);
        }
        key.trim_matches(' ')
    }
}

fn separator(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|byte| matches!(byte, b';' | b',')).map_or(bytes.len(), |found| from + found)
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        let bytes = self.text.as_bytes();
        loop {
            let start = self.at;
            if start >= bytes.len() {
                return None;
            }
            let group = self.group;
            let stop = bytes[start..].iter().position(|byte| matches!(byte, b'=' | b';' | b','));
            let stop = stop.map_or(bytes.len(), |found| start + found);
            let has_value = bytes.get(stop) == Some(&b'=');
            let end = if has_value { self.end_of_value(stop + 1) } else { stop };
            self.at = end + 1;
            if bytes.get(end) == Some(&b';') {
                self.group += 1;
            }
            // A separator that ends the content has nothing behind it.
            self.warnings.add_if(end + 1 == bytes.len(), Warning::EmptyItem);
            let key = self.trimmed(&self.text[start..stop]);
            let value = if has_value { &self.text[stop + 1..end] } else { "" };
            if key.is_empty() && value.is_empty() {
                self.warnings.add(Warning::EmptyItem);
                continue;
            }
            self.warnings.add_if(!has_value, Warning::ItemWithoutValue);
            self.warnings.add_if(has_value && (value.starts_with(' ') || value.ends_with(' ')), Warning::Spaces);
            return Some(Item { group, key, value });
        }
    }
}

/// The factors of a content in order.
#[derive(Clone, Debug)]
pub struct Factors<'a> {
    items: Items<'a>,
    polluter: Option<(usize, &'a str)>,
}

impl<'a> Factors<'a> {
    /// The factors of the text between `&&` and `&&`.
    pub fn new(text: &'a str) -> Self {
        Factors { items: Items::new(text), polluter: None }
    }
}

impl<'a> Iterator for Factors<'a> {
    type Item = Factor<'a>;

    fn next(&mut self) -> Option<Factor<'a>> {
        loop {
            let item = self.items.next()?;
            if let Some(factor) = item.factor() {
                let polluter = self.polluter.filter(|(group, _)| *group == item.group).map(|(_, code)| code);
                return Some(Factor { polluter, ..factor });
            }
            if item.key == "PolId" {
                self.polluter = Some((item.group, item.value));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (String, Vec<&'static str>) {
        let mut items = Items::new(text);
        let all: Vec<String> = items.by_ref().map(|i| format!("{}:{}={}", i.group, i.key, i.value)).collect();
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
        let found: Vec<_> = Factors::new(text).map(|f| (f.polluter, f.code, f.value)).collect();
        let expected = [(Some("w01018"), "i13004", "165"), (Some("w21003"), "i13004", "80"), (None, "w01001", "7.1")];
        assert_eq!(found, expected);
    }

    #[test]
    fn numbers_are_exact_and_anything_else_is_none() {
        for (text, expected) in
            [("2.2", "2.2"), ("-0.50", "-0.50"), ("+7", "7"), (".5", "0.5"), ("5.", "5"), (" 12 ", "12")]
        {
            assert_eq!(number(text).unwrap().to_string(), expected, "{text}");
        }
        let long = "1".repeat(28);
        assert_eq!(number(&long).unwrap().to_string(), long);
        for text in ["", ".", "-", "1e3", "NaN", "--", "1.2.3", "１", "0x1", &"1".repeat(29)] {
            assert_eq!(number(text), None, "{text}");
        }
        let rtd = Items::new("a21026-Rtd=1.5,a21026-Flag=N").map(|item| item.factor().unwrap().number());
        assert!(rtd.eq([Some(Decimal::new(15, 1)), None]));
    }
}
