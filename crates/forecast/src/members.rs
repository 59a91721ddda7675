use crate::measures::quantile;
use crate::past::Past;
use crate::scale::{Scale, day_value};
use crate::targets::{DETAILED, LEADS, Timetable};
use units::Pollutant;

/// Rounds of the correction that makes the day values of a course exact.
const ROUNDS: usize = 5;

/// What one city's courses of one pollutant are built from, on the pollutant's [`Scale`].
pub(crate) struct CityForecast {
    /// Index of the city in the archive of errors.
    pub city: usize,
    /// Median-like forecast of the days.
    pub days: [f64; LEADS],
    /// Expected absolute error of the days.
    pub spread: [f64; LEADS],
    /// Forecast of the blocks of the course.
    pub blocks: Vec<f64>,
}

/// Which past days the members are drawn from, and how wrong those were: the same rows for every city and pollutant.
pub(crate) struct Draw<'a> {
    pub past: &'a Past,
    /// The past day of each member.
    pub rows: &'a [usize],
    /// Sorted standard errors of the season, by lead.
    pub errors: &'a [Vec<f64>],
}

/// The day values of all members for one city, `[member][lead]`, on the scale.
pub(crate) fn day_members(forecast: &CityForecast, draw: &Draw) -> Vec<[f64; LEADS]> {
    let day =
        |errors: [f64; LEADS]| std::array::from_fn(|lead| forecast.days[lead] + forecast.spread[lead] * errors[lead]);
    day_errors(forecast.city, draw).into_iter().map(day).collect()
}

/// The standard errors of all members for one city, `[member][lead]`.
///
/// Every member takes the error of one past day; its rank among the members is then read off the
/// calibrated distribution of the city's day, so that what was wrong together stays wrong together.
pub(crate) fn day_errors(city: usize, draw: &Draw) -> Vec<[f64; LEADS]> {
    let count = draw.rows.len();
    let mut members = vec![[0.0; LEADS]; count];
    for (lead, sorted) in draw.errors.iter().enumerate().take(LEADS) {
        let errors: Vec<f64> = draw.rows.iter().map(|row| draw.past.standard(*row, lead, city)).collect();
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by(|a, b| errors[*a].total_cmp(&errors[*b]).then(a.cmp(b)));
        for (rank, member) in order.into_iter().enumerate() {
            members[member][lead] = quantile(sorted, (rank as f64 + 0.5) / count as f64);
        }
    }
    members
}

/// The courses of all members for one city, `[member][hour]`, in the unit of the pollutant.
///
/// The hours of a member are the forecast course with the hour errors of its past day, moved smoothly so
/// that its day values are the member's.
pub(crate) fn courses(pollutant: Pollutant, time: Timetable, forecast: &CityForecast, draw: &Draw) -> Vec<Vec<f64>> {
    let (base, width) = (base(time, forecast), time.through_days(&forecast.spread));
    let days = day_members(forecast, draw);
    let member = |(row, days): (&usize, &[f64; LEADS])| {
        let mut course = draw.past.course(time, *row, forecast.city);
        for ((value, base), width) in course.iter_mut().zip(&base).zip(&width) {
            *value = base + width * *value;
        }
        with_day_values(pollutant, time, &course, days)
    };
    draw.rows.iter().zip(&days).map(member).collect()
}

/// The forecast course: hour by hour as far as it is detailed, then the days' values on the daily course
/// of the last detailed day.
fn base(time: Timetable, forecast: &CityForecast) -> Vec<f64> {
    let mut base = time.through_blocks(&forecast.blocks);
    let (typical, slow) = (time.day(DETAILED - 1).start, time.through_days(&forecast.days));
    for hour in time.detailed()..time.horizon() {
        let like = typical + (hour - typical) % 24;
        base.push(base[like] + slow[hour] - slow[like]);
    }
    base
}

/// The course in the unit of the pollutant, shifted smoothly so that its day values are exactly `days`.
///
/// The shift runs through the centres of the days and starts from nothing at the issue, where the course
/// must still meet the last observation; what the rounds leave is spread over the day as one factor.
fn with_day_values(pollutant: Pollutant, time: Timetable, course: &[f64], days: &[f64; LEADS]) -> Vec<f64> {
    let mut shift = [0.0; LEADS];
    let left = |moved: &[f64]| -> [f64; LEADS] {
        std::array::from_fn(|lead| {
            let hours: [f64; 24] = std::array::from_fn(|hour| moved[time.day(lead).start + hour].exp());
            days[lead] - day_value(pollutant, &hours).ln()
        })
    };
    for _ in 0..ROUNDS {
        let rest = left(&shifted(time, course, &shift));
        shift.iter_mut().zip(rest).for_each(|(shift, rest)| *shift += rest);
    }
    let moved = shifted(time, course, &shift);
    let (rest, scale) = (left(&moved), Scale::of(pollutant));
    let whole = |(hour, log): (usize, &f64)| {
        let rest = hour.checked_sub(time.evening()).map_or(0.0, |hour| rest[hour / 24]);
        scale.value(log + rest)
    };
    moved.iter().enumerate().map(whole).collect()
}

fn shifted(time: Timetable, course: &[f64], shift: &[f64; LEADS]) -> Vec<f64> {
    let first_centre = time.evening() as f64 + 12.0;
    let ramp = |hour: usize| ((hour as f64 + 0.5) / first_centre).min(1.0);
    let slow = time.through_days(shift);
    course.iter().zip(slow).enumerate().map(|(hour, (log, slow))| log + slow * ramp(hour)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_values_are_met_and_the_evening_hardly_moves() {
        let time = Timetable::of(20).unwrap();
        let course: Vec<f64> = (0..time.horizon()).map(|h| 4.5 + 0.3 * (h as f64 / 4.0).sin()).collect();
        let days = [5.1, 4.9, 4.2, 4.6, 5.3, 4.6, 4.4];
        for pollutant in [Pollutant::Pm25, Pollutant::O3] {
            let moved = with_day_values(pollutant, time, &course, &days);
            for (lead, day) in days.iter().enumerate() {
                let value = day_value(pollutant, &moved[time.day(lead)]);
                assert!((Scale::of(pollutant).log(value) - day).abs() < 1e-9, "{pollutant:?} {lead}: {value}");
            }
            let log = |h: usize| Scale::of(pollutant).log(moved[h]);
            assert!((log(0) - course[0]).abs() < 0.1);
            assert!((0..time.horizon() - 1).all(|h| (log(h + 1) - log(h)).abs() < 0.5), "no step at midnight");
        }
    }

    #[test]
    fn later_days_repeat_the_daily_course_of_the_last_detailed_day() {
        let time = Timetable::of(8).unwrap();
        let blocks: Vec<f64> = (0..time.blocks()).map(|k| (k % 8) as f64 / 8.0).collect();
        let forecast = CityForecast { city: 0, days: [0.5; LEADS], spread: [0.1; LEADS], blocks };
        let base = base(time, &forecast);
        assert_eq!(base.len(), time.horizon());
        assert_eq!(base[time.day(DETAILED - 1)], base[time.day(LEADS - 1)]);
    }
}
