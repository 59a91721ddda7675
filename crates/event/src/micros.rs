//! A moment in a record, to the microsecond: what both databases keep, and what is hashed.

use chrono::{FixedOffset, SecondsFormat, SubsecRound};
use serde::{Deserialize, Deserializer, Serializer};
use units::Instant;

const BEIJING_OFFSET_SECONDS: i32 = 8 * 3600;
const DIGITS: u16 = 6;

/// The moment without what lies below the microsecond.
pub(crate) fn truncated(moment: Instant) -> Instant {
    Instant::from_utc(moment.to_utc().trunc_subsecs(DIGITS))
}

pub(crate) fn serialize<S: Serializer>(moment: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
    let beijing = FixedOffset::east_opt(BEIJING_OFFSET_SECONDS).expect("eight hours is a legal offset");
    serializer.serialize_str(&moment.to_utc().with_timezone(&beijing).to_rfc3339_opts(SecondsFormat::Micros, false))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
    Instant::deserialize(deserializer)
}
