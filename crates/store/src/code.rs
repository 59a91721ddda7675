//! How readings, hours and moments are written as numbers. The numbers are stored: add, never renumber.

use crate::StoreError;
use sqlx::types::chrono::DateTime;
use units::{BeijingHour, Concentration, Flag, Instant, Missing, Reading};

/// What a source said about one hour, as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    /// Picograms per cubic metre.
    pub value: Option<i64>,
    pub state: i16,
    pub why: i16,
}

pub(crate) const VALID: i16 = 0;
pub(crate) const SUSPECT: i16 = 1;
pub(crate) const INVALID: i16 = 2;
pub(crate) const MISSING: i16 = 3;
/// No reason, no flag.
pub(crate) const NONE: i16 = 0;

impl From<Reading> for Cell {
    fn from(reading: Reading) -> Cell {
        let value = reading.received().map(Concentration::picograms);
        let (state, why) = match reading {
            Reading::Valid(_) => (VALID, NONE),
            Reading::Suspect(_, flag) => (SUSPECT, flag_number(flag)),
            Reading::Invalid(_, flag) => (INVALID, flag_number(flag)),
            Reading::Missing(why) => (MISSING, missing_number(why)),
        };
        Cell { value, state, why }
    }
}

impl Cell {
    /// The reading, with the flag that a later check may have set (0 for none). What the source itself
    /// called suspect or invalid stays so; a check can only add doubt.
    pub fn reading(self, flag: i16) -> Result<Reading, StoreError> {
        let unreadable = || StoreError::unreadable("a reading", format!("{self:?}, flag {flag}"));
        let value = self.value.map(Concentration::from_picograms);
        match (self.state, value) {
            (VALID, Some(value)) if flag == NONE => Ok(Reading::Valid(value)),
            (VALID, Some(value)) => flag_of(flag).map(|flag| marked(value, flag)).ok_or_else(unreadable),
            (SUSPECT, Some(value)) if flag_of(flag) == Some(Flag::OutOfRange) => {
                Ok(Reading::Invalid(value, Flag::OutOfRange))
            }
            (SUSPECT, Some(value)) => flag_of(self.why).map(|why| Reading::Suspect(value, why)).ok_or_else(unreadable),
            (INVALID, Some(value)) => flag_of(self.why).map(|why| Reading::Invalid(value, why)).ok_or_else(unreadable),
            (MISSING, None) => missing_of(self.why).map(Reading::Missing).ok_or_else(unreadable),
            _ => Err(unreadable()),
        }
    }
}

/// Only a value outside the instrument's range is certainly wrong; the other checks raise doubt.
fn marked(value: Concentration, flag: Flag) -> Reading {
    match flag {
        Flag::OutOfRange => Reading::Invalid(value, flag),
        _ => Reading::Suspect(value, flag),
    }
}

/// The number of the flag that makes a reading unusable; the SQL of `hours.rs` names it.
pub(crate) const OUT_OF_RANGE: i16 = 1;

pub(crate) fn flag_number(flag: Flag) -> i16 {
    match flag {
        Flag::OutOfRange => OUT_OF_RANGE,
        Flag::Frozen => 2,
        Flag::Spike => 3,
        Flag::Pm25AbovePm10 => 4,
        Flag::NeighbourOutlier => 5,
    }
}

fn flag_of(number: i16) -> Option<Flag> {
    Flag::ALL.into_iter().find(|flag| flag_number(*flag) == number)
}

const ALL_MISSING: [Missing; 5] =
    [Missing::NotReported, Missing::Absent, Missing::TooFewHours, Missing::TooFewSites, Missing::Stale];

fn missing_number(why: Missing) -> i16 {
    match why {
        Missing::NotReported => 11,
        Missing::Absent => 12,
        Missing::TooFewHours => 13,
        Missing::TooFewSites => 14,
        Missing::Stale => 15,
    }
}

fn missing_of(number: i16) -> Option<Missing> {
    ALL_MISSING.into_iter().find(|why| missing_number(*why) == number)
}

/// An hour as stored; what fits is also what the calendar can show.
pub(crate) fn hour_number(hour: BeijingHour) -> Result<i32, StoreError> {
    i32::try_from(hour.index()).map_err(|_| StoreError::HourOutOfRange(hour.index()))
}

/// The bound of a query: an hour beyond the calendar asks for everything up to its edge.
pub(crate) fn hour_bound(hour: BeijingHour) -> i32 {
    hour.index().clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}

pub(crate) fn hour_of(number: i32) -> BeijingHour {
    BeijingHour::from_index(number.into())
}

pub(crate) fn moment_number(moment: Instant) -> i64 {
    moment.to_utc().timestamp_micros()
}

pub(crate) fn moment_of(micros: i64) -> Result<Instant, StoreError> {
    DateTime::from_timestamp_micros(micros)
        .map(Instant::from_utc)
        .ok_or_else(|| StoreError::unreadable("a moment", micros))
}

/// PostgreSQL cannot hold U+0000 in a text; a refused line of a binary file has many.
pub(crate) fn text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// Counts come from files and stay far below this; a larger one is shown as the largest.
pub(crate) fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A stored count; never negative.
pub(crate) fn count_of(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reading_comes_back_as_it_went_in() {
        let value = Concentration::from_picograms(-1_500_000);
        let flagged = Flag::ALL.into_iter().flat_map(|f| [Reading::Suspect(value, f), Reading::Invalid(value, f)]);
        let missing = ALL_MISSING.into_iter().map(Reading::Missing);
        for reading in flagged.chain(missing).chain([Reading::Valid(value)]) {
            assert_eq!(Cell::from(reading).reading(NONE).unwrap(), reading);
        }
    }

    #[test]
    fn a_check_adds_doubt_and_never_takes_it_away() {
        let value = Concentration::micrograms(35);
        let read = |reading, flag| Cell::from(reading).reading(flag_number(flag)).unwrap();
        assert_eq!(read(Reading::Valid(value), Flag::Frozen), Reading::Suspect(value, Flag::Frozen));
        assert_eq!(read(Reading::Valid(value), Flag::OutOfRange), Reading::Invalid(value, Flag::OutOfRange));
        let invalid = Reading::Invalid(value, Flag::OutOfRange);
        assert_eq!(read(invalid, Flag::Spike), invalid);
        let suspect = Reading::Suspect(value, Flag::Spike);
        assert_eq!(read(suspect, Flag::OutOfRange), invalid);
    }

    #[test]
    fn numbers_nobody_wrote_are_refused() {
        for cell in [
            Cell { value: None, state: VALID, why: NONE },
            Cell { value: Some(1), state: SUSPECT, why: 99 },
            Cell { value: Some(1), state: 9, why: NONE },
            Cell { value: None, state: MISSING, why: 1 },
        ] {
            assert!(matches!(cell.reading(NONE), Err(StoreError::Unreadable { .. })), "{cell:?}");
        }
    }

    #[test]
    fn an_hour_outside_the_calendar_is_refused_and_a_bound_is_cut() {
        let beyond = BeijingHour::from_index(i64::MAX);
        assert!(matches!(hour_number(beyond), Err(StoreError::HourOutOfRange(_))));
        assert_eq!(hour_bound(beyond), i32::MAX);
    }
}
