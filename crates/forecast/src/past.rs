use crate::model::state;
use crate::predictors::year_share;
use crate::recent::Recent;
use crate::rows::Rows;
use crate::spread::Spread;
use crate::targets::{LEADS, Timetable, bridge};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::BeijingDay;

/// Half the width of the season an issue draws its past errors from, days.
const SEASON: f64 = 60.0;
/// Fewer past issues than this say too little of a season.
const FEWEST_IN_SEASON: usize = 40;
/// One step of a stored course error, in expected absolute errors.
const STEP: f64 = 0.05;

/// The archive of past out-of-fold errors of one pollutant: how forecasts went wrong, all cities and hours at once.
///
/// An error course keeps what a marginal cannot: which cities are wrong together and for how long. The
/// archives of a model's pollutants hold the same days, so that one past day is drawn for all of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Past {
    cities: usize,
    /// Hours of a course: the evening and the days that are forecast by the hour.
    hours: usize,
    /// Day errors over the spread, `[row][lead][city]`; a city that was not observed has the mean of the others.
    standard: Vec<f32>,
    /// Hour errors over the spread in [`STEP`]s, `[row][city][hour]`.
    course: Vec<i8>,
}

/// The errors of one issue day.
struct Errors {
    standard: Vec<f32>,
    course: Vec<i8>,
}

/// The errors of a pollutant by issue day, before the days of all pollutants are brought together.
pub(crate) struct Gathered {
    cities: usize,
    hours: usize,
    days: BTreeMap<BeijingDay, Errors>,
}

impl Gathered {
    /// From the training rows and what was said of them out of fold.
    pub fn of(rows: &Rows, recent: &Recent, said: &[Vec<f64>], spread: &Spread) -> Gathered {
        let one = |row: usize| Some((rows.days[row], errors(rows, recent, said, row, spread)?));
        let days = (0..rows.days.len()).filter_map(one).collect();
        Gathered { cities: rows.cities, hours: rows.time.detailed(), days }
    }

    /// Its issue days.
    pub fn days(&self) -> impl Iterator<Item = BeijingDay> {
        self.days.keys().copied()
    }

    /// Whether it holds a day.
    pub fn holds(&self, day: BeijingDay) -> bool {
        self.days.contains_key(&day)
    }

    /// The archive of the given days, all of which it must hold.
    pub fn archived(&self, days: &[BeijingDay]) -> Past {
        let of_days = || days.iter().filter_map(|day| self.days.get(day));
        Past {
            cities: self.cities,
            hours: self.hours,
            standard: of_days().flat_map(|errors| &errors.standard).copied().collect(),
            course: of_days().flat_map(|errors| &errors.course).copied().collect(),
        }
    }
}

impl Past {
    /// Whether it holds so many days, cities and hours; what comes from a file may not.
    pub fn fits(&self, days: usize, cities: usize, time: Timetable) -> bool {
        let rows = days.checked_mul(cities);
        let lengths = rows.map(|rows| (rows.checked_mul(LEADS), rows.checked_mul(time.detailed())));
        let found = (Some(self.standard.len()), Some(self.course.len()));
        (self.cities, self.hours) == (cities, time.detailed()) && days > 0 && lengths == Some(found)
    }

    /// Error of a row's day over the spread.
    pub fn standard(&self, row: usize, lead: usize, city: usize) -> f64 {
        f64::from(self.standard[(row * LEADS + lead) * self.cities + city])
    }

    /// Sorted standard errors of a lead over all cities of the given rows.
    pub fn sorted(&self, rows: &[usize], lead: usize) -> Vec<f64> {
        let of_row = |row: &usize| &self.standard[(row * LEADS + lead) * self.cities..][..self.cities];
        let mut sorted: Vec<f64> = rows.iter().flat_map(of_row).map(|error| f64::from(*error)).collect();
        sorted.sort_by(f64::total_cmp);
        sorted
    }

    /// Hour errors over the spread of one row and city; beyond the detailed hours the errors of the days.
    pub fn course(&self, time: Timetable, row: usize, city: usize) -> Vec<f64> {
        let days: [f64; LEADS] = std::array::from_fn(|lead| self.standard(row, lead, city));
        let mut course = time.through_days(&days);
        let hours = &self.course[(row * self.cities + city) * self.hours..][..self.hours];
        course.iter_mut().zip(hours).for_each(|(error, step)| *error = f64::from(*step) * STEP);
        course
    }
}

/// Rows whose issue day lies in the season of `day`; all rows when the season is hardly known.
pub(crate) fn season_rows(days: &[BeijingDay], day: BeijingDay) -> Vec<usize> {
    let near: Vec<usize> = (0..days.len()).filter(|row| season_distance(days[*row], day) <= SEASON).collect();
    if near.len() < FEWEST_IN_SEASON { (0..days.len()).collect() } else { near }
}

/// Days between two days of the year, around the turn of the year.
pub(crate) fn season_distance(a: BeijingDay, b: BeijingDay) -> f64 {
    let apart = (year_share(a) - year_share(b)).abs();
    apart.min(1.0 - apart).max(0.0) * 365.25
}

/// The errors of a row over the spread; a city without an hour takes the mean of the others. `None` when
/// fewer than half of the cities have a course.
fn errors(rows: &Rows, recent: &Recent, said: &[Vec<f64>], row: usize, spread: &Spread) -> Option<Errors> {
    let cities = rows.cities;
    let spreads: Vec<f64> = (0..LEADS * cities).map(|k| spread.of(k / cities, &state(rows, said, row, k))).collect();
    let courses: Vec<Option<Vec<f64>>> =
        (0..cities).map(|city| course_errors(rows, recent, &said[row], row, city, &spreads)).collect();
    let known: Vec<&Vec<f64>> = courses.iter().flatten().collect();
    if known.is_empty() || 2 * known.len() < cities {
        return None;
    }
    let mean: Vec<f64> = (0..rows.time.detailed())
        .map(|h| known.iter().map(|course| course[h]).sum::<f64>() / known.len() as f64)
        .collect();
    let whole = courses.iter().flat_map(|course| course.as_ref().unwrap_or(&mean));
    let day = |(k, spread): (usize, &f64)| ((rows.completed[row][k] - said[row][k]) / spread) as f32;
    Some(Errors {
        course: whole.map(|error| (error / STEP).round().clamp(-127.0, 127.0) as i8).collect(),
        standard: spreads.iter().enumerate().map(day).collect(),
    })
}

/// Hour errors of one city over the spread; `None` with fewer than half of the hours.
fn course_errors(
    rows: &Rows,
    recent: &Recent,
    said: &[f64],
    row: usize,
    city: usize,
    spreads: &[f64],
) -> Option<Vec<f64>> {
    let (time, cities) = (rows.time, rows.cities);
    let level = Some(rows.level[row][city]).filter(|level| level.is_finite())?;
    let blocks: Vec<f64> = (0..time.blocks()).map(|k| said[(LEADS + k) * cities + city]).collect();
    let leads: Vec<f64> = (0..LEADS).map(|lead| spreads[lead * cities + city]).collect();
    let (forecast, width) = (time.through_blocks(&blocks), time.through_days(&leads));
    let hour = |h: usize| {
        let seen = recent.log_of_mean(rows.pollutant, city, time.issue(rows.days[row]) + h as i64 + 1, 1, 1);
        seen.map_or(f64::NAN, |seen| (seen - level - forecast[h]) / width[h])
    };
    let mut errors: Vec<f64> = (0..time.detailed()).map(hour).collect();
    let enough = 2 * errors.iter().filter(|error| error.is_finite()).count() >= errors.len();
    (enough && bridge(&mut errors)).then_some(errors)
}
