use crate::WarnError;
use crate::faults::{refuse_absurd, refuse_absurd_index};
use crate::index::{Indices, index_of};
use forecast::{History, Trajectories};
use units::{BeijingHour, Pollutant};

/// Marks a 24-hour index that could not be made.
pub const NO_INDEX: i16 = -1;
/// Hours of a block that must be known.
const VALID_HOURS: u32 = 20;

/// The AQI of the 24 hours that end with each hour, for every member and city (滑动 24 小时 AQI).
///
/// Laid out `[member][city][hour]`; [`NO_INDEX`] where fewer than 20 hours are known or the block would
/// begin before anything was observed or forecast.
#[derive(Clone, Debug, PartialEq)]
pub struct Indexed {
    /// Cities, in order.
    pub cities: Vec<String>,
    /// The hour of the first column.
    pub first_hour: BeijingHour,
    /// Columns.
    pub hours: usize,
    /// Members.
    pub members: usize,
    /// Indices.
    pub aqi: Vec<i16>,
    /// The means behind them, µg/m³, when they come from concentrations; below zero where there is no index.
    pub(crate) means: Option<Vec<f32>>,
}

impl Indexed {
    /// From indices that were computed elsewhere. Refuses `W-103` when the lengths do not fit, `W-106` no index.
    pub fn new(
        cities: Vec<String>,
        first_hour: BeijingHour,
        hours: usize,
        members: usize,
        aqi: Vec<i16>,
    ) -> Result<Self, WarnError> {
        let found = aqi.len();
        if found != cities.len() * hours * members {
            return Err(WarnError::Shape { members, cities: cities.len(), hours, found });
        }
        refuse_absurd_index(&cities, hours, &aqi)?;
        Ok(Indexed { cities, first_hour, hours, members, aqi, means: None })
    }

    /// From hourly courses of PM2.5, by the edition in force on the day a block ends: the pollutant that the
    /// plans are written for, and the one whose 24 h mean decides the index of a heavy day.
    ///
    /// `observed` supplies up to 23 hours before the first, so that a block may begin in the past; it
    /// must hold nothing that was unknown at the issue. Refuses `W-103`, and `W-106` no value.
    pub fn from_courses(courses: &Trajectories, observed: Option<&History>) -> Result<Self, WarnError> {
        let found = courses.series[Pollutant::Pm25.index()].len();
        if Some(found) != lengths(courses) {
            let (members, cities, hours) = (courses.members, courses.cities.len(), courses.hours);
            return Err(WarnError::Shape { members, cities, hours, found });
        }
        refuse_absurd(courses)?;
        let (mut aqi, mut means) = (Vec::with_capacity(found), Vec::with_capacity(found));
        let tails: Vec<Vec<f64>> = courses.cities.iter().map(|city| tail(courses, observed, city)).collect();
        let mut indices = Indices::default();
        let numbers: Vec<usize> = (0..courses.hours).map(|h| indices.number(courses.hour(h).day())).collect();
        let (mut sums, mut counts) = (vec![], vec![]);
        for (member, city) in (0..courses.members).flat_map(|m| (0..courses.cities.len()).map(move |c| (m, c))) {
            let tail = &tails[city];
            let course = courses.course(Pollutant::Pm25, member, city).unwrap_or_default();
            accumulate(tail, course, &mut sums, &mut counts);
            for (column, number) in numbers.iter().enumerate() {
                let last = tail.len() + column + 1;
                let first = last.saturating_sub(24);
                let valid = counts[last] - counts[first];
                let enough = last >= 24 && valid >= VALID_HOURS;
                let mean = if enough { (sums[last] - sums[first]) / f64::from(valid) } else { -1.0 };
                aqi.push(if enough { index_of(indices.table(*number), mean) } else { NO_INDEX });
                means.push(mean as f32);
            }
        }
        let (cities, first_hour) = (courses.cities.clone(), courses.first_hour);
        Ok(Indexed { cities, first_hour, hours: courses.hours, members: courses.members, aqi, means: Some(means) })
    }

    /// From what was observed, as one member: the truth that warnings are held against. `before` is as in
    /// [`Indexed::from_courses`].
    pub fn of_observed(seen: &History, before: Option<&History>) -> Result<Self, WarnError> {
        let values = seen.series[Pollutant::Pm25.index()].iter().map(|value| *value as f32).collect();
        let courses = Trajectories::of_pm25(seen.cities.clone(), seen.first_hour, seen.hours, 1, values);
        Self::from_courses(&courses, before)
    }

    /// The indices of one member and city.
    pub fn course(&self, member: usize, city: usize) -> &[i16] {
        &self.aqi[(member * self.cities.len() + city) * self.hours..][..self.hours]
    }

    /// The means behind them, when known.
    pub(crate) fn mean_course(&self, member: usize, city: usize) -> Option<&[f32]> {
        let means = self.means.as_ref()?;
        Some(&means[(member * self.cities.len() + city) * self.hours..][..self.hours])
    }
}

/// The length a series must have; `None` when it is beyond counting.
fn lengths(courses: &Trajectories) -> Option<usize> {
    courses.cities.len().checked_mul(courses.hours)?.checked_mul(courses.members)
}

/// The observed hours before the courses, oldest first, from the first one that is known: a block
/// begins where something was observed or forecast, never in the dark before.
fn tail(courses: &Trajectories, observed: Option<&History>, name: &str) -> Vec<f64> {
    let Some(observed) = observed else { return vec![] };
    let Some(city) = observed.cities.iter().position(|city| city == name) else { return vec![] };
    let hours = (1..24).rev().map(|back| observed.value(Pollutant::Pm25, city, courses.first_hour - back));
    hours.skip_while(|value| !value.is_finite()).collect()
}

/// Running sums and counts over the observed tail and the course.
fn accumulate(tail: &[f64], course: &[f32], sums: &mut Vec<f64>, counts: &mut Vec<u32>) {
    sums.clear();
    counts.clear();
    let (mut sum, mut count) = (0.0, 0);
    sums.push(sum);
    counts.push(count);
    for value in tail.iter().copied().chain(course.iter().map(|value| f64::from(*value))) {
        if value.is_finite() {
            sum += value;
            count += 1;
        }
        sums.push(sum);
        counts.push(count);
    }
}
