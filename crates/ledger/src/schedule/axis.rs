use super::TaskList;
use super::file::WorkWeek;
use crate::LedgerError;
use calendar::Calendar;
use chrono::Datelike;
use std::collections::HashSet;
use units::BeijingDay;

/// The working days known, numbered: position p is the morning of working day p and the evening of the one before.
///
/// On this axis a task that starts at p and takes d working days finishes at p + d, whatever lies between.
#[derive(Clone, Debug)]
pub struct WorkAxis {
    days: Vec<BeijingDay>,
    first: BeijingDay,
    last: BeijingDay,
}

impl WorkAxis {
    /// The axis of a list: its own calendar, or the national one over the years in a row that hold its start.
    ///
    /// Refuses `L-314` for a calendar that contradicts itself, `L-315` for a start in a year without notice.
    pub fn of(list: &TaskList, national: &Calendar) -> Result<WorkAxis, LedgerError> {
        match &list.calendar {
            Some(week) => Self::of_week(week),
            None => Self::of_notices(list.start, national),
        }
    }

    fn of_week(week: &WorkWeek) -> Result<WorkAxis, LedgerError> {
        let refuse = |at: String, why| Err(LedgerError::BadCalendar { at, why });
        if let Some(n) = week.weekend.iter().position(|day| !(1..=7).contains(day)) {
            return refuse(format!("weekend[{n}]"), "a day of the week is 1 (Monday) to 7 (Sunday)");
        }
        let weekend: HashSet<u8> = week.weekend.iter().copied().collect();
        if weekend.len() == 7 {
            return refuse("weekend".to_string(), "no day of the week would be worked");
        }
        let holidays: HashSet<BeijingDay> = week.holidays.iter().copied().collect();
        if let Some(n) = week.workdays.iter().position(|day| holidays.contains(day)) {
            return refuse(format!("workdays[{n}]"), "the day is named as a holiday too");
        }
        let worked: HashSet<BeijingDay> = week.workdays.iter().copied().collect();
        let ends = BeijingDay::from_ymd(1900, 1, 1).zip(BeijingDay::from_ymd(2200, 12, 31));
        let (first, last) = ends.expect("both days exist");
        let weekday = |day: BeijingDay| day.to_date().weekday().number_from_monday() as u8;
        let works =
            |day: &BeijingDay| worked.contains(day) || !(weekend.contains(&weekday(*day)) || holidays.contains(day));
        Ok(WorkAxis { days: (0..=last - first).map(|n| first + n).filter(works).collect(), first, last })
    }

    fn of_notices(start: BeijingDay, national: &Calendar) -> Result<WorkAxis, LedgerError> {
        let known: Vec<i32> = national.years().map(|year| year.year).collect();
        let outside = || {
            let text = national.year(start.year()).map_or_else(|refusal| refusal.to_string(), |_| String::new());
            LedgerError::BadFile { at: "start".to_string(), reason: text }
        };
        let place = known.binary_search(&start.year()).map_err(|_| outside())?;
        // Only years in a row: over a gap no distance in working days is known.
        let (mut from, mut to) = (place, place);
        while from > 0 && known[from - 1] + 1 == known[from] {
            from -= 1;
        }
        while to + 1 < known.len() && known[to] + 1 == known[to + 1] {
            to += 1;
        }
        let ends = BeijingDay::from_ymd(known[from], 1, 1).zip(BeijingDay::from_ymd(known[to], 12, 31));
        let (first, last) = ends.ok_or_else(outside)?;
        let works = |day: &BeijingDay| national.is_workday(*day) == Ok(true);
        Ok(WorkAxis { days: (0..=last - first).map(|n| first + n).filter(works).collect(), first, last })
    }

    /// Position of the morning of a day, of the next working day when nobody works on it; `at` names it in a refusal.
    pub(crate) fn morning(&self, day: BeijingDay, at: impl FnOnce() -> String) -> Result<i64, LedgerError> {
        self.check(day, at)?;
        Ok(self.days.partition_point(|known| *known < day) as i64)
    }

    /// Position of the evening of a day, of the last working day before it when nobody works on it.
    pub(crate) fn evening(&self, day: BeijingDay, at: impl FnOnce() -> String) -> Result<i64, LedgerError> {
        self.check(day, at)?;
        Ok(self.days.partition_point(|known| *known <= day) as i64)
    }

    /// The working day with this number, if it is known.
    pub(crate) fn day(&self, number: i64) -> Option<BeijingDay> {
        self.days.get(usize::try_from(number).ok()?).copied()
    }

    /// Refusal of a position that no known day has.
    pub(crate) fn beyond(&self, at: String, number: i64) -> LedgerError {
        let past = number - self.days.len() as i64 + 1;
        let day = if number < 0 {
            format!("{} working days before the first", -number)
        } else {
            format!("{past} working days after the last")
        };
        LedgerError::OutsideCalendar { at, day, first: self.first, last: self.last }
    }

    /// Working days from one evening to another; negative when `to` is earlier. `None` where a day is not known.
    pub fn workdays_between(&self, from: BeijingDay, to: BeijingDay) -> Option<i64> {
        let evening = |day| self.evening(day, String::new).ok();
        Some(evening(to)? - evening(from)?)
    }

    fn check(&self, day: BeijingDay, at: impl FnOnce() -> String) -> Result<(), LedgerError> {
        if (self.first..=self.last).contains(&day) {
            return Ok(());
        }
        Err(LedgerError::OutsideCalendar { at: at(), day: day.to_string(), first: self.first, last: self.last })
    }
}
