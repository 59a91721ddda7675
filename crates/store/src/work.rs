//! What timers and jobs share: the lease of whoever works on one, and the pauses between attempts.

use crate::code::moment_number;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use units::Instant;

/// After so many attempts a timer or a job is dead (死信) until a person tries it again.
pub const MOST_ATTEMPTS: u32 = 8;

const FIRST_PAUSE_SECONDS: u64 = 5;
const LONGEST_PAUSE_SECONDS: u64 = 3600;

/// Who takes work, and how (领取).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    /// The name of the worker; different for each, also across processes.
    pub worker: &'a str,
    /// The wall clock.
    pub at: Instant,
    /// For how many seconds the work is the worker's alone. Longer than the work takes: afterwards another takes it.
    pub lease_seconds: u32,
    /// How many at most.
    pub limit: u32,
}

impl Claim<'_> {
    pub(crate) fn until(&self) -> i64 {
        moment_number(later(self.at, self.lease_seconds.into()))
    }
}

/// Where a timer or a job stands (状态).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkState {
    /// To be done.
    Pending,
    /// Done.
    Done,
    /// Tried too often: a person must look.
    Dead,
    /// Not wanted any more.
    Cancelled,
}

impl WorkState {
    const ALL: [WorkState; 4] = [WorkState::Pending, WorkState::Done, WorkState::Dead, WorkState::Cancelled];

    /// The number in the tables. Stored: never renumber.
    pub(crate) const fn number(self) -> i16 {
        match self {
            WorkState::Pending => 0,
            WorkState::Done => 1,
            WorkState::Dead => 2,
            WorkState::Cancelled => 3,
        }
    }

    pub(crate) fn of(number: i16) -> Option<WorkState> {
        WorkState::ALL.into_iter().find(|state| state.number() == number)
    }
}

/// When the next attempt may begin after so many: 5 s, 10 s, 20 s … at most an hour.
pub(crate) fn next_attempt(at: Instant, attempts: u32) -> Instant {
    let doublings = attempts.saturating_sub(1).min(20);
    later(at, (FIRST_PAUSE_SECONDS << doublings).min(LONGEST_PAUSE_SECONDS))
}

fn later(at: Instant, seconds: u64) -> Instant {
    Instant::from_utc(at.to_utc() + Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let at: Instant = "2018-01-13T20:00:00+08:00".parse().unwrap();
        let pause = |attempts| (next_attempt(at, attempts).to_utc() - at.to_utc()).num_seconds();
        assert_eq!([1, 2, 3, 10, 11, 1000].map(pause), [5, 10, 20, 2560, 3600, 3600]);
    }
}
