//! What changed since the last run (更新说明), and why as far as the numbers tell.

use super::asked::{Asked, IssueQuery};
use super::days::{USUAL_DEFINITION, courses, definition, observed};
use super::guidance::{GuidanceNews, guidance_news};
use super::history::off_the_reactor;
use super::named::{Place, names};
use super::runs::{ISSUE_LABEL, run_of};
use super::{Found, Issued, Pending, pending};
use crate::extract::Query;
use crate::problem::Problem;
use crate::{AppState, ServerError};
use ::forecast::change::{Change, ChangeKind, Changes as Compared, DayStatement, Figure, Reason, Since, Statement};
use ::forecast::change::{changes as compare, changes_words, reason_words};
use ::forecast::episode::{EpisodeDefinition, outlooks};
use ::forecast::{CityDays, History, Run};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;
use units::{Aqi, BeijingDay, BeijingHour, Pollutant};
use utoipa::ToSchema;

/// Days before the earlier issue in which an episode that is going on may have begun.
const LOOK_BACK_DAYS: i32 = 62;

/// Differences of two runs, the largest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Changes {
    #[schema(value_type = String, format = DateTime)]
    issue_time: BeijingHour,
    /// `null` when there is none to compare with.
    #[schema(value_type = Option<String>, format = DateTime)]
    previous_issue: Option<BeijingHour>,
    text: String,
    text_en: String,
    changes: Vec<Difference>,
    reasons: Vec<Why>,
    /// Codes of the cities whose largest change nothing explains.
    unexplained: Vec<String>,
    /// Guidance of other models at the issue: material of the consultation, no part of the run.
    guidance: Vec<GuidanceNews>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Difference {
    #[serde(flatten)]
    place: Place,
    /// `null` of an episode's days.
    #[schema(value_type = Option<String>, format = Date)]
    date: Option<BeijingDay>,
    /// `median`, `p_aqi150`, `levels`, `onset`, `peak` or `end`.
    what: &'static str,
    /// An index, a share, levels or a day, by `what`; `null` is no episode, of an end beyond the forecast.
    from: Value,
    to: Value,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ChangeReason)]
pub(crate) struct Why {
    /// `model`, `guidance_missing`, `guidance_new`, `left_out`, `back` or `observed`.
    kind: &'static str,
    text: String,
    text_en: String,
}

/// What a run says otherwise than the one before it: the daily run than that of the day before, any other than the
/// newest before it. 202 while one of the two is being made.
#[utoipa::path(get, path = "/api/v1/forecasts/changes", tag = "forecast", params(IssueQuery),
    responses((status = 200, body = Changes), (status = 202, body = Pending), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn changes(
    State(state): State<AppState>,
    Query(query): Query<IssueQuery>,
) -> Result<Response, ServerError> {
    let this = match query.run(&state).await? {
        Asked::Run(issued) => issued,
        Asked::Instead(response) => return Ok(response),
    };
    let previous = match previous_issue(&state, this.run.issue).await? {
        None => None,
        Some(issue) => match run_of(&state, issue).await? {
            Found::Ready(issued) => Some(issued),
            Found::Pending => return Ok(pending(issue)),
            // Without enough hours before it there was no earlier run, and this one is the first.
            Found::Failed(_) => None,
        },
    };
    let definition = definition(Some(USUAL_DEFINITION))?;
    let seen = observed(&state, this.run.issue.day() - LOOK_BACK_DAYS).await?;
    let earlier = previous.as_ref().map(|issued| issued.run.issue);
    let guidance = guidance_news(&state, earlier, this.run.issue).await?;
    let body = off_the_reactor(move || view(&compared(definition, previous, &this, &seen), guidance));
    Ok(Json(body.await?).into_response())
}

/// Of the daily run that of the day before; of another hour the newest stored one before it, at most a day old.
async fn previous_issue(state: &AppState, issue: BeijingHour) -> Result<Option<BeijingHour>, ServerError> {
    if i64::from(issue.label()) == ISSUE_LABEL {
        return Ok(Some(issue - 24));
    }
    let stored = state.store().runs().await?.into_iter().map(|run| run.issue);
    Ok(stored.filter(|other| (issue - 24..issue).contains(other)).max())
}

fn compared(definition: &EpisodeDefinition, previous: Option<Arc<Issued>>, this: &Issued, seen: &History) -> Compared {
    let days = CityDays::means(seen, Pollutant::Pm25);
    let say = |run: &Run| statement(run, definition, &days, seen);
    let since = previous.as_ref().map_or_else(Vec::new, |previous| since(&previous.run, this.run.issue, seen));
    compare(previous.as_ref().map(|issued| say(&issued.run)).as_ref(), &say(&this.run), &since)
}

fn statement(run: &Run, definition: &EpisodeDefinition, days: &CityDays, seen: &History) -> Statement {
    let index = |number: u16| Aqi::new(number.min(500)).expect("bounded by 500");
    let day = |day: &::forecast::DayForecast| {
        let ends = (index(day.aqi.lo), index(day.aqi.hi));
        DayStatement::new(&day.city, day.date, index(day.aqi.quantiles[2]), day.aqi.p_aqi150, ends)
    };
    Statement {
        issue: run.issue,
        model_id: run.model_id.clone(),
        guidance: vec![],
        left_out: run.left_out.clone(),
        days: run.days.iter().map(day).collect(),
        episodes: outlooks(definition, days, &courses(run, seen)),
    }
}

/// What was observed between two issues beside what the earlier run said of those hours.
fn since(previous: &Run, until: BeijingHour, seen: &History) -> Vec<Since> {
    let (run, span) = (&previous.trajectories, (previous.trajectories.first_hour, until));
    let one = |(city, name): (usize, &String)| {
        let place = seen.cities.iter().position(|other| other == name)?;
        let said = |member: usize, hour: BeijingHour| {
            let course = run.course(Pollutant::Pm25, member, city);
            let column = usize::try_from(hour - run.first_hour).ok();
            course.zip(column).and_then(|(course, column)| course.get(column)).map_or(f64::NAN, |v| f64::from(*v))
        };
        Since::of(name, span, run.members, |hour| seen.value(Pollutant::Pm25, place, hour), said)
    };
    run.cities.iter().enumerate().filter_map(one).collect()
}

fn view(compared: &Compared, guidance: Vec<GuidanceNews>) -> Changes {
    let words = changes_words(compared, &names);
    Changes {
        issue_time: compared.issue,
        previous_issue: compared.previous,
        text: words.text,
        text_en: words.text_en,
        changes: compared.items.iter().map(difference).collect(),
        reasons: compared.reasons.iter().map(why).collect(),
        unexplained: compared.unexplained.clone(),
        guidance,
    }
}

fn difference(change: &Change) -> Difference {
    Difference {
        place: Place::of(change.city.as_deref()),
        date: change.date,
        what: what(change.what),
        from: figure(&change.from),
        to: figure(&change.to),
    }
}

fn what(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Median => "median",
        ChangeKind::PAqi150 => "p_aqi150",
        ChangeKind::Levels => "levels",
        ChangeKind::Onset => "onset",
        ChangeKind::Peak => "peak",
        ChangeKind::End => "end",
    }
}

fn figure(figure: &Figure) -> Value {
    match figure {
        Figure::Aqi(aqi) => json!(aqi.get()),
        Figure::Share(share) => json!(crate::figure::Figure::rounded(*share, 3)),
        Figure::Levels(levels) => json!(levels.iter().map(|level| level.number()).collect::<Vec<_>>()),
        Figure::Day(day) => json!(day),
    }
}

fn why(reason: &Reason) -> Why {
    let kind = match reason {
        Reason::Model { .. } => "model",
        Reason::GuidanceMissing { .. } => "guidance_missing",
        Reason::GuidanceNew { .. } => "guidance_new",
        Reason::LeftOut { .. } => "left_out",
        Reason::Back { .. } => "back",
        Reason::Observed(_) => "observed",
    };
    let words = reason_words(reason, &names);
    Why { kind, text: words.text, text_en: words.text_en }
}
