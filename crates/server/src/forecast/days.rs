//! Day values of the observations and of a run's members, from which episodes, analogs and changes are told.

use super::history::load_of;
use crate::sight::Sight;
use crate::{AppState, ServerError};
use ::forecast::episode::EpisodeDefinition;
use ::forecast::{CityDays, DayCourses, History, Run};
use units::{BeijingDay, BeijingHour, Pollutant};

/// What counts as an episode when nothing else is asked for: two days of an index above 150.
pub(super) const USUAL_DEFINITION: &str = "pm25-115";

/// Hourly PM2.5 of the province's cities from the first hour of `from` to the moment shown.
pub(super) async fn observed(state: &AppState, from: BeijingDay) -> Result<History, ServerError> {
    load_of(state, &[Pollutant::Pm25], first_hour(from), state.as_of() + 1).await
}

/// The same from the first hour there is.
pub(super) async fn all_observed(state: &AppState) -> Result<History, ServerError> {
    let first = Sight::span(state).await?.map_or(state.as_of(), |(first, _)| first);
    observed(state, first.day()).await
}

/// Day means of the days that are over at the moment shown.
pub(super) fn whole_days(seen: &History, last_whole_day: BeijingDay) -> CityDays {
    // The day that is running may have enough hours for a mean, and would be taken for one that is over.
    CityDays::means(seen, Pollutant::Pm25).before(last_whole_day + 1)
}

/// The members' day means; the day of issue from its observed hours before the issue and the forecast ones after.
pub(super) fn courses(run: &Run, seen: &History) -> DayCourses {
    let members = &run.trajectories;
    let place = |name: &String| seen.cities.iter().position(|city| city == name);
    let places: Vec<Option<usize>> = members.cities.iter().map(place).collect();
    let known = |city: usize, hour: BeijingHour| match places[city] {
        Some(place) if hour < run.issue => seen.value(Pollutant::Pm25, place, hour),
        _ => f64::NAN,
    };
    let course = |member: usize, city: usize| members.course(Pollutant::Pm25, member, city).unwrap_or(&[]);
    DayCourses::means(members.cities.clone(), members.first_hour, members.members, course, known)
}

/// A definition on PM2.5 by its id. Refuses `A-101`.
pub(super) fn definition(id: Option<&str>) -> Result<&'static EpisodeDefinition, ServerError> {
    // The members' day indices are not kept with a run, so that only definitions on PM2.5 can be forecast.
    let usable = |definition: &&EpisodeDefinition| definition.id.starts_with("pm25-");
    let id = id.unwrap_or(USUAL_DEFINITION);
    let known = || EpisodeDefinition::bundled().iter().filter(usable);
    known().find(|definition| definition.id == id).ok_or_else(|| {
        let known: Vec<&str> = known().map(|definition| definition.id.as_str()).collect();
        ServerError::BadQuery(format!("no definition of an episode of this name; known are {}", known.join(", ")))
    })
}

/// The hour labelled 1 of a day.
pub(super) fn first_hour(day: BeijingDay) -> BeijingHour {
    day.hours().next().expect("a day has hours")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_definition_is_bundled_and_an_unknown_one_is_refused_with_the_known() {
        assert_eq!(definition(None).unwrap().id, USUAL_DEFINITION);
        let refused = definition(Some("aqi-150")).unwrap_err().to_string();
        assert!(refused.starts_with("A-101") && refused.contains("pm25-150"), "{refused}");
    }

    #[test]
    fn the_day_that_is_running_is_not_over_however_many_hours_it_has() {
        let first = first_hour("2018-01-12".parse().unwrap());
        let mut seen = History::empty(vec!["320100".into()], first, 47);
        (0..47).for_each(|hour| seen.set(Pollutant::Pm25, 0, first + hour, 40.0));
        let days = whole_days(&seen, first.day());
        assert_eq!((days.end(), days.city(0)), (first.day() + 1, &[40.0][..]));
    }
}
