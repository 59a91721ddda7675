//! How often the house meets now, and why.

use super::people::houses;
use crate::auth::Person;
use crate::problem::Problem;
use crate::{AppState, ServerError};
use ::consult::{Peak, Tempo, TempoRule};
use axum::Json;
use axum::extract::State;
use org::{Right, acting_organisation};
use serde::Serialize;
use units::{BeijingDay, Instant};
use utoipa::ToSchema;

/// The tempo (会商频次) of a house.
#[derive(Serialize, ToSchema)]
pub(super) struct TempoView {
    /// The rule, and how sure its numbers are.
    rule: String,
    rule_title: String,
    confidence: String,
    /// The step; `null` before the first look.
    step: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Instant>,
    reason: String,
    reason_en: String,
    above150: Option<PeakView>,
    above200: Option<PeakView>,
    event48: Option<PeakView>,
    /// Rooms to come within a day, if nothing changes.
    #[schema(value_type = Vec<String>)]
    next: Vec<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    look: Option<Instant>,
}

/// Where a probability is largest.
#[derive(Serialize, ToSchema)]
pub(super) struct PeakView {
    p: f64,
    city: String,
    #[schema(value_type = Option<String>, format = Date)]
    day: Option<BeijingDay>,
}

/// How often the own house meets; of the first house that meets, for everybody else.
#[utoipa::path(get, operation_id = "consultation_tempo", path = "/api/v1/consultation-tempo", tag = "consult",
    responses((status = 200, body = TempoView), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn tempo(State(state): State<AppState>, person: Person) -> Result<Json<TempoView>, ServerError> {
    person.need(Right::ConsultRead)?;
    let houses = houses(&state).await?;
    let own = acting_organisation(person.actor());
    let house = houses.iter().find(|house| *house == own).or(houses.first());
    let kept = match house {
        Some(house) => state.store().load::<Tempo>(house.as_str()).await?.map(|(tempo, _)| tempo),
        None => None,
    };
    let (kept, rule) = (kept.unwrap_or_default(), TempoRule::bundled());
    Ok(Json(TempoView {
        rule: rule.id.clone(),
        rule_title: rule.title.clone(),
        confidence: rule.confidence.clone(),
        step: kept.standing.as_ref().map(|standing| standing.step.clone()),
        since: kept.standing.as_ref().map(|standing| standing.since),
        reason: kept.reason.zh,
        reason_en: kept.reason.en,
        above150: kept.probabilities.above150.map(PeakView::from),
        above200: kept.probabilities.above200.map(PeakView::from),
        event48: kept.probabilities.event48.map(PeakView::from),
        next: kept.next,
        look: kept.look,
    }))
}

impl From<Peak> for PeakView {
    fn from(peak: Peak) -> PeakView {
        PeakView { p: peak.share.get(), city: peak.city, day: peak.day }
    }
}
