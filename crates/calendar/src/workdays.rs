use crate::{CalendarError, DayKind, Year};
use std::collections::BTreeMap;
use units::BeijingDay;

const BUNDLED: [&str; 5] = [
    include_str!("../../../data/calendars/cn-2017.toml"),
    include_str!("../../../data/calendars/cn-2018.toml"),
    include_str!("../../../data/calendars/cn-2024.toml"),
    include_str!("../../../data/calendars/cn-2025.toml"),
    include_str!("../../../data/calendars/cn-2026.toml"),
];

/// The years whose notice is known, and workdays counted over them.
///
/// ```
/// use calendar::Calendar;
/// let calendar = Calendar::bundled().unwrap();
/// let eve = "2018-02-14".parse().unwrap();
/// assert_eq!(calendar.next_workday(eve).unwrap().to_string(), "2018-02-22");
/// assert!(calendar.next_workday("2019-03-01".parse().unwrap()).unwrap_err().to_string().starts_with("K-101"));
/// ```
#[derive(Clone, Debug)]
pub struct Calendar {
    years: BTreeMap<i32, Year>,
}

impl Calendar {
    /// The calendars that come with the program.
    pub fn bundled() -> Result<Calendar, CalendarError> {
        Self::read(BUNDLED)
    }

    /// Reads one file a year; refuses `K-201` to `K-207`.
    pub fn read<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Calendar, CalendarError> {
        let mut years = BTreeMap::new();
        for text in texts {
            let year = Year::read(text)?;
            let number = year.year;
            if years.insert(number, year).is_some() {
                return Err(CalendarError::TwoCalendars(number));
            }
        }
        Ok(Calendar { years })
    }

    /// The years known, ascending.
    pub fn years(&self) -> impl Iterator<Item = &Year> {
        self.years.values()
    }

    /// One year; refuses `K-101`.
    pub fn year(&self, year: i32) -> Result<&Year, CalendarError> {
        self.years.get(&year).ok_or_else(|| {
            let known: Vec<String> = self.years.keys().map(i32::to_string).collect();
            CalendarError::NoCalendar { year, known: known.join(", ") }
        })
    }

    /// The kind of a day; refuses `K-101`.
    pub fn kind(&self, day: BeijingDay) -> Result<DayKind, CalendarError> {
        Ok(self.year(day.year())?.kind(day))
    }

    /// Whether people work on a day; refuses `K-101`.
    pub fn is_workday(&self, day: BeijingDay) -> Result<bool, CalendarError> {
        Ok(self.kind(day)?.is_workday())
    }

    /// The first workday after `day`; refuses `K-101`.
    pub fn next_workday(&self, day: BeijingDay) -> Result<BeijingDay, CalendarError> {
        self.add_workdays(day, 1)
    }

    /// The `count`-th workday after `day`, before it when negative; zero is `day` itself, worked or not.
    ///
    /// Refuses `K-101` as soon as the way leads through a year that is not known.
    pub fn add_workdays(&self, day: BeijingDay, count: i32) -> Result<BeijingDay, CalendarError> {
        let step = count.signum();
        let (mut at, mut left) = (day, count.unsigned_abs());
        while left > 0 {
            at = at + step;
            left -= u32::from(self.is_workday(at)?);
        }
        Ok(at)
    }

    /// How many workdays lie ahead of `from` up to and with `to`; negative, counted from `to` on, when `to` is earlier.
    ///
    /// The inverse of [`Calendar::add_workdays`]. Refuses `K-101`.
    pub fn workdays_between(&self, from: BeijingDay, to: BeijingDay) -> Result<i32, CalendarError> {
        let (first, last, sign) = if from <= to { (from + 1, to, 1) } else { (to, from - 1, -1) };
        let mut count = 0;
        for n in 0..=last - first {
            count += i32::from(self.is_workday(first + n)?);
        }
        Ok(sign * count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> BeijingDay {
        text.parse().unwrap()
    }

    fn calendar() -> Calendar {
        Calendar::bundled().unwrap()
    }

    #[test]
    fn the_days_of_the_spring_festival_of_2018_are_those_of_the_notice() {
        let calendar = calendar();
        let worked = |text| calendar.is_workday(day(text)).unwrap();
        assert!(worked("2018-02-11") && worked("2018-02-14") && worked("2018-02-22") && worked("2018-02-24"));
        assert!(!worked("2018-02-10") && !worked("2018-02-15") && !worked("2018-02-21") && !worked("2018-02-25"));
    }

    #[test]
    fn make_up_workdays_of_2026_are_worked() {
        let calendar = calendar();
        for text in ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"] {
            assert_eq!(calendar.kind(day(text)).unwrap(), DayKind::MakeUpWorkday, "{text}");
        }
    }

    #[test]
    fn a_year_has_the_workdays_that_the_notices_leave() {
        // Weekdays of the year, less those the notices take off, plus the days made up; counted apart from this code.
        let expected = [(2017, 249), (2018, 250), (2024, 251), (2025, 248), (2026, 248)];
        for (year, workdays) in expected {
            let calendar = calendar();
            let calendar = calendar.year(year).unwrap();
            let first = BeijingDay::from_ymd(year, 1, 1).unwrap();
            let last = BeijingDay::from_ymd(year, 12, 31).unwrap();
            let counted = (0..=last - first).filter(|n| calendar.kind(first + *n).is_workday()).count();
            assert_eq!(counted, workdays, "{year}");
        }
    }

    #[test]
    fn a_deadline_over_a_holiday_skips_it() {
        let calendar = calendar();
        assert_eq!(calendar.add_workdays(day("2018-02-13"), 3).unwrap(), day("2018-02-23"));
        assert_eq!(calendar.add_workdays(day("2018-02-22"), -1).unwrap(), day("2018-02-14"));
        assert_eq!(calendar.workdays_between(day("2018-02-14"), day("2018-02-22")).unwrap(), 1);
    }

    #[test]
    fn a_year_without_its_notice_is_refused_and_not_guessed() {
        let calendar = calendar();
        let known = "2017, 2018, 2024, 2025, 2026".to_string();
        let refused = CalendarError::NoCalendar { year: 2019, known };
        assert_eq!(calendar.is_workday(day("2019-03-01")), Err(refused.clone()));
        assert_eq!(calendar.next_workday(day("2018-12-31")), Err(refused.clone()));
        assert_eq!(calendar.workdays_between(day("2018-12-28"), day("2019-01-02")), Err(refused));
        assert!(calendar.add_workdays(day("2026-12-30"), i32::MAX).is_err());
    }

    #[test]
    fn two_files_for_one_year_are_refused() {
        assert_eq!(Calendar::read([BUNDLED[1], BUNDLED[1]]).unwrap_err(), CalendarError::TwoCalendars(2018));
    }

    proptest! {
        #[test]
        fn adding_workdays_and_counting_them_are_inverse(start in 0i32..600, count in -80i32..80) {
            let calendar = calendar();
            let from = day("2024-05-01") + start;
            let to = calendar.add_workdays(from, count).unwrap();
            prop_assert_eq!(calendar.workdays_between(from, to).unwrap(), count);
            prop_assert!(count == 0 || calendar.is_workday(to).unwrap());
        }
    }
}
