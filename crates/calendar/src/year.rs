use crate::document::Document;
use crate::{CalendarError, Festival, Notice};
use chrono::{Datelike, Weekday};
use std::collections::BTreeMap;
use units::BeijingDay;

/// What kind of day a day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// Monday to Friday, no holiday.
    Workday,
    /// A Saturday or Sunday on which people work (调休上班).
    MakeUpWorkday,
    /// Saturday or Sunday.
    Weekend,
    /// A day off by the yearly notice, weekends within it included (放假).
    Holiday,
}

/// The calendar of one year, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Year {
    /// For example 2018.
    pub year: i32,
    /// When a person last compared it with its notices.
    pub checked_on: BeijingDay,
    /// How sure it is.
    pub confidence: String,
    /// The notices that set it.
    pub notices: Vec<Notice>,
    /// Its holidays, in the order of the file.
    pub festivals: Vec<Festival>,
    special: BTreeMap<BeijingDay, (DayKind, usize)>,
}

impl DayKind {
    /// Whether people work.
    pub const fn is_workday(self) -> bool {
        matches!(self, DayKind::Workday | DayKind::MakeUpWorkday)
    }

    /// `workday`, `make-up-workday`, `weekend` or `holiday`.
    pub const fn code(self) -> &'static str {
        match self {
            DayKind::Workday => "workday",
            DayKind::MakeUpWorkday => "make-up-workday",
            DayKind::Weekend => "weekend",
            DayKind::Holiday => "holiday",
        }
    }
}

impl Year {
    /// Reads one file; refuses `K-201` to `K-206`.
    pub fn read(text: &str) -> Result<Year, CalendarError> {
        let document = Document::read(text)?;
        let special = special_days(&document)?;
        let Document { year, checked_on, confidence, notices, festivals } = document;
        Ok(Year { year, checked_on, confidence, notices, festivals, special })
    }

    /// The kind of a day of this year.
    pub fn kind(&self, day: BeijingDay) -> DayKind {
        match self.special.get(&day) {
            Some((kind, _)) => *kind,
            None if is_weekend(day) => DayKind::Weekend,
            None => DayKind::Workday,
        }
    }

    /// The days that differ from the plain week, with the holiday that made them so, in order.
    pub fn special_days(&self) -> impl Iterator<Item = (BeijingDay, DayKind, &Festival)> {
        self.special.iter().map(|(day, (kind, festival))| (*day, *kind, &self.festivals[*festival]))
    }
}

fn special_days(document: &Document) -> Result<BTreeMap<BeijingDay, (DayKind, usize)>, CalendarError> {
    let mut special = BTreeMap::new();
    for (index, festival) in document.festivals.iter().enumerate() {
        check(document, festival)?;
        let off = festival.days_off().map(|day| (day, DayKind::Holiday));
        let work = festival.work.iter().map(|day| (*day, DayKind::MakeUpWorkday));
        for (day, kind) in off.chain(work) {
            if day.year() != document.year {
                return Err(CalendarError::OtherYear { day, year: document.year });
            }
            if special.insert(day, (kind, index)).is_some() {
                return Err(CalendarError::NamedTwice(day));
            }
        }
    }
    Ok(special)
}

fn check(document: &Document, festival: &Festival) -> Result<(), CalendarError> {
    let Festival { name, notice, from, to, work, .. } = festival;
    if to < from {
        return Err(CalendarError::EndsEarly { name: name.clone(), from: *from, to: *to });
    }
    // A holiday of centuries would be walked through day by day; both ends in the year keep it short.
    if let Some(day) = [*from, *to].into_iter().find(|day| day.year() != document.year) {
        return Err(CalendarError::OtherYear { day, year: document.year });
    }
    if !document.notices.iter().any(|known| known.document == *notice) {
        return Err(CalendarError::UnknownNotice { festival: name.clone(), notice: notice.clone() });
    }
    work.iter().find(|day| !is_weekend(**day)).map_or(Ok(()), |day| Err(CalendarError::NotAWeekend(*day)))
}

fn is_weekend(day: BeijingDay) -> bool {
    matches!(day.to_date().weekday(), Weekday::Sat | Weekday::Sun)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTICE: &str = "year = 2018\nchecked_on = 2026-11-24\nconfidence = \"\"\n[[notices]]\ndocument = \"n\"\n\
        title = \"t\"\nissued = 2017-11-30\nurl = \"u\"\n";

    fn with(notice: &str, from: &str, to: &str, work: &str) -> Result<Year, CalendarError> {
        let festival =
            format!("name = \"f\"\nname_en = \"f\"\nnotice = \"{notice}\"\nfrom = {from}\nto = {to}\nwork = [{work}]");
        Year::read(&format!("{NOTICE}[[festivals]]\n{festival}\n"))
    }

    fn day(text: &str) -> BeijingDay {
        text.parse().unwrap()
    }

    #[test]
    fn a_saturday_within_a_holiday_is_a_holiday_and_one_made_up_is_worked() {
        let year = with("n", "2018-04-05", "2018-04-07", "2018-04-08").unwrap();
        let kinds =
            ["2018-04-04", "2018-04-05", "2018-04-07", "2018-04-08", "2018-04-14"].map(|text| year.kind(day(text)));
        let expected = [DayKind::Workday, DayKind::Holiday, DayKind::Holiday, DayKind::MakeUpWorkday, DayKind::Weekend];
        assert_eq!(kinds, expected);
        assert_eq!(year.special_days().count(), 4);
    }

    #[test]
    fn a_file_that_contradicts_itself_is_refused_by_the_day() {
        let refused = |from, to, work| with("n", from, to, work).unwrap_err();
        assert_eq!(refused("2018-05-01", "2018-05-01", "2018-04-27"), CalendarError::NotAWeekend(day("2018-04-27")));
        assert_eq!(refused("2018-05-01", "2018-05-06", "2018-05-05"), CalendarError::NamedTwice(day("2018-05-05")));
        assert!(matches!(refused("2018-05-02", "2018-05-01", ""), CalendarError::EndsEarly { .. }));
        assert!(matches!(refused("2018-12-30", "2019-01-01", ""), CalendarError::OtherYear { year: 2018, .. }));
        assert!(matches!(with("m", "2018-05-01", "2018-05-01", ""), Err(CalendarError::UnknownNotice { .. })));
    }

    #[test]
    fn what_is_no_calendar_is_refused() {
        for text in ["", "year = 2018", "\u{0}", "year = \"x\""] {
            assert!(matches!(Year::read(text), Err(CalendarError::NotACalendar(_))), "{text:?}");
        }
        assert!(matches!(with("n", "\"2018-05-01\"", "2018-05-01", ""), Err(CalendarError::NotACalendar(_))));
    }
}
