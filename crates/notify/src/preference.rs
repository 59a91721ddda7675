use crate::{ChannelKind, NotifyError};
use chrono::{NaiveTime, TimeDelta, Timelike};
use event::Urgency;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use units::Instant;

const BEIJING_MINUTES: i64 = 8 * 60;
const DAY_MINUTES: i64 = 24 * 60;

/// A time of day in Beijing, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

/// When and how a person wants to be told (通知偏好).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preference {
    /// Begin of the quiet hours (免打扰); the same as the end for none.
    pub quiet_from: TimeOfDay,
    /// End of the quiet hours.
    pub quiet_to: TimeOfDay,
    /// When the day's digest (摘要) comes.
    pub digest_at: TimeOfDay,
    /// Ways that are wanted beside the list inside the program, which is always there.
    pub channels: BTreeSet<ChannelKind>,
}

impl Default for Preference {
    fn default() -> Self {
        Preference {
            quiet_from: TimeOfDay(22 * 60),
            quiet_to: TimeOfDay(7 * 60),
            digest_at: TimeOfDay(8 * 60 + 10),
            channels: [ChannelKind::Email, ChannelKind::Sms].into(),
        }
    }
}

impl Preference {
    /// When a message made now is to go out: an order or an escalation at once, at any hour; everything else with
    /// the next digest, which never falls into the quiet hours.
    pub fn due(&self, urgency: Urgency, now: Instant) -> Instant {
        match urgency {
            Urgency::Immediate => now,
            Urgency::Digest => self.after_quiet(self.digest_at.next_after(now)),
        }
    }

    /// Whether this moment lies in the quiet hours.
    pub fn quiet(&self, now: Instant) -> bool {
        let minute = TimeOfDay::at(now);
        let (from, to) = (self.quiet_from, self.quiet_to);
        if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to }
    }

    fn after_quiet(&self, moment: Instant) -> Instant {
        if self.quiet(moment) { self.quiet_to.next_after(moment) } else { moment }
    }
}

impl TimeOfDay {
    fn at(moment: Instant) -> TimeOfDay {
        TimeOfDay(beijing_minutes(moment).rem_euclid(DAY_MINUTES) as u16)
    }

    /// The next time the clock shows this, later than `now`.
    fn next_after(self, now: Instant) -> Instant {
        let minutes = beijing_minutes(now);
        let today = minutes.div_euclid(DAY_MINUTES) * DAY_MINUTES + i64::from(self.0);
        let next = if today > minutes { today } else { today + DAY_MINUTES };
        let whole_minute = now.to_utc().with_second(0).and_then(|t| t.with_nanosecond(0)).unwrap_or(now.to_utc());
        Instant::from_utc(whole_minute + TimeDelta::minutes(next - minutes))
    }
}

fn beijing_minutes(moment: Instant) -> i64 {
    moment.to_utc().timestamp().div_euclid(60) + BEIJING_MINUTES
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for TimeOfDay {
    type Err = NotifyError;
    fn from_str(text: &str) -> Result<Self, NotifyError> {
        let bad = || NotifyError::BadTime(text.chars().take(20).collect());
        let time = NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| bad())?;
        // The parser takes `8:5` too; what is stored and shown is one spelling.
        if text.len() == 5 { Ok(TimeOfDay((time.hour() * 60 + time.minute()) as u16)) } else { Err(bad()) }
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = NotifyError;
    fn try_from(text: String) -> Result<Self, NotifyError> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(value: TimeOfDay) -> String {
        value.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn preference(from: &str, to: &str, digest: &str) -> Preference {
        let [quiet_from, quiet_to, digest_at] = [from, to, digest].map(|text| text.parse().unwrap());
        Preference { quiet_from, quiet_to, digest_at, channels: BTreeSet::new() }
    }

    fn due(p: &Preference, urgency: Urgency, now: &str) -> String {
        p.due(urgency, now.parse().unwrap()).to_string()
    }

    #[test]
    fn an_order_goes_out_at_three_in_the_morning_and_the_rest_waits_for_the_digest() {
        let p = preference("22:00", "07:00", "08:10");
        let night = "2026-01-05T03:00:30+08:00";
        assert_eq!(due(&p, Urgency::Immediate, night), night);
        assert_eq!(due(&p, Urgency::Digest, night), "2026-01-05T08:10:00+08:00");
        assert_eq!(due(&p, Urgency::Digest, "2026-01-05T08:09:59+08:00"), "2026-01-05T08:10:00+08:00");
        assert_eq!(due(&p, Urgency::Digest, "2026-01-05T08:10:00+08:00"), "2026-01-06T08:10:00+08:00");
    }

    #[test]
    fn a_digest_inside_the_quiet_hours_comes_when_they_end() {
        let p = preference("22:00", "07:00", "06:00");
        assert_eq!(due(&p, Urgency::Digest, "2026-01-05T20:00:00+08:00"), "2026-01-06T07:00:00+08:00");
    }

    #[test]
    fn quiet_hours_go_over_midnight_or_not_and_include_their_begin_only() {
        let night = preference("22:00", "07:00", "08:00");
        let noon = preference("12:00", "14:00", "08:00");
        let none = preference("07:00", "07:00", "08:00");
        let quiet = |p: &Preference, time: &str| p.quiet(format!("2026-01-05T{time}+08:00").parse().unwrap());
        assert!(quiet(&night, "22:00:00") && quiet(&night, "06:59:59") && !quiet(&night, "07:00:00"));
        assert!(!quiet(&night, "21:59:59") && quiet(&noon, "12:00:00") && !quiet(&noon, "14:00:00"));
        assert!(!quiet(&none, "07:00:00") && !quiet(&none, "00:00:00"));
    }

    #[test]
    fn what_is_no_time_of_day_is_refused() {
        for text in ["24:00", "7:5", "", "08:60", "08:00:00", "八点"] {
            assert!(text.parse::<TimeOfDay>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_digest_is_later_than_now_within_two_days_and_never_in_the_quiet_hours(
            from in 0u16..1440, to in 0u16..1440, at in 0u16..1440, seconds in 0i64..200_000,
        ) {
            let p = Preference { quiet_from: TimeOfDay(from), quiet_to: TimeOfDay(to), digest_at: TimeOfDay(at), ..Preference::default() };
            let start: Instant = "2026-01-05T00:00:00+08:00".parse().unwrap();
            let now = Instant::from_utc(start.to_utc() + TimeDelta::seconds(seconds));
            let due = p.due(Urgency::Digest, now);
            prop_assert!(due > now && due.to_utc() <= now.to_utc() + TimeDelta::days(2) && !p.quiet(due));
        }
    }
}
