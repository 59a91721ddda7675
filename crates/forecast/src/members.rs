use crate::measures::quantile;
use crate::past::{Past, through_blocks, through_days};
use crate::targets::{EVENING, HORIZON, LEADS};

/// Rounds of the correction that makes the day means of a course exact.
const ROUNDS: usize = 6;

/// What one city's courses are built from. Logarithms of µg/m³.
pub(crate) struct CityForecast {
    /// Index of the city in the archive of errors.
    pub city: usize,
    /// Median-like forecast of the five days.
    pub days: [f64; LEADS],
    /// Expected absolute error of the five days.
    pub spread: [f64; LEADS],
    /// Forecast of the blocks of the course.
    pub blocks: Vec<f64>,
}

/// The courses of all members for one city, `[member][hour]`, µg/m³.
///
/// Every member takes the error course of one past day, the same day for all cities, so that what was
/// wrong together stays wrong together. The day means of the members are then moved, keeping their
/// order, onto the calibrated distribution of the city's day; the course follows smoothly.
pub(crate) fn courses(
    forecast: &CityForecast,
    past: &Past,
    rows: &[usize],
    errors: &[Vec<f64>],
) -> Vec<[f64; HORIZON]> {
    let (base, width) = (through_blocks(&forecast.blocks), through_days(&forecast.spread));
    let mut courses: Vec<[f64; HORIZON]> = rows
        .iter()
        .map(|row| {
            let mut course = base;
            for ((value, width), error) in course.iter_mut().zip(width).zip(past.course(*row, forecast.city)) {
                *value += width * error;
            }
            course
        })
        .collect();
    let targets: Vec<Vec<f64>> = (0..LEADS).map(|lead| calibrated(&courses, forecast, lead, &errors[lead])).collect();
    for (member, course) in courses.iter_mut().enumerate() {
        let days = std::array::from_fn(|lead| targets[lead][member]);
        *course = with_day_means(course, &days);
    }
    courses
}

/// The logarithm of each member's day mean: its rank among the members, read off the day's distribution.
fn calibrated(courses: &[[f64; HORIZON]], forecast: &CityForecast, lead: usize, errors: &[f64]) -> Vec<f64> {
    let means: Vec<f64> = courses.iter().map(|course| log_day_mean(course, lead)).collect();
    let mut order: Vec<usize> = (0..means.len()).collect();
    order.sort_by(|a, b| means[*a].total_cmp(&means[*b]).then(a.cmp(b)));
    let mut targets = vec![0.0; means.len()];
    for (rank, member) in order.iter().enumerate() {
        let share = (rank as f64 + 0.5) / means.len() as f64;
        targets[*member] = forecast.days[lead] + forecast.spread[lead] * quantile(errors, share);
    }
    targets
}

fn log_day_mean(course: &[f64; HORIZON], lead: usize) -> f64 {
    (course[EVENING + 24 * lead..][..24].iter().map(|log| log.exp()).sum::<f64>() / 24.0).ln()
}

/// The course in µg/m³, shifted smoothly so that its day means are exactly `days` (logarithms).
///
/// The shift runs through the centres of the days and starts from nothing at the issue, where the course
/// must still meet the last observation; what the rounds leave is spread over the day as one factor.
fn with_day_means(course: &[f64; HORIZON], days: &[f64; LEADS]) -> [f64; HORIZON] {
    let mut shift = [0.0; LEADS];
    for _ in 0..ROUNDS {
        let moved = shifted(course, &shift);
        (0..LEADS).for_each(|lead| shift[lead] += days[lead] - log_day_mean(&moved, lead));
    }
    let moved = shifted(course, &shift);
    let rest: Vec<f64> = (0..LEADS).map(|lead| days[lead] - log_day_mean(&moved, lead)).collect();
    std::array::from_fn(|hour| {
        let left = if hour < EVENING { 0.0 } else { rest[(hour - EVENING) / 24] };
        (moved[hour] + left).exp()
    })
}

fn shifted(course: &[f64; HORIZON], shift: &[f64; LEADS]) -> [f64; HORIZON] {
    let slow = through_days(shift);
    let first_centre = EVENING as f64 + 12.0;
    std::array::from_fn(|hour| course[hour] + slow[hour] * ((hour as f64 + 0.5) / first_centre).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_means_are_met_and_the_evening_hardly_moves() {
        let course: [f64; HORIZON] = std::array::from_fn(|h| 3.5 + 0.3 * (h as f64 / 4.0).sin());
        let days = [4.4, 3.9, 3.0, 3.6, 4.8];
        let moved = with_day_means(&course, &days);
        for (lead, day) in days.iter().enumerate() {
            let mean = moved[EVENING + 24 * lead..][..24].iter().sum::<f64>() / 24.0;
            assert!((mean.ln() - day).abs() < 1e-9, "{lead}: {mean}");
        }
        assert!((moved[0].ln() - course[0]).abs() < 0.1);
        let jump = |h: usize| (moved[h + 1] / moved[h]).ln().abs();
        assert!((0..HORIZON - 1).all(|h| jump(h) < 0.5), "no step at midnight");
    }
}
