use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

const BEIJING_OFFSET_SECONDS: i32 = 8 * 3600;

/// Why a text is not a time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not RFC 3339 with an offset.
    #[error("U-501 not a time with an offset (expected for example 2018-01-13T20:00:00+08:00): {0:?}")]
    NotAnInstant(String),
    /// Not a calendar day.
    #[error("U-502 not a calendar day (expected YYYY-MM-DD): {0:?}")]
    NotADay(String),
    /// A time that is not on the hour, where an hourly label is due.
    #[error("U-503 not a whole hour: {0:?}")]
    NotAnHour(String),
}

fn beijing() -> FixedOffset {
    FixedOffset::east_opt(BEIJING_OFFSET_SECONDS).expect("eight hours is a legal offset")
}

/// A moment (时刻), to the second, written with Beijing's offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Instant(DateTime<Utc>);

impl Instant {
    /// From a UTC moment.
    pub fn from_utc(moment: DateTime<Utc>) -> Self {
        Instant(moment)
    }

    /// As a UTC moment.
    pub fn to_utc(self) -> DateTime<Utc> {
        self.0
    }

    /// The last hour that has ended at this moment.
    pub fn last_ended_hour(self) -> BeijingHour {
        BeijingHour((self.0.timestamp() + i64::from(BEIJING_OFFSET_SECONDS)).div_euclid(3600))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.with_timezone(&beijing()).to_rfc3339_opts(SecondsFormat::Secs, false))
    }
}

impl FromStr for Instant {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        DateTime::parse_from_rfc3339(text.trim())
            .map(|moment| Instant(moment.with_timezone(&Utc)))
            .map_err(|_| TimeError::NotAnInstant(text.to_string()))
    }
}

impl TryFrom<String> for Instant {
    type Error = TimeError;
    fn try_from(text: String) -> Result<Self, TimeError> {
        text.parse()
    }
}

impl From<Instant> for String {
    fn from(value: Instant) -> String {
        value.to_string()
    }
}

/// One hour of Beijing time, **named by its end**: the value stamped 08:00 is the mean of 07:00–08:00.
///
/// The last hour of a day is labelled 24:00, which is written as 00:00 of the next day; [`BeijingHour::day`]
/// knows that it belongs to the day it ends. Beijing time has had no daylight saving since 1991, so a
/// day always has 24 hours. Holds hours since 1970-01-01 00:00 Beijing time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BeijingHour(i64);

impl BeijingHour {
    /// From the count of hours since 1970-01-01 00:00 Beijing time at which this hour ends.
    pub const fn from_index(index: i64) -> Self {
        BeijingHour(index)
    }

    /// Hours since 1970-01-01 00:00 Beijing time at which this hour ends.
    pub const fn index(self) -> i64 {
        self.0
    }

    /// The hour of `day` labelled `label`, 1 to 24; `None` for any other label.
    pub fn of_day(day: BeijingDay, label: u8) -> Option<Self> {
        (1..=24).contains(&label).then(|| BeijingHour(i64::from(day.0) * 24 + i64::from(label)))
    }

    /// The hour that ends at a local date and time of day; refuses `U-503` off the hour.
    pub fn ending_at(local: NaiveDateTime) -> Result<Self, TimeError> {
        let seconds = local.and_utc().timestamp();
        if seconds % 3600 == 0 { Ok(BeijingHour(seconds / 3600)) } else { Err(TimeError::NotAnHour(local.to_string())) }
    }

    /// The moment this hour ends, which is its label.
    pub fn end(self) -> Instant {
        let seconds = self.0 * 3600 - i64::from(BEIJING_OFFSET_SECONDS);
        Instant(DateTime::from_timestamp(seconds, 0).expect("hours lie within chrono's range of 262,000 years"))
    }

    /// The moment this hour begins.
    pub fn start(self) -> Instant {
        BeijingHour(self.0 - 1).end()
    }

    /// The day this hour belongs to; the label 00:00 belongs to the day it ends.
    pub const fn day(self) -> BeijingDay {
        BeijingDay((self.0 - 1).div_euclid(24) as i32)
    }

    /// The label within the day, 1 to 24.
    pub const fn label(self) -> u8 {
        ((self.0 - 1).rem_euclid(24) + 1) as u8
    }
}

impl Add<i64> for BeijingHour {
    type Output = BeijingHour;
    fn add(self, hours: i64) -> BeijingHour {
        BeijingHour(self.0 + hours)
    }
}

impl Sub<i64> for BeijingHour {
    type Output = BeijingHour;
    fn sub(self, hours: i64) -> BeijingHour {
        BeijingHour(self.0 - hours)
    }
}

impl Sub for BeijingHour {
    type Output = i64;
    fn sub(self, other: BeijingHour) -> i64 {
        self.0 - other.0
    }
}

impl fmt::Display for BeijingHour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.end().fmt(f)
    }
}

impl FromStr for BeijingHour {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let instant: Instant = text.parse()?;
        let hour = instant.last_ended_hour();
        if hour.end() == instant { Ok(hour) } else { Err(TimeError::NotAnHour(text.to_string())) }
    }
}

impl TryFrom<String> for BeijingHour {
    type Error = TimeError;
    fn try_from(text: String) -> Result<Self, TimeError> {
        text.parse()
    }
}

impl From<BeijingHour> for String {
    fn from(value: BeijingHour) -> String {
        value.to_string()
    }
}

/// One calendar day of Beijing time (自然日): the hours labelled 01:00 to 24:00. Holds days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BeijingDay(i32);

impl BeijingDay {
    /// From the count of days since 1970-01-01.
    pub const fn from_index(index: i32) -> Self {
        BeijingDay(index)
    }

    /// Days since 1970-01-01.
    pub const fn index(self) -> i32 {
        self.0
    }

    /// The day a year, month and day of month name; `None` when there is no such day.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self::from_date)
    }

    /// From a calendar date.
    pub fn from_date(date: NaiveDate) -> Self {
        BeijingDay(date.to_epoch_days())
    }

    /// As a calendar date.
    pub fn to_date(self) -> NaiveDate {
        NaiveDate::from_epoch_days(self.0).expect("days lie within chrono's range of 262,000 years")
    }

    /// The 24 hours of this day, labels 1 to 24.
    pub fn hours(self) -> impl ExactSizeIterator<Item = BeijingHour> + Clone {
        let first = i64::from(self.0) * 24 + 1;
        (0..24usize).map(move |n| BeijingHour(first + n as i64))
    }

    /// Year, for example 2018.
    pub fn year(self) -> i32 {
        self.to_date().year()
    }

    /// Month, 1 to 12.
    pub fn month(self) -> u32 {
        self.to_date().month()
    }

    /// Whole days of the month this day lies in.
    pub fn days_in_month(self) -> u32 {
        let date = self.to_date();
        let first = date.with_day(1).expect("every month has a first day");
        let next = first.checked_add_months(chrono::Months::new(1)).expect("within chrono's range");
        (next - TimeDelta::days(1)).day()
    }
}

impl Add<i32> for BeijingDay {
    type Output = BeijingDay;
    fn add(self, days: i32) -> BeijingDay {
        BeijingDay(self.0 + days)
    }
}

impl Sub<i32> for BeijingDay {
    type Output = BeijingDay;
    fn sub(self, days: i32) -> BeijingDay {
        BeijingDay(self.0 - days)
    }
}

impl Sub for BeijingDay {
    type Output = i32;
    fn sub(self, other: BeijingDay) -> i32 {
        self.0 - other.0
    }
}

impl fmt::Display for BeijingDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_date().fmt(f)
    }
}

impl FromStr for BeijingDay {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let day =
            NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").map_err(|_| TimeError::NotADay(text.to_string()))?;
        // Days far outside any record would overflow hour counts downstream.
        if (1900..=2200).contains(&day.year()) {
            Ok(Self::from_date(day))
        } else {
            Err(TimeError::NotADay(text.to_string()))
        }
    }
}

impl TryFrom<String> for BeijingDay {
    type Error = TimeError;
    fn try_from(text: String) -> Result<Self, TimeError> {
        text.parse()
    }
}

impl From<BeijingDay> for String {
    fn from(value: BeijingDay) -> String {
        value.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> BeijingDay {
        text.parse().unwrap()
    }

    #[test]
    fn the_value_stamped_eight_is_seven_to_eight() {
        let hour: BeijingHour = "2018-01-13T08:00:00+08:00".parse().unwrap();
        assert_eq!(hour.start().to_string(), "2018-01-13T07:00:00+08:00");
        assert_eq!(hour.end().to_string(), "2018-01-13T08:00:00+08:00");
        assert_eq!((hour.day(), hour.label()), (day("2018-01-13"), 8));
    }

    #[test]
    fn midnight_belongs_to_the_day_it_ends() {
        let hour: BeijingHour = "2018-01-14T00:00:00+08:00".parse().unwrap();
        assert_eq!((hour.day(), hour.label()), (day("2018-01-13"), 24));
        assert_eq!(BeijingHour::of_day(day("2018-01-13"), 24), Some(hour));
        assert_eq!(day("2018-01-13").hours().last(), Some(hour));
    }

    #[test]
    fn there_is_no_daylight_saving_even_where_history_had_it() {
        let noon: BeijingHour = "1988-07-01T12:00:00+08:00".parse().unwrap();
        assert_eq!(noon.label(), 12);
    }

    #[test]
    fn another_offset_names_the_same_hour() {
        assert_eq!("2018-01-13T12:00:00Z".parse::<BeijingHour>(), "2018-01-13T20:00:00+08:00".parse());
    }

    #[test]
    fn impossible_days_and_half_hours_are_refused() {
        for text in ["2018-02-30", "2018-13-01", "20180101", "", "999999-01-01", "0001-01-01"] {
            assert!(text.parse::<BeijingDay>().is_err(), "{text}");
        }
        assert!("2018-01-13T20:30:00+08:00".parse::<BeijingHour>().is_err());
        assert!("2018-01-13T20:00:00".parse::<BeijingHour>().is_err());
    }

    #[test]
    fn february_knows_leap_years() {
        assert_eq!((day("2020-02-03").days_in_month(), day("2018-02-03").days_in_month()), (29, 28));
    }

    proptest! {
        #[test]
        fn hour_text_round_trips(index in -200_000i64..2_000_000) {
            let hour = BeijingHour::from_index(index);
            prop_assert_eq!(hour.to_string().parse::<BeijingHour>().unwrap(), hour);
            prop_assert_eq!(BeijingHour::of_day(hour.day(), hour.label()), Some(hour));
        }
    }
}
