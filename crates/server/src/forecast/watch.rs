//! The watch over recent coverage (覆盖率监视), as the verification answer tells it.

use super::pairs::Pairs;
use super::scored::share;
use crate::figure::Figure;
use ::forecast::verification::{CoverageAlarm, CoverageWatch, FEWEST_WATCHED, Item, coverage_watch};
use serde::Serialize;
use units::BeijingDay;
use utoipa::ToSchema;

/// Recent coverage of one lead: the running share of cities whose observation lay within the 90 % interval.
#[derive(Serialize, ToSchema)]
pub(super) struct Watch {
    lead_day: u8,
    coverage90: Option<Figure>,
    /// What it ought to be.
    nominal: Option<Figure>,
    /// The last target day in it.
    #[schema(value_type = String, format = Date)]
    until: BeijingDay,
    days: usize,
    /// City days.
    cases: usize,
    /// `quiet`, `too_narrow`, `too_wide`, or `short` of the days it takes to tell.
    state: &'static str,
}

/// The watch of one item over the runs; nothing of people's forecasts, which have no interval.
pub(super) fn watches(pairs: &Pairs, item: Item) -> Vec<Watch> {
    coverage_watch(pairs.values.iter().filter(|case| case.item == item)).iter().map(watch).collect()
}

fn watch(watch: &CoverageWatch) -> Watch {
    Watch {
        lead_day: watch.lead_day,
        coverage90: share(watch.coverage90),
        nominal: share(watch.nominal),
        until: watch.until,
        days: watch.days,
        cases: watch.cases,
        state: match watch.alarm {
            Some(CoverageAlarm::TooNarrow) => "too_narrow",
            Some(CoverageAlarm::TooWide) => "too_wide",
            None if watch.days < FEWEST_WATCHED => "short",
            None => "quiet",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::forecast::verification::{Author, Case, Occasion, References, Said};
    use units::Pollutant;

    /// `days` days of one city, all above the interval.
    fn narrow(days: i32) -> Pairs {
        let issue: BeijingDay = "2018-01-01".parse().expect("a day");
        let case = |n: i32| Case {
            occasion: Occasion {
                issue: issue + n,
                lead_day: 1,
                date: issue + n + 1,
                city: "320100".into(),
                author: Author::Model("m".into()),
                observed_level: None,
            },
            item: Item::Pollutant(Pollutant::Pm25),
            said: Said { mean: 30.0, quantiles: [10.0, 20.0, 30.0, 40.0, 50.0], members: vec![] },
            seen: 60.0,
            references: References::default(),
        };
        Pairs { values: (0..days).map(case).collect(), ..Pairs::default() }
    }

    #[test]
    fn a_fortnight_outside_the_interval_is_told_and_a_day_less_is_short() {
        let pm25 = Item::Pollutant(Pollutant::Pm25);
        let state = |days| watches(&narrow(days), pm25)[0].state;
        assert_eq!((state(13), state(14)), ("short", "too_narrow"));
        assert!(watches(&narrow(14), Item::Aqi).is_empty(), "another item has no case");
    }
}
