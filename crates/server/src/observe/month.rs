//! The month so far against the same days of the year before (月累计与同比).

use super::daily::first_hour;
use super::window::Window;
use crate::ServerError;
use crate::figure::Figure;
use crate::sight::{Sight, own_cities, sites};
use ::standards::evaluate::{Evaluation, Request, Standard, evaluate};
use ::standards::{DustConvention, DustDays, EvaluationRules, Hours, Limits, Weights};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Mutex;
use units::{BeijingDay, Concentration, MassUnit, Pollutant};
use utoipa::ToSchema;

/// Months kept before the book starts afresh.
const KEPT: usize = 200;

/// The month from its first day to the last day that is over, all cities of the province together.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct MonthToDate {
    /// City days with an index of 100 or less.
    pub good_days: u32,
    /// City days that count (HJ 663).
    pub valid_days: u32,
    /// Percent; `null` when no day counts.
    pub good_ratio: Option<Figure>,
    pub last_year_good_ratio: Option<Figure>,
    /// Mean of the cities' means of daily PM2.5, µg/m³.
    pub pm25_mean: Option<Figure>,
    pub last_year_pm25_mean: Option<Figure>,
    #[schema(value_type = String, format = Date)]
    pub from: BeijingDay,
    #[schema(value_type = String, format = Date)]
    pub to: BeijingDay,
}

/// One period's figures.
#[derive(Clone, Copy, Debug, Default)]
struct Period {
    good_days: u32,
    valid_days: u32,
    pm25_mean: Option<f64>,
}

/// Months computed before, by the number of imports and the last day: a new import is seen at once.
#[derive(Default)]
pub(crate) struct MonthBook {
    months: Mutex<HashMap<(usize, BeijingDay), MonthToDate>>,
}

impl MonthBook {
    /// The month of the last whole day that may be seen.
    pub(crate) async fn to_date(&self, sight: Sight<'_>) -> Result<MonthToDate, ServerError> {
        let to = sight.last_whole_day();
        let key = (sight.version().await?, to);
        if let Some(known) = self.months.lock().expect("no one panics while holding the book").get(&key) {
            return Ok(known.clone());
        }
        let from = first_of_month(to);
        let now = period(sight, from, to).await?;
        let before = match (a_year_before(from), a_year_before(to)) {
            (Some(from), Some(to)) => period(sight, from, to).await?,
            _ => Period::default(),
        };
        let month = compare(now, before, from, to);
        let mut months = self.months.lock().expect("no one panics while holding the book");
        if months.len() >= KEPT {
            months.clear();
        }
        months.insert(key, month.clone());
        Ok(month)
    }
}

fn compare(now: Period, before: Period, from: BeijingDay, to: BeijingDay) -> MonthToDate {
    MonthToDate {
        good_days: now.good_days,
        valid_days: now.valid_days,
        good_ratio: now.good_ratio(),
        last_year_good_ratio: before.good_ratio(),
        pm25_mean: now.pm25_mean.and_then(|mean| Figure::rounded(mean, 1)),
        last_year_pm25_mean: before.pm25_mean.and_then(|mean| Figure::rounded(mean, 1)),
        from,
        to,
    }
}

async fn period(sight: Sight<'_>, from: BeijingDay, to: BeijingDay) -> Result<Period, ServerError> {
    let cities = sites(&own_cities());
    let window = sight.values(&cities, first_hour(from), first_hour(to + 1) - 1).await?;
    let hours = hours_of(&window, from, to)?;
    let request = Request {
        standard: Standard::Auto,
        weights: Weights::Plain,
        dust: &DustDays::default(),
        convention: DustConvention::kept(),
    };
    Ok(Period::of(&evaluate(&hours, &request), &hours))
}

/// Negative values are an analyser's, not the air's.
fn hours_of(window: &Window, from: BeijingDay, to: BeijingDay) -> Result<Hours, ServerError> {
    let mut hours = Hours::new(from, to)?;
    for (place, site) in window.sites().iter().enumerate() {
        let to_place = hours.site(site);
        for pollutant in Pollutant::ALL {
            for at in 0..window.hours() {
                let value = window.value(place, pollutant, at).filter(|value| *value >= Concentration::ZERO);
                if let Some(value) = value {
                    hours.insert_at(to_place, pollutant, window.hour(at), value)?;
                }
            }
        }
    }
    Ok(hours)
}

impl Period {
    fn of(evaluation: &Evaluation, hours: &Hours) -> Period {
        Period {
            good_days: evaluation.areas.iter().map(|area| area.good_days).sum(),
            valid_days: evaluation.areas.iter().map(|area| area.valid_days).sum(),
            pm25_mean: pm25_mean(hours).map(|mean| mean.to_f64(MassUnit::Microgram)),
        }
    }

    fn good_ratio(self) -> Option<Figure> {
        Figure::rounded(100.0 * f64::from(self.good_days) / f64::from(self.valid_days), 1)
    }
}

/// Unrounded until the end, so that a year-on-year change of a few tenths is not lost.
fn pm25_mean(hours: &Hours) -> Option<Concentration> {
    let city = |place: usize| {
        let day = |n: usize| {
            let date = hours.from() + n as i32;
            EvaluationRules::in_force(date).day_means(&hours.day(place, n), Limits::in_force(date)).pm25
        };
        Concentration::mean((0..hours.days()).filter_map(day))
    };
    Concentration::mean(hours.sites().filter_map(|(_, place)| city(place)))
}

fn first_of_month(day: BeijingDay) -> BeijingDay {
    BeijingDay::from_ymd(day.year(), day.month(), 1).expect("every month has a first day")
}

/// The same date a year earlier; 28 February for the 29th.
fn a_year_before(day: BeijingDay) -> Option<BeijingDay> {
    day.to_date().checked_sub_months(chrono::Months::new(12)).map(BeijingDay::from_date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::window::tests::window_of;

    #[test]
    fn a_month_counts_city_days_and_keeps_tenths() {
        let days = |values: &[i64]| values.iter().flat_map(|value| vec![Some(*value); 24]).collect::<Vec<_>>();
        let all = |values: &[i64]| Pollutant::ALL.map(|pollutant| (pollutant, days(values)));
        let (from, to) = ("2018-01-01".parse().unwrap(), "2018-01-03".parse().unwrap());
        let hours = hours_of(&window_of(&all(&[30, 40, 160])), from, to).unwrap();
        let request = Request {
            standard: Standard::Auto,
            weights: Weights::Plain,
            dust: &DustDays::default(),
            convention: DustConvention::kept(),
        };
        let month = compare(Period::of(&evaluate(&hours, &request), &hours), Period::default(), from, to);
        assert_eq!((month.good_days, month.valid_days), (2, 3));
        assert_eq!(month.good_ratio.map(Figure::get), Some(66.7));
        assert_eq!(month.pm25_mean.map(Figure::get), Some(76.7));
        assert!(month.last_year_good_ratio.is_none() && month.last_year_pm25_mean.is_none());
    }

    #[test]
    fn the_year_before_a_leap_day_is_the_28th() {
        assert_eq!(a_year_before("2020-02-29".parse().unwrap()), "2019-02-28".parse().ok());
        assert_eq!(first_of_month("2018-01-13".parse().unwrap()), "2018-01-01".parse().unwrap());
    }
}
