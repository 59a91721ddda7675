use crate::{Indexed, NO_INDEX, Plan};
use units::BeijingHour;

/// Whether a city is already heavily polluted without clear improvement (已达重污染且无明显改善), so that the warning is
/// issued at once instead of with the plan's lead time.
///
/// `observed` is the 24-hour AQI that ends with the last observed hour. Improvement is clear when the median member
/// falls to the plan's bound or below within the plan's hours after that. Without an observation, or without a forecast
/// of those hours, nothing is detected.
pub fn late_detected(plan: &Plan, indexed: &Indexed, city: usize, observed: Option<u16>, last: BeijingHour) -> bool {
    let heavy = observed.is_some_and(|aqi| aqi > plan.late.aqi_gt);
    let hours = (1..=i64::from(plan.late.hours)).map(|ahead| last + ahead);
    let bound = i16::try_from(plan.late.aqi_gt).unwrap_or(i16::MAX);
    heavy && hours.map(|hour| median(indexed, city, hour)).all(|median| median.is_some_and(|median| median > bound))
}

fn median(indexed: &Indexed, city: usize, hour: BeijingHour) -> Option<i16> {
    quantile(&sorted(indexed, city, hour), 0.5)
}

/// The known indices of all members at an hour, ascending.
pub(crate) fn sorted(indexed: &Indexed, city: usize, hour: BeijingHour) -> Vec<i16> {
    let Ok(column) = usize::try_from(hour - indexed.first_hour) else { return vec![] };
    let values = (0..indexed.members).filter_map(|member| indexed.course(member, city).get(column).copied());
    let mut known: Vec<i16> = values.filter(|index| *index != NO_INDEX).collect();
    known.sort_unstable();
    known
}

/// A quantile of sorted values; the lower of two.
pub(crate) fn quantile(sorted: &[i16], share: f64) -> Option<i16> {
    let last = sorted.len().checked_sub(1)?;
    Some(sorted[(last as f64 * share).floor() as usize])
}
