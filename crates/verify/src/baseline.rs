use crate::statistics::{error_of_median, median, robust_deviation};
use crate::words::Words;
use crate::{HourEvidence, Rules, Signal};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use units::{BeijingDay, BeijingHour};

/// What is known of days besides their values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Days {
    /// Days that are no measure of anything: orders, warnings, accidents, repairs.
    pub abnormal: BTreeSet<BeijingDay>,
    /// Days on which people rest (see crate `calendar`): a plant that stands still on Sundays is held against Sundays.
    pub rest: BTreeSet<BeijingDay>,
}

/// The level of one signal at one hour of the day on recent normal days (同时段基线).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// Median, in the signal's unit.
    pub median: f64,
    /// Spread from day to day: robust standard deviation.
    pub deviation: f64,
    /// How far the median may lie from the truth.
    pub error: f64,
    /// The days it rests on, oldest first.
    pub days: Vec<BeijingDay>,
}

/// Why there is no baseline (无基线原因).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "lack", rename_all = "snake_case")]
pub enum NoBaseline {
    /// Too few normal days with enough valid data.
    TooFewDays {
        /// Found.
        found: usize,
        /// Needed.
        needed: usize,
    },
    /// It hardly ever runs at this hour: there is nothing to cut.
    StandsStill,
}

impl NoBaseline {
    pub(crate) fn words(self) -> Words {
        match self {
            NoBaseline::TooFewDays { found, needed } => Words::new(
                format!("无基线：数据足够的正常日只有 {found} 天，需要 {needed} 天"),
                format!("no baseline: {found} normal days with enough data, {needed} are needed"),
            ),
            NoBaseline::StandsStill => Words::new(
                "无基线：该时段平时即处于停运状态，无可减量",
                "no baseline: it stands still at this hour anyway, there is nothing to cut",
            ),
        }
    }
}

/// The normal days of one signal before an order (正常日), found once and asked hour by hour.
#[derive(Clone, Debug)]
pub struct NormalDays {
    signal: Signal,
    rest: BTreeSet<BeijingDay>,
    /// By day, latest last; the values of its hours by label 1 to 24.
    days: BTreeMap<BeijingDay, [Option<f64>; 24]>,
    /// The usual height of a day: the median of the days' greatest hours.
    height: f64,
}

impl NormalDays {
    /// Looks back from the day before an order begins: days with enough valid hours that were neither abnormal nor a
    /// standstill. A standstill is told by the level of the other days of its kind (working day, day of rest).
    pub fn before(
        order: BeijingDay,
        signal: Signal,
        hours: &BTreeMap<BeijingHour, HourEvidence>,
        known: &Days,
        rules: &Rules,
    ) -> NormalDays {
        let rule = &rules.baseline;
        let candidates = (1..=rule.look_back_days).map(|back| order - back).filter(|day| !known.abnormal.contains(day));
        let mut days: BTreeMap<BeijingDay, [Option<f64>; 24]> = BTreeMap::new();
        for day in candidates {
            let values = day.hours().map(|hour| {
                let value = hours.get(&hour)?.values.get(&signal)?;
                value.mean.filter(|_| value.valid_minutes >= rules.valid_minutes)
            });
            let mut of_day = [None; 24];
            of_day.iter_mut().zip(values).for_each(|(slot, value)| *slot = value);
            if of_day.iter().flatten().count() as f64 >= rule.valid_share * 24.0 {
                days.insert(day, of_day);
            }
        }
        let rest: BTreeSet<BeijingDay> = known.rest.iter().copied().filter(|day| days.contains_key(day)).collect();
        for resting in [false, true] {
            let level = |of_day: &[Option<f64>; 24]| median(&of_day.iter().flatten().copied().collect::<Vec<_>>());
            let kind = |day: &BeijingDay| rest.contains(day) == resting;
            let levels: Vec<f64> = days.iter().filter(|(day, _)| kind(day)).filter_map(|(_, d)| level(d)).collect();
            let Some(usual) = median(&levels) else { continue };
            days.retain(|day, of_day| {
                !kind(day) || level(of_day).is_some_and(|level| level >= rule.standstill_share * usual)
            });
        }
        let greatest = |of_day: &[Option<f64>; 24]| of_day.iter().flatten().copied().max_by(f64::total_cmp);
        let height = median(&days.values().filter_map(greatest).collect::<Vec<_>>()).unwrap_or(0.0);
        NormalDays { signal, rest: known.rest.clone(), days, height }
    }

    /// Whether a value is that of a plant that stands still: little of the usual height of a day. Standby load is no load.
    pub fn stands_still(&self, value: f64, rules: &Rules) -> bool {
        value < rules.baseline.standstill_share * self.height
    }

    /// The baseline of an hour: the median of the same hour on the latest normal days, of the same kind where there are
    /// enough of them.
    pub fn baseline(&self, hour: BeijingHour, rules: &Rules) -> Result<Baseline, NoBaseline> {
        let rule = &rules.baseline;
        let resting = self.rest.contains(&hour.day());
        let label = usize::from(hour.label() - 1);
        let all = || self.days.iter().rev().filter_map(|(day, values)| Some((*day, values[label]?)));
        let alike: Vec<_> = all().filter(|(day, _)| self.rest.contains(day) == resting).take(rule.days).collect();
        let mut taken = if alike.len() >= rule.least_days { alike } else { all().take(rule.days).collect() };
        if taken.len() < rule.least_days {
            return Err(NoBaseline::TooFewDays { found: taken.len(), needed: rule.least_days });
        }
        taken.reverse();
        let values: Vec<f64> = taken.iter().map(|(_, value)| *value).collect();
        let signal = rules.signal(self.signal);
        let middle = median(&values).filter(|middle| *middle >= signal.least).ok_or(NoBaseline::StandsStill)?;
        let deviation = robust_deviation(&values, middle).max(signal.error * middle);
        let error = error_of_median(deviation, values.len());
        Ok(Baseline { median: middle, deviation, error, days: taken.into_iter().map(|(day, _)| day).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::HourValue;
    use proptest::prelude::*;

    const SIGNAL: Signal = Signal::ProductionPower;

    fn order() -> BeijingDay {
        "2026-01-20".parse().unwrap()
    }

    /// Days back from the order, each with one level for all hours of which so many are valid.
    fn history(levels: &[(f64, usize)]) -> BTreeMap<BeijingHour, HourEvidence> {
        let mut hours = BTreeMap::new();
        for (back, (level, valid)) in levels.iter().enumerate() {
            for (label, hour) in (order() - 1 - back as i32).hours().enumerate() {
                let minutes = if label < *valid { 60 } else { 44 };
                let value =
                    HourValue { mean: Some(*level), valid_minutes: minutes, told_minutes: 60, ..HourValue::default() };
                hours.insert(hour, HourEvidence { values: [(SIGNAL, value)].into(), ..HourEvidence::default() });
            }
        }
        hours
    }

    fn of(levels: &[(f64, usize)], known: &Days) -> Result<Baseline, NoBaseline> {
        let rules = Rules::bundled();
        let hour = BeijingHour::of_day(order(), 3).unwrap();
        NormalDays::before(order(), SIGNAL, &history(levels), known, rules).baseline(hour, rules)
    }

    #[test]
    fn the_median_of_the_latest_fourteen_normal_days() {
        let levels: Vec<_> = (0..20).map(|day| (if day < 14 { 100.0 + f64::from(day) } else { 500.0 }, 24)).collect();
        let found = of(&levels, &Days::default()).unwrap();
        assert_eq!((found.median, found.days.len()), (106.5, 14));
        assert_eq!((found.days[0], found.days[13]), (order() - 14, order() - 1));
        assert!((found.deviation - 3.5 * 1.4826).abs() < 1e-9);
        assert!((found.error - 1.2533 * found.deviation / 14f64.sqrt()).abs() < 1e-9);
    }

    #[test]
    fn a_day_needs_eighteen_valid_hours_and_a_baseline_seven_days() {
        let of_valid = |valid| of(&[(100.0, valid); 10], &Days::default());
        assert!(of_valid(18).is_ok());
        assert_eq!(of_valid(17), Err(NoBaseline::TooFewDays { found: 0, needed: 7 }));
        assert!(of(&[(100.0, 24); 7], &Days::default()).is_ok());
        assert_eq!(of(&[(100.0, 24); 6], &Days::default()), Err(NoBaseline::TooFewDays { found: 6, needed: 7 }));
    }

    #[test]
    fn orders_and_standstills_are_no_normal_days() {
        let mut levels = vec![(100.0, 24); 12];
        levels[1] = (15.0, 24);
        let known = Days { abnormal: [order() - 1].into(), ..Days::default() };
        let found = of(&levels, &known).unwrap();
        assert_eq!((found.days.len(), found.median), (10, 100.0));
        assert_eq!(of(&[(2.0, 24); 14], &Days::default()), Err(NoBaseline::StandsStill));
    }

    #[test]
    fn a_day_of_rest_is_held_against_days_of_rest() {
        // The order's day rests; every other day before it did, at a tenth of the load.
        let levels: Vec<_> = (1..=40).map(|back| (if back % 2 == 0 { 10.0 } else { 100.0 }, 24)).collect();
        let rest = (0..=40).filter(|back| back % 2 == 0).map(|back| order() - back).collect();
        assert_eq!(of(&levels, &Days { rest, ..Days::default() }).unwrap().median, 10.0);
    }

    proptest! {
        #[test]
        fn one_wild_day_moves_the_baseline_no_further_than_its_neighbours(wild in 50.0f64..1e6) {
            let mut levels: Vec<_> = (0..14).map(|day| (100.0 + f64::from(day), 24)).collect();
            levels[5] = (wild, 24);
            let found = of(&levels, &Days::default()).unwrap();
            prop_assert!((106.0..=107.5).contains(&found.median));
        }
    }
}
