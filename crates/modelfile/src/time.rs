//! Model times, all UTC unless a layout says otherwise, as Beijing hours.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use units::BeijingHour;

/// Beijing is eight hours ahead of UTC.
const AHEAD: i64 = 8;

/// The hour that ends `hours` after 00:00 UTC of a day; `None` outside the years 1900 to 2200.
pub fn utc(day: NaiveDate, hours: i64) -> Option<BeijingHour> {
    let index = i64::from(day.to_epoch_days()).checked_mul(24)?.checked_add(hours)?.checked_add(AHEAD)?;
    bounded(index)
}

/// An hour by its index, within the years 1900 to 2200, so that sums further down can't overflow.
pub fn bounded(index: i64) -> Option<BeijingHour> {
    (-613_608..=2_025_000).contains(&index).then(|| BeijingHour::from_index(index))
}

/// A day of the year, `2018013`.
pub fn julian(yyyyddd: i64) -> Option<NaiveDate> {
    let (year, day) = (yyyyddd.div_euclid(1000), yyyyddd.rem_euclid(1000));
    NaiveDate::from_yo_opt(i32::try_from(year).ok()?, day as u32)
}

/// `2018-01-13_00:00:00`, `2018-01-13 00:00:00`, `2018-01-13T00:00:00Z`, on the hour.
pub fn utc_text(text: &str) -> Option<BeijingHour> {
    let plain = text.trim().trim_end_matches('Z').replace(['_', 'T'], " ");
    let moment = naive(&plain)?;
    (moment.minute() == 0 && moment.second() == 0).then(|| utc(moment.date(), i64::from(moment.hour())))?
}

/// A date and time of day in the notations of tables; the time may be missing.
pub fn naive(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim().replace('/', "-");
    for form in ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y%m%d%H%M%S"] {
        if let Ok(moment) = NaiveDateTime::parse_from_str(&text, form) {
            return Some(moment).filter(year_is_near);
        }
    }
    let (date, hour) = match text.len() {
        10 if text.bytes().all(|byte| byte.is_ascii_digit()) => (text.get(..8)?, text.get(8..)?.parse().ok()?),
        13 => (text.get(..10)?, text.get(11..)?.parse().ok()?),
        _ => (text.as_str(), 0),
    };
    let day = NaiveDate::parse_from_str(date, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(date, "%Y%m%d"));
    let time = NaiveTime::from_hms_opt(hour, 0, 0)?;
    Some(day.ok()?.and_time(time)).filter(year_is_near)
}

fn year_is_near(moment: &NaiveDateTime) -> bool {
    (1900..=2200).contains(&moment.year())
}

/// `hours since 1900-01-01 00:00:00` as the first hour and how many of the unit make one hour.
pub fn since(units: &str) -> Option<(BeijingHour, f64)> {
    let (unit, from) = units.split_once(" since ")?;
    let an_hour = match unit.trim() {
        "hours" | "hour" => 1.0,
        "minutes" => 60.0,
        "seconds" => 3600.0,
        "days" => 1.0 / 24.0,
        _ => return None,
    };
    let from = from.trim().trim_end_matches("UTC").trim();
    Some((utc_text(from)?, an_hour))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utc_becomes_beijing_and_half_hours_are_no_hours() {
        let hour = |text| utc_text(text).map(|hour| hour.to_string());
        assert_eq!(hour("2018-01-13_16:00:00").as_deref(), Some("2018-01-14T00:00:00+08:00"));
        assert_eq!(hour("2018-01-13T16:00:00Z"), hour("2018-01-13_16:00:00"));
        assert_eq!((hour("2018-01-13_16:30:00"), hour("9999-01-01_00:00:00")), (None, None));
    }

    #[test]
    fn axes_count_from_their_own_beginning() {
        let (first, an_hour) =
            since("hours since 1900-01-01 00:00:0.0").or_else(|| since("hours since 1900-01-01")).unwrap();
        assert_eq!((first.to_string().as_str(), an_hour), ("1900-01-01T08:00:00+08:00", 1.0));
        assert_eq!(since("seconds since 1970-01-01").unwrap().1, 3600.0);
        assert!(since("K").is_none());
    }

    #[test]
    fn the_notations_of_tables_are_read() {
        for text in ["2018/1/13 8:00", "2018-01-13 08:00:00", "2018011308", "2018-01-13 08"] {
            assert_eq!(naive(text).map(|moment| moment.hour()), Some(8), "{text}");
        }
        assert_eq!(naive("20180113").map(|moment| moment.hour()), Some(0));
        assert!(naive("2018-02-30 08:00").is_none());
        assert!(julian(2018366).is_none() && julian(2020366).is_some());
    }
}
