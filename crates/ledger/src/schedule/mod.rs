//! Backward scheduling (倒排工期): early and late dates of tasks with links, in working days, with a reason for each.
//!
//! Dates are positions on one axis of working days ([`WorkAxis`]); forward and backward pass are sums on it, and
//! whether a plan is shown from its start or from its deadline changes nothing. `qingkong-schedule/1` in
//! `docs/formats.md` says what a day means.

mod axis;
mod compare;
mod file;
mod network;
mod order;
mod reason;
mod result;
mod risk;

pub use axis::WorkAxis;
pub use compare::{Comparison, Slip, compare};
pub use file::{Link, LinkKind, MOST_ROWS, Task, TaskList, WorkWeek};
pub use reason::Reason;
pub use result::{Schedule, TaskDates};
pub use risk::{Draws, Risk};

use crate::LedgerError;
use calendar::Calendar;
use network::Network;

/// Schedules a list (倒排): early dates from its start, late dates from its deadline, slack between them, risk by
/// `draws` where a task has three durations.
///
/// `national` counts where the list brings no calendar of its own. Refuses what [`TaskList::read`] refuses, `L-311`
/// for a cycle, `L-314` and `L-315` for days whose work is not known. A deadline that can't be met is no refusal: the
/// slack is negative and `late_by` says by how many working days.
pub fn schedule(list: &TaskList, national: &Calendar, draws: Draws) -> Result<Schedule, LedgerError> {
    let network = Network::new(list, national)?;
    let risk = risk::risk(&network, draws);
    result::dates(&network, risk)
}

#[cfg(test)]
mod golden;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod refusals;
