//! Dates and hours as files write them. An hour label always names the end of its hour.

use crate::RowFault;
use std::str::FromStr;
use units::{BeijingDay, BeijingHour};

/// Hours Beijing is ahead of UTC.
pub(super) const BEIJING_AHEAD_OF_UTC: i64 = 8;

/// The hour of a day with label 0 to 23; label 0 ends at midnight and so closes the day before.
pub(super) fn hour_label(day: BeijingDay, label: &str) -> Result<BeijingHour, RowFault> {
    let label: u8 = number(label).ok_or(RowFault::Hour)?;
    if label > 23 {
        return Err(RowFault::Hour);
    }
    Ok(BeijingHour::from_index(i64::from(day.index()) * 24 + i64::from(label)))
}

/// A day written `20180113`.
pub(super) fn compact_day(text: &str) -> Result<BeijingDay, RowFault> {
    if text.len() != 8 || !text.is_ascii() {
        return Err(RowFault::Date);
    }
    day_of(&text[..4], &text[4..6], &text[6..])
}

/// A day written `2018-01-13`, `2018/1/13`.
pub(super) fn parted_day(text: &str) -> Result<BeijingDay, RowFault> {
    let mut parts = text.split(['-', '/']);
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(RowFault::Date);
    };
    day_of(year, month, day)
}

/// A day in three cells.
pub(super) fn day_of(year: &str, month: &str, day: &str) -> Result<BeijingDay, RowFault> {
    let (Some(year), Some(month), Some(day)) = (number(year), number(month), number(day)) else {
        return Err(RowFault::Date);
    };
    // Outside these years an hour count is certainly a mistake.
    let plausible = (1900..=2200).contains(&year);
    plausible.then(|| BeijingDay::from_ymd(year, month, day)).flatten().ok_or(RowFault::Date)
}

/// A whole hour written `2018-01-13 20:00:00`, `2018/1/13 20:00`, `2018-01-13T20:00:00`, with the clock the
/// file keeps.
pub(super) fn local_hour(text: &str) -> Result<BeijingHour, RowFault> {
    let (day, clock) = text.split_once([' ', 'T']).ok_or(RowFault::Hour)?;
    let day = parted_day(day)?;
    let mut parts = clock.trim().split(':');
    let label = parts.next().unwrap_or_default();
    if parts.any(|part| part.parse::<f32>() != Ok(0.0)) {
        return Err(RowFault::Hour);
    }
    hour_label(day, label)
}

/// A whole hour of UTC, as the Beijing hour that ends at the same moment.
pub(super) fn utc_hour(text: &str) -> Result<BeijingHour, RowFault> {
    local_hour(text).map(|hour| hour + BEIJING_AHEAD_OF_UTC)
}

fn number<T: FromStr>(text: &str) -> Option<T> {
    let text = text.trim();
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn label_zero_closes_the_day_before() {
        let hour = hour_label(compact_day("20180101").unwrap(), "0").unwrap();
        assert_eq!((hour.day().to_string(), hour.label()), ("2017-12-31".to_string(), 24));
        assert_eq!(local_hour("2018-01-01 00:00:00"), Ok(hour));
        assert_eq!(utc_hour("2017-12-31 16:00:00"), Ok(hour));
    }

    #[test]
    fn days_that_are_none_are_refused() {
        for text in ["20180230", "20181301", "2018-1-1", "", "2018010１", "99990101", "00010101"] {
            assert_eq!(compact_day(text), Err(RowFault::Date), "{text}");
        }
        assert_eq!(parted_day("2018-02-30"), Err(RowFault::Date));
        assert_eq!(parted_day("2018/2/3").unwrap().to_string(), "2018-02-03");
    }

    #[test]
    fn hours_that_are_none_are_refused() {
        let day = compact_day("20180101").unwrap();
        for label in ["24", "-1", "", "1.5", "x"] {
            assert_eq!(hour_label(day, label), Err(RowFault::Hour), "{label}");
        }
        assert_eq!(local_hour("2018-01-01 10:30"), Err(RowFault::Hour));
        assert_eq!(local_hour("2018-01-01"), Err(RowFault::Hour));
    }
}
