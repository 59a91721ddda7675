//! Times as the protocol writes them.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use units::Instant;

/// A time of 14 digits, `YYYYMMDDhhmmss`, Beijing time; `None` when the calendar does not have it.
pub fn parse_14(text: &str) -> Option<Instant> {
    let digits: &[u8; 14] = text.as_bytes().try_into().ok()?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = |from: usize, to: usize| digits[from..to].iter().fold(0, |sum, d| sum * 10 + u32::from(d - b'0'));
    NaiveDate::from_ymd_opt(number(0, 4) as i32, number(4, 6), number(6, 8))
        .and_then(|day| day.and_hms_opt(number(8, 10), number(10, 12), number(12, 14)))
        .map(from_local)
}

/// A time of 17 digits, with milliseconds, such as QN; the milliseconds are dropped.
pub fn parse_17(text: &str) -> Option<Instant> {
    let (seconds, milliseconds) = text.split_at_checked(14)?;
    let whole = milliseconds.len() == 3 && milliseconds.bytes().all(|byte| byte.is_ascii_digit());
    whole.then(|| parse_14(seconds))?
}

/// Writes 14 digits.
pub fn write_14(moment: Instant) -> String {
    (moment.to_utc().naive_utc() + OFFSET).format("%Y%m%d%H%M%S").to_string()
}

const OFFSET: TimeDelta = TimeDelta::hours(8);

fn from_local(local: NaiveDateTime) -> Instant {
    Instant::from_utc((local - OFFSET).and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_one_of_the_calendar_in_beijing() {
        let moment = parse_14("20240229080000").unwrap();
        assert_eq!(moment.to_string(), "2024-02-29T08:00:00+08:00");
        assert_eq!(write_14(moment), "20240229080000");
        assert_eq!(parse_17("20240229080000999"), Some(moment));
        for text in [
            "",
            "20230229080000",
            "20240229240000",
            "2024022908000",
            "202402290800000",
            "2024022908000x",
            "00000000000000",
        ] {
            assert_eq!(parse_14(text), None, "{text}");
        }
        for text in ["20240229080000", "2024022908000099x", "中文中文中文中文1"] {
            assert_eq!(parse_17(text), None, "{text}");
        }
    }
}
