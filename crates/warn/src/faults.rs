use crate::{Indexed, WarnError};
use forecast::Trajectories;
use serde::{Deserialize, Serialize};
use units::Pollutant;

/// Largest hourly PM2.5 that is read, µg/m³; no instrument of the networks reports more.
const TOP: f32 = 10_000.0;
/// Largest index.
const TOP_INDEX: i16 = 500;

/// What is wrong with the courses of one city, so that its probabilities say less than they seem to (轨迹缺陷).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "flag", rename_all = "snake_case")]
pub enum CourseFlag {
    /// No member says anything of the city: nothing follows from that.
    NoForecast {
        /// City.
        city: String,
    },
    /// Some members say nothing; the probability is over the others.
    MembersMissing {
        /// City.
        city: String,
        /// How many.
        members: usize,
    },
    /// Members end before the others; what they meet later is not known.
    EndsEarly {
        /// City.
        city: String,
        /// How many members.
        members: usize,
        /// Hours of the shortest.
        hours: usize,
    },
    /// Members have hours without a 24-hour index between hours that have one.
    Gap {
        /// City.
        city: String,
        /// How many members.
        members: usize,
        /// Most hours that one of them lacks.
        hours: usize,
    },
}

impl CourseFlag {
    /// In Chinese and English.
    pub fn words(&self) -> (String, String) {
        match self {
            CourseFlag::NoForecast { city } => {
                (format!("{city}：没有预报，不能研判"), format!("{city}: no forecast, nothing can be said"))
            }
            CourseFlag::MembersMissing { city, members } => (
                format!("{city}：{members} 个成员没有数据，概率按其余成员计算"),
                format!("{city}: {members} members without data; the probability is over the others"),
            ),
            CourseFlag::EndsEarly { city, members, hours } => (
                format!("{city}：{members} 个成员时效较短，最短 {hours} 小时"),
                format!("{city}: {members} members end early, the shortest after {hours} hours"),
            ),
            CourseFlag::Gap { city, members, hours } => (
                format!("{city}：{members} 个成员中间缺测，最多缺 {hours} 小时"),
                format!("{city}: {members} members have gaps, the longest {hours} hours"),
            ),
        }
    }
}

/// Refuses `W-106` a value that is none: negative, or beyond what can be measured.
pub(crate) fn refuse_absurd(courses: &Trajectories) -> Result<(), WarnError> {
    let values = &courses.series[Pollutant::Pm25.index()];
    let bad = values.iter().position(|value| *value < 0.0 || *value > TOP);
    bad.map_or(Ok(()), |place| Err(absurd(&courses.cities, courses.hours, place, values[place])))
}

/// Refuses `W-106` an index below 0 (but for the mark of none) or above 500.
pub(crate) fn refuse_absurd_index(cities: &[String], hours: usize, aqi: &[i16]) -> Result<(), WarnError> {
    let bad = aqi.iter().position(|index| *index < crate::NO_INDEX || *index > TOP_INDEX);
    bad.map_or(Ok(()), |place| Err(absurd(cities, hours, place, f32::from(aqi[place]))))
}

fn absurd(cities: &[String], hours: usize, place: usize, value: f32) -> WarnError {
    let city = cities[place / hours % cities.len()].clone();
    WarnError::Absurd {
        member: place / hours / cities.len() + 1,
        city,
        hour: place % hours + 1,
        value: value.to_string(),
    }
}

/// What is wrong with the courses, city by city. Hours before the first index of any member are no gap: there a block
/// would begin before anything was known.
pub(crate) fn flags(indexed: &Indexed) -> Vec<CourseFlag> {
    (0..indexed.cities.len()).flat_map(|city| flags_of(indexed, city)).collect()
}

fn flags_of(indexed: &Indexed, number: usize) -> Vec<CourseFlag> {
    let courses = || (0..indexed.members).map(|member| indexed.course(member, number));
    let known = |index: &i16| *index != crate::NO_INDEX;
    let ends: Vec<usize> = courses().filter_map(|course| course.iter().rposition(known).map(|last| last + 1)).collect();
    let city = indexed.cities[number].clone();
    let Some(longest) = ends.iter().max() else { return vec![CourseFlag::NoForecast { city }] };
    let begin = courses().filter_map(|course| course.iter().position(known)).min().unwrap_or(0);
    let holes: Vec<usize> = courses()
        .filter_map(|course| {
            let end = course.iter().rposition(known)?;
            Some(course[begin..=end].iter().filter(|index| !known(index)).count()).filter(|holes| *holes > 0)
        })
        .collect();
    let mut found = vec![];
    if ends.len() < indexed.members {
        found.push(CourseFlag::MembersMissing { city: city.clone(), members: indexed.members - ends.len() });
    }
    let early: Vec<usize> = ends.iter().copied().filter(|end| end < longest).collect();
    if let Some(hours) = early.iter().min() {
        found.push(CourseFlag::EndsEarly { city: city.clone(), members: early.len(), hours: *hours });
    }
    if let Some(hours) = holes.iter().max() {
        found.push(CourseFlag::Gap { city, members: holes.len(), hours: *hours });
    }
    found
}
