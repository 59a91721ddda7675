use super::case::{Case, Item};
use serde::Serialize;
use std::collections::BTreeMap;
use units::BeijingDay;

/// Weight of the newest target day: a day counts half after about three weeks.
const STEP: f64 = 0.03;
/// Share of observations that ought to lie between the 5 % and 95 % quantile.
const NOMINAL: f64 = 0.9;
/// Coverage that raises no alarm. Thirteen cities share one weather, so a day's share scatters by about 0.2 and
/// the running mean by about 0.035: three times that below, two above, where one is the end of the scale.
const QUIET: std::ops::RangeInclusive<f64> = 0.80..=0.97;
/// Days before which nothing is alarmed: the running mean still stands near where it began.
pub const FEWEST_WATCHED: usize = 14;

/// What is wrong with the width of recent forecasts (覆盖率警报).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CoverageAlarm {
    /// Too many observations fell outside: the intervals are too narrow (区间偏窄).
    TooNarrow,
    /// Hardly any fell outside: the intervals are too wide (区间偏宽).
    TooWide,
}

/// Recent coverage of the 90 % interval of one item and lead (覆盖率监视), pooled over cities.
///
/// An exponentially weighted mean of the daily share of cities inside, begun at the nominal 0.9. It watches and
/// alarms only: intervals adapted city by city scored worse than unadapted ones at every lead but the first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CoverageWatch {
    /// Pollutant or AQI.
    pub item: Item,
    /// Days ahead, from 1.
    pub lead_day: u8,
    /// Running share of observations inside, 0 to 1.
    pub coverage90: f64,
    /// What it ought to be.
    pub nominal: f64,
    /// The last target day in it.
    pub until: BeijingDay,
    /// Target days in it.
    pub days: usize,
    /// City days in it.
    pub cases: usize,
    /// `None`: nothing to report, or fewer than 14 days.
    pub alarm: Option<CoverageAlarm>,
}

/// The watch after all given cases, by item and lead, in this order.
///
/// Pass the cases of one author. Target days count in the order of the calendar whatever the order of the cases;
/// days without a case are skipped. Nothing is returned for an item and lead without a case.
pub fn coverage_watch<'a>(cases: impl IntoIterator<Item = &'a Case>) -> Vec<CoverageWatch> {
    let mut groups: BTreeMap<(Item, u8), BTreeMap<BeijingDay, (usize, usize)>> = BTreeMap::new();
    for case in cases {
        let days = groups.entry((case.item, case.occasion.lead_day)).or_default();
        let (inside, of) = days.entry(case.occasion.date).or_default();
        let [low, .., high] = case.said.quantiles;
        *inside += usize::from((low..=high).contains(&case.seen));
        *of += 1;
    }
    groups.into_iter().filter_map(|((item, lead_day), days)| watch(item, lead_day, &days)).collect()
}

fn watch(item: Item, lead_day: u8, days: &BTreeMap<BeijingDay, (usize, usize)>) -> Option<CoverageWatch> {
    let (until, _) = days.last_key_value()?;
    let share = |(inside, of): &(usize, usize)| *inside as f64 / *of as f64;
    let coverage90 = days.values().fold(NOMINAL, |mean, day| mean + STEP * (share(day) - mean));
    let alarm = match coverage90 {
        _ if days.len() < FEWEST_WATCHED => None,
        low if low < *QUIET.start() => Some(CoverageAlarm::TooNarrow),
        high if high > *QUIET.end() => Some(CoverageAlarm::TooWide),
        _ => None,
    };
    let cases = days.values().map(|(_, of)| of).sum();
    Some(CoverageWatch { item, lead_day, coverage90, nominal: NOMINAL, until: *until, days: days.len(), cases, alarm })
}

#[cfg(test)]
mod tests {
    use super::super::example::case;
    use super::*;

    /// `days` days of ten cities, `inside` of which lie within 10 to 100.
    fn days(days: std::ops::Range<i32>, inside: usize) -> Vec<Case> {
        days.flat_map(|day| (0..10).map(move |n| case(day, 1, if n < inside { 50.0 } else { 200.0 }))).collect()
    }

    #[test]
    fn nine_of_ten_inside_is_quiet_for_good() {
        let found = coverage_watch(&days(0..200, 9));
        assert_eq!((found.len(), found[0].alarm, found[0].days, found[0].cases), (1, None, 200, 2000));
        assert!((found[0].coverage90 - 0.9).abs() < 1e-9);
    }

    #[test]
    fn a_month_of_six_in_ten_alarms_and_two_good_months_quieten_it() {
        let mut cases = days(0..30, 6);
        assert_eq!(coverage_watch(&cases)[0].alarm, Some(CoverageAlarm::TooNarrow));
        cases.extend(days(30..90, 9));
        assert_eq!(coverage_watch(&cases)[0].alarm, None);
    }

    #[test]
    fn intervals_that_hold_everything_are_too_wide_after_some_weeks() {
        let alarm = |length| coverage_watch(&days(0..length, 10))[0].alarm;
        assert_eq!((alarm(20), alarm(60)), (None, Some(CoverageAlarm::TooWide)));
    }

    #[test]
    fn a_fortnight_less_a_day_alarms_nothing_and_the_fourteenth_day_does() {
        let alarm = |length| coverage_watch(&days(0..length, 0))[0].alarm;
        assert_eq!((alarm(13), alarm(14)), (None, Some(CoverageAlarm::TooNarrow)));
    }

    #[test]
    fn the_bounds_of_the_interval_are_inside_and_the_order_of_the_cases_does_not_matter() {
        let mut cases: Vec<Case> = (0..20).map(|day| case(day, 2, if day % 2 == 0 { 10.0 } else { 100.0 })).collect();
        cases.push(case(20, 2, 100.1));
        let found = coverage_watch(&cases);
        cases.reverse();
        assert_eq!(coverage_watch(&cases), found);
        let inside = 1.0 - 0.1 * (1.0f64 - 0.03).powi(20);
        assert!((found[0].coverage90 - inside * 0.97).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn leads_are_watched_apart_and_nothing_gives_nothing() {
        let cases = [case(0, 1, 50.0), case(0, 3, 500.0)];
        assert_eq!(coverage_watch(&cases).iter().map(|watch| watch.lead_day).collect::<Vec<_>>(), [1, 3]);
        assert!(coverage_watch(&[]).is_empty());
    }
}
