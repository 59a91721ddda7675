//! A warning held against what came (复盘), once it is over.

use super::basis::plans;
use super::subject::Subject;
use super::view::CityName;
use super::words::LevelWord;
use crate::auth::Person;
use crate::extract::Path;
use crate::figure::Figure;
use crate::forecast::load_history;
use crate::problem::Problem;
use crate::stamp::Stamp;
use crate::{AppState, ServerError};
use ::standards::AqiEdition;
use ::warn::{CityReview, Indexed, Plan, Standing, Terms, WarnError, Warning, check_indexed, review as held_against};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use units::{BeijingHour, Instant, RegionCode, WarningLevel};
use utoipa::ToSchema;

/// Hours before the first issue that a block may begin in.
const BEFORE_HOURS: i64 = 48;
/// Hours after the end that are looked at: the week a run covers.
const AFTER_HOURS: i64 = 7 * 24;

/// How a warning stood against what came.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Review {
    rows: Vec<ReviewRow>,
    text: String,
    text_en: String,
    stamp: Stamp,
}

/// One city.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReviewRow {
    city: CityName,
    /// Warned of an episode that came; `null` where nothing was observed.
    hit: Option<bool>,
    /// From the first document to the start of the episode, hours.
    lead_hours: Option<Figure>,
    #[schema(value_type = Option<String>, format = DateTime)]
    observed_start: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    observed_end: Option<Instant>,
    /// The level that perfect knowledge would have proposed.
    #[schema(value_type = Option<LevelWord>)]
    perfect_level: Option<WarningLevel>,
    warned_hours: Option<Figure>,
    /// Warned without an episode.
    needless_hours: Option<Figure>,
    /// Of an episode and not warned.
    missed_hours: Option<Figure>,
    /// What the run behind the first document proposed.
    #[schema(value_type = Option<LevelWord>)]
    model_level: Option<WarningLevel>,
}

/// The review of a warning that is over, from what was observed up to the moment shown. Refuses `W-301` before.
#[utoipa::path(get, operation_id = "warning_review", path = "/api/v1/warnings/{id}/review", tag = "warn", params(("id" = String, Path)),
    responses((status = 200, body = Review), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn review(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Json<Review>, ServerError> {
    let subject = Subject::inside(&state, &person, &id).await?;
    let warning = &subject.warning;
    let early = WarnError::WrongState { state: warning.state.as_str(), step: "review" };
    let (Some(first), Some(last)) = (warning.issued.first(), warning.issued.last()) else {
        return Err(ServerError::Refused(early.to_string()));
    };
    if warning.in_force() {
        return Err(ServerError::Refused(early.to_string()));
    }
    let id = &first.draft.basis.plan.id;
    let unknown = || ServerError::UnknownPlan(id.clone(), String::new());
    let plan = plans(&state).await?.into_iter().find(|plan| plan.id == *id).ok_or_else(unknown)?;
    let from = first.at.last_ended_hour();
    let until = (last.at.last_ended_hour() + AFTER_HOURS).min(state.as_of()) + 1;
    let history = load_history(&state, from - BEFORE_HOURS, until).await?;
    let truth = Indexed::of_observed(&history, None)?;
    let mut codes: Vec<RegionCode> = Vec::new();
    for issued in &warning.issued {
        codes.extend(issued.draft.terms.cities.iter().filter(|code| !codes.contains(code)).collect::<Vec<_>>());
    }
    let rows: Vec<ReviewRow> = codes.iter().filter_map(|code| row(&plan, &truth, warning, *code)).collect();
    let (text, text_en) = words(&rows);
    let standard = AqiEdition::in_force(from.day()).id();
    let stamp = Stamp::observed(Some(until - 1), standard, state.options().demo);
    Ok(Json(Review { rows, text, text_en, stamp }))
}

/// What the documents said for one city, one standing a document; the last one ends it.
fn standings(warning: &Warning, code: RegionCode) -> Vec<Standing> {
    let hours = |terms: &Terms| (terms.start.last_ended_hour() + 1, terms.end.last_ended_hour());
    let standing = |issued: &::warn::Issued| {
        let terms = &issued.draft.terms;
        let holds = !issued.draft.change.ends() && terms.cities.contains(&code);
        let (start, end) = hours(terms);
        Standing { issue: issued.at.last_ended_hour(), warned: holds.then_some((terms.level, start, end)) }
    };
    let mut all: Vec<Standing> = warning.issued.iter().map(standing).collect();
    // Documents of one hour: the last one speaks.
    all.dedup_by(|later, earlier| {
        let same = later.issue == earlier.issue;
        if same {
            *earlier = *later;
        }
        same
    });
    all
}

fn row(plan: &Plan, truth: &Indexed, warning: &Warning, code: RegionCode) -> Option<ReviewRow> {
    let place = truth.cities.iter().position(|city| *city == code.to_string())?;
    let observed = truth.course(0, place).iter().any(|index| *index != ::warn::NO_INDEX);
    let level = plan.levels.first()?.level;
    let mut standings_of = vec![Vec::new(); truth.cities.len()];
    // Nothing stood before the first document, so that an episode which had begun by then counts as late, not as none.
    standings_of[place] = vec![Standing { issue: truth.first_hour, warned: None }];
    standings_of[place].extend(standings(warning, code));
    let said: CityReview = held_against(plan, truth, &standings_of, level).into_iter().nth(place)?;
    let perfect = check_indexed(plan, truth);
    let perfect = perfect.cities.get(place)?;
    let lead = said.episodes.iter().find_map(|episode| episode.lead_hours);
    let figure = |hours: usize| observed.then(|| Figure::rounded(hours as f64, 0)).flatten();
    let hour_start = |hour: BeijingHour| hour.start();
    Some(ReviewRow {
        city: CityName::of(code),
        hit: observed.then_some(lead.is_some()),
        lead_hours: lead.and_then(|lead| Figure::rounded(lead as f64, 0)),
        observed_start: said.episodes.first().map(|episode| hour_start(episode.start)).or(perfect.start),
        observed_end: said.episodes.last().map(|episode| episode.end.end()).or(perfect.end),
        perfect_level: perfect.level,
        warned_hours: figure(said.warned_hours + said.false_hours),
        needless_hours: figure(said.false_hours),
        missed_hours: figure(said.episode_hours - said.warned_hours),
        model_level: warning.issued.first()?.draft.basis.city(code).and_then(|city| city.level),
    })
}

fn words(rows: &[ReviewRow]) -> (String, String) {
    let hits = rows.iter().filter(|row| row.hit == Some(true)).count();
    let known = rows.iter().filter(|row| row.hit.is_some()).count();
    let needless: f64 = rows.iter().filter_map(|row| row.needless_hours).map(Figure::get).sum();
    (
        format!("预警的 {known} 个城市中 {hits} 个出现达到级别的过程，空报 {needless} 城市·小时。"),
        format!(
            "Of {known} cities warned, {hits} had an episode at the level; {needless} city-hours were warned without one."
        ),
    )
}
