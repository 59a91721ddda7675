//! What changed since the last run, and why as far as the numbers tell (更新说明).
//!
//! Both runs are taken as they stand: a change is a difference of two published figures, a reason is a figure
//! that differs between the runs or between the earlier run and what was observed since. Where there is a
//! change and no such figure, that is said.

mod compare;
mod reason;
mod words;

pub use compare::{Change, ChangeKind, Changes, DayStatement, Figure, Statement, changes};
pub use reason::{Reason, Since};
pub use words::{change_words, changes_words, reason_words};
