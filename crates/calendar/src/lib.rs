//! Working calendar of China (工作日历): days off, make-up workdays, and the arithmetic of workdays.
//!
//! The yearly notices of the State Council are data, one file a year in `data/calendars/`. A year without
//! a file is refused and never guessed, because a deadline that counts a holiday as a workday is wrong in
//! law. Knows no clock, no file and no database.

mod document;
mod error;
mod workdays;
mod year;

pub use document::{Festival, Notice};
pub use error::CalendarError;
pub use workdays::Calendar;
pub use year::{DayKind, Year};
