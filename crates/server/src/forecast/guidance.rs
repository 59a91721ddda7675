//! Guidance of other models as it stands at a moment (指导预报到位情况), for rooms and the update log.

use super::history::off_the_reactor;
use super::named::names;
use crate::sight::{own_cities, sites};
use crate::{AppState, ServerError};
use ::guidance::{Arrival, ArrivalState, Member, arrival};
use serde::Serialize;
use units::{BeijingHour, SiteCode};
use utoipa::ToSchema;

/// A model that has sent nothing for so long is no longer waited for, days.
const EXPECTED_DAYS: i64 = 30;

/// One model's newest run at a moment, and what it covers and lacks.
#[derive(Clone, Debug)]
pub(crate) struct Arrived {
    pub model: String,
    pub issued: BeijingHour,
    pub state: ArrivalState,
    pub note: String,
    pub note_en: String,
}

/// The same as the update log tells it.
#[derive(Serialize, ToSchema)]
pub(super) struct GuidanceNews {
    model: String,
    /// Issue time of its newest run.
    #[schema(value_type = String, format = DateTime)]
    issued: BeijingHour,
    /// `present`, `partial`, `late` or `missing`.
    state: &'static str,
    /// Its run is another than at the earlier issue.
    new: bool,
    text: String,
    text_en: String,
}

/// Every model that sent a run in the thirty days before `at`, by name. Runs issued later are not known yet.
pub(crate) async fn guidance_at(state: &AppState, at: BeijingHour) -> Result<Vec<Arrived>, ServerError> {
    let rows = state.store().newest_guidance(at - EXPECTED_DAYS * 24, at).await?;
    let cities: Vec<String> = sites(&own_cities()).iter().map(SiteCode::to_string).collect();
    let told = move || {
        let one = |row: store::GuidanceRow| match Member::from_bytes(&row.body) {
            Ok(member) => arrived(&arrival(&member, at, &cities)),
            Err(error) => {
                tracing::warn!(model = %row.model, run = %row.run, "stored guidance is told as missing: {error}");
                let (note, note_en) = ("资料无法读取".to_string(), "the stored run cannot be read".to_string());
                Arrived { model: row.model, issued: row.run, state: ArrivalState::Missing, note, note_en }
            }
        };
        rows.into_iter().map(one).collect()
    };
    off_the_reactor(told).await
}

fn arrived(arrival: &Arrival) -> Arrived {
    let [note, note_en] = arrival.words(|city| {
        let name = names(Some(city));
        (name.text, name.text_en)
    });
    Arrived { model: arrival.model.clone(), issued: arrival.issued, state: arrival.state, note, note_en }
}

/// The guidance at an issue beside that at the one before it.
pub(super) async fn guidance_news(
    state: &AppState,
    previous: Option<BeijingHour>,
    issue: BeijingHour,
) -> Result<Vec<GuidanceNews>, ServerError> {
    let before = match previous {
        Some(previous) => guidance_at(state, previous).await?,
        None => vec![],
    };
    let known = |one: &Arrived| before.iter().any(|other| other.model == one.model && other.issued == one.issued);
    let news = |one: Arrived| GuidanceNews {
        new: !known(&one),
        model: one.model,
        issued: one.issued,
        state: code(one.state),
        text: one.note,
        text_en: one.note_en,
    };
    Ok(guidance_at(state, issue).await?.into_iter().map(news).collect())
}

fn code(state: ArrivalState) -> &'static str {
    match state {
        ArrivalState::Present => "present",
        ArrivalState::Partial => "partial",
        ArrivalState::Late => "late",
        ArrivalState::Missing => "missing",
    }
}
