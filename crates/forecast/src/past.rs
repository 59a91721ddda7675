use crate::model::state;
use crate::predictors::year_share;
use crate::recent::Recent;
use crate::rows::Rows;
use crate::spread::Spread;
use crate::targets::{COURSE, EVENING, HORIZON, LEADS, bridge, issue_hour};
use serde::{Deserialize, Serialize};
use units::{BeijingDay, Pollutant};

/// Half the width of the season an issue draws its past errors from, days.
const SEASON: f64 = 60.0;
/// Fewer past issues than this say too little of a season.
const FEWEST_IN_SEASON: usize = 40;
/// One step of a stored course error, in expected absolute errors.
const STEP: f64 = 0.05;

/// The archive of past out-of-fold errors: how forecasts went wrong, day by day, all cities and hours at once.
///
/// An error course keeps what a marginal cannot: which cities are wrong together and for how long.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Past {
    cities: usize,
    days: Vec<BeijingDay>,
    /// Day errors over the spread, `[row][lead][city]`, NaN where the day was not observed.
    standard: Vec<f32>,
    /// Hour errors over the spread in [`STEP`]s, `[row][city][hour]`.
    course: Vec<i8>,
}

impl Past {
    /// From the training rows and what was said of them out of fold.
    pub fn of(rows: &Rows, recent: &Recent, said: &[Vec<f64>], spread: &Spread) -> Past {
        let mut past = Past { cities: rows.cities, days: vec![], standard: vec![], course: vec![] };
        for row in 0..rows.days.len() {
            let spreads: Vec<f64> =
                (0..LEADS * rows.cities).map(|k| spread.of(k / rows.cities, &state(rows, said, row, k))).collect();
            let Some(course) = errors(rows, recent, &said[row], row, &spreads) else { continue };
            past.days.push(rows.days[row]);
            past.course.extend(course.iter().map(|error| (error / STEP).round().clamp(-127.0, 127.0) as i8));
            let day = spreads.iter().enumerate().map(|(k, s)| ((rows.observed[row][k] - said[row][k]) / s) as f32);
            past.standard.extend(day);
        }
        past
    }

    /// Whether it holds so many cities on every day; what comes from a file may not.
    pub fn fits(&self, cities: usize) -> bool {
        let rows = self.days.len() * cities;
        let lengths = (self.standard.len(), self.course.len()) == (rows * LEADS, rows * HORIZON);
        self.cities == cities && !self.days.is_empty() && lengths
    }

    /// Rows whose issue day lies in the season of `day`; all rows when the season is hardly known.
    pub fn season(&self, day: BeijingDay) -> Vec<usize> {
        let near = (0..self.days.len()).filter(|row| season_distance(self.days[*row], day) <= SEASON);
        let near: Vec<usize> = near.collect();
        if near.len() < FEWEST_IN_SEASON { (0..self.days.len()).collect() } else { near }
    }

    /// Sorted standard errors of a lead over all cities of the given rows.
    pub fn sorted(&self, rows: &[usize], lead: usize) -> Vec<f64> {
        let mut sorted: Vec<f64> = rows
            .iter()
            .flat_map(|row| &self.standard[(row * LEADS + lead) * self.cities..][..self.cities])
            .filter(|error| error.is_finite())
            .map(|error| f64::from(*error))
            .collect();
        sorted.sort_by(f64::total_cmp);
        sorted
    }

    /// Hour errors over the spread of one row and city.
    pub fn course(&self, row: usize, city: usize) -> impl Iterator<Item = f64> {
        self.course[(row * self.cities + city) * HORIZON..][..HORIZON].iter().map(|step| f64::from(*step) * STEP)
    }
}

/// Days between two days of the year, around the turn of the year.
pub(crate) fn season_distance(a: BeijingDay, b: BeijingDay) -> f64 {
    let apart = (year_share(a) - year_share(b)).abs();
    apart.min(1.0 - apart).max(0.0) * 365.25
}

/// The course of a lead-wise quantity through the centres of the five days, constant outside them.
pub(crate) fn through_days(values: &[f64]) -> [f64; HORIZON] {
    std::array::from_fn(|hour| {
        let place = (hour as f64 + 0.5 - EVENING as f64 - 12.0) / 24.0;
        line(values, place)
    })
}

/// The course of 3-hour means through the centres of their blocks.
pub(crate) fn through_blocks(values: &[f64]) -> [f64; HORIZON] {
    debug_assert_eq!(values.len(), COURSE);
    std::array::from_fn(|hour| {
        let middle = hour as f64 + 0.5;
        let (evening, first) = (2.0, EVENING as f64 + 1.5);
        let place = if middle < first { (middle - evening) / (first - evening) } else { 1.0 + (middle - first) / 3.0 };
        line(values, place)
    })
}

fn line(values: &[f64], place: f64) -> f64 {
    let place = place.clamp(0.0, (values.len() - 1) as f64);
    let left = (place.floor() as usize).min(values.len().saturating_sub(2));
    let right = (left + 1).min(values.len() - 1);
    values[left] + (values[right] - values[left]) * (place - left as f64)
}

/// Hour errors of a row over the spread, `[city][hour]`; a city without an hour takes the mean of the
/// others. `None` when fewer than half of the cities have a course.
fn errors(rows: &Rows, recent: &Recent, said: &[f64], row: usize, spreads: &[f64]) -> Option<Vec<f64>> {
    let cities = rows.cities;
    let courses: Vec<Option<Vec<f64>>> = (0..cities)
        .map(|city| {
            let level = Some(rows.level[row][city]).filter(|level| level.is_finite())?;
            let blocks: Vec<f64> = (0..COURSE).map(|k| said[(LEADS + k) * cities + city]).collect();
            let leads: Vec<f64> = (0..LEADS).map(|lead| spreads[lead * cities + city]).collect();
            let (forecast, width) = (through_blocks(&blocks), through_days(&leads));
            let hour = |h: usize| {
                let seen = recent.log_of_mean(Pollutant::Pm25, city, issue_hour(rows.days[row]) + h as i64 + 1, 1, 1);
                seen.map_or(f64::NAN, |seen| (seen - level - forecast[h]) / width[h])
            };
            let mut errors: Vec<f64> = (0..HORIZON).map(hour).collect();
            (2 * errors.iter().filter(|e| e.is_finite()).count() >= HORIZON && bridge(&mut errors)).then_some(errors)
        })
        .collect();
    let known: Vec<&Vec<f64>> = courses.iter().flatten().collect();
    if known.is_empty() || 2 * known.len() < cities {
        return None;
    }
    let mean: Vec<f64> =
        (0..HORIZON).map(|h| known.iter().map(|course| course[h]).sum::<f64>() / known.len() as f64).collect();
    Some(courses.iter().flat_map(|course| course.as_ref().unwrap_or(&mean).clone()).collect())
}
