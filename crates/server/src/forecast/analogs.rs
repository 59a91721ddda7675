//! Similar past days (相似过程) of a run, with what followed them.

use super::Pending;
use super::analog_notes::add_notes;
use super::asked::{Asked, asked};
use super::days::{USUAL_DEFINITION, all_observed, courses, definition};
use super::history::off_the_reactor;
use super::kept::Kept;
use super::named::names;
use super::told::ObservedEpisode;
use crate::auth::Person;
use crate::extract::Query;
use crate::figure::Figure;
use crate::problem::Problem;
use crate::stamp::Stamp;
use crate::{AppState, ServerError};
use ::forecast::analog::{Analog, AnalogRule, Analogs as Found, analog_words, analogs as find};
use ::forecast::episode::EpisodeDefinition;
use ::forecast::{CityDays, History, Run};
use ::standards::AqiEdition;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::{BeijingDay, BeijingHour, Instant, Pollutant};
use utoipa::{IntoParams, ToSchema};

/// Most analogs that can be asked for.
const MOST: usize = 20;

/// What was found for an issue and a number of analogs; notes are added for each person.
pub(crate) type AnalogBook = Kept<(BeijingHour, usize), Found>;

/// Day means by city, µg/m³; `null` = missing.
type ByCity = BTreeMap<String, Vec<Option<Figure>>>;

/// Similar past days, nearest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Analogs {
    stamp: Stamp,
    #[schema(value_type = String, format = DateTime)]
    issue_time: BeijingHour,
    /// Days that could have been chosen.
    candidates: usize,
    items: Vec<Similar>,
    /// What followed, at the present level of each city, mean over the analogs by their similarity.
    #[schema(value_type = BTreeMap<String, Vec<Option<f64>>>)]
    mean_after: ByCity,
    unit: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Similar {
    #[schema(value_type = String, format = Date)]
    date: BeijingDay,
    /// 1 is the same course, 0 no nearer than the season is on average.
    similarity: Option<Figure>,
    /// In logarithms: 0.3 is about 30 % a city and day.
    distance: Option<Figure>,
    text: String,
    text_en: String,
    #[schema(value_type = BTreeMap<String, Vec<Option<f64>>>)]
    before: ByCity,
    #[schema(value_type = BTreeMap<String, Vec<Option<f64>>>)]
    after: ByCity,
    #[schema(value_type = Vec<String>)]
    days_before: Vec<BeijingDay>,
    #[schema(value_type = Vec<String>)]
    days_after: Vec<BeijingDay>,
    episode: Option<ObservedEpisode>,
    /// What was recorded then; empty is "no record", not "nothing was done".
    notes: Vec<Remark>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Remark {
    text: String,
    #[schema(value_type = String, format = DateTime)]
    time: Instant,
    source: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AnalogQuery {
    /// Issue time; when left out the daily run.
    #[param(value_type = Option<String>, format = DateTime)]
    issue: Option<BeijingHour>,
    /// How many, 1 to 20; usually 5.
    count: Option<usize>,
}

/// Past days like those around a run, by the observed and the forecast course. 202 while the run is being made.
#[utoipa::path(get, path = "/api/v1/analogs", tag = "forecast", params(AnalogQuery),
    responses((status = 200, body = Analogs), (status = 202, body = Pending), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn analogs(
    State(state): State<AppState>,
    person: Person,
    Query(query): Query<AnalogQuery>,
) -> Result<Response, ServerError> {
    let usual = AnalogRule::default();
    let rule = AnalogRule { count: query.count.unwrap_or(usual.count), ..usual };
    let count = rule.count;
    if !(1..=MOST).contains(&count) {
        return Err(ServerError::BadQuery(format!("count is 1 to {MOST}")));
    }
    let definition = definition(Some(USUAL_DEFINITION))?;
    let issued = match asked(&state, query.issue).await? {
        Asked::Run(issued) => issued,
        Asked::Instead(response) => return Ok(response),
    };
    let issue = issued.run.issue;
    let found = async {
        let seen = all_observed(&state).await?;
        off_the_reactor(move || search(&rule, definition, &issued.run, &seen)).await
    };
    let found = state.analogs().or(&state, (issue, count), found).await?;
    let mut found = Found::clone(&found);
    add_notes(&state, &person, issue, &mut found.items).await?;
    let stamp = Stamp::forecast(issue, AqiEdition::in_force(issue.day()).id(), state.options().demo);
    Ok(Json(view(stamp, definition, found, issue)).into_response())
}

fn search(rule: &AnalogRule, definition: &EpisodeDefinition, run: &Run, seen: &History) -> Found {
    let expected = courses(run, seen).mean();
    let days = CityDays::means(seen, Pollutant::Pm25);
    find(rule, definition, &days, Some(&expected), run.issue, &[])
}

fn view(stamp: Stamp, definition: &EpisodeDefinition, found: Found, issue: BeijingHour) -> Analogs {
    Analogs {
        stamp,
        issue_time: issue,
        candidates: found.candidates,
        items: found.items.iter().map(|item| similar(definition, &found.cities, item)).collect(),
        mean_after: by_city(&found.cities, &found.mean_after),
        unit: Pollutant::Pm25.unit().to_string(),
    }
}

fn similar(definition: &EpisodeDefinition, cities: &[String], analog: &Analog) -> Similar {
    let words = analog_words(definition, analog, &names);
    let remark = |note: &::forecast::analog::Note| Remark {
        text: note.text.clone(),
        time: note.time,
        source: note.source.clone(),
    };
    Similar {
        date: analog.date,
        similarity: Figure::rounded(analog.similarity, 2),
        distance: Figure::rounded(analog.distance, 2),
        text: words.text,
        text_en: words.text_en,
        before: by_city(cities, &analog.before),
        after: by_city(cities, &analog.after),
        days_before: analog.days_before.clone(),
        days_after: analog.days_after.clone(),
        episode: analog.episode.as_ref().map(|episode| ObservedEpisode::of(definition, episode)),
        notes: analog.notes.iter().map(remark).collect(),
    }
}

fn by_city(cities: &[String], values: &[Vec<f64>]) -> ByCity {
    let line = |values: &Vec<f64>| values.iter().map(|value| Figure::of(*value, Pollutant::Pm25)).collect();
    cities.iter().cloned().zip(values.iter().map(line)).collect()
}
