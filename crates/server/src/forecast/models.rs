//! The model register (模型登记): what each stored model was trained on, and its skill on days it had not seen.

use super::days::first_hour;
use super::history::off_the_reactor;
use super::skill::{RecentSkill, skills};
use super::{Found, Kept, issue_shown, run_shown};
use crate::figure::Figure;
use crate::problem::Problem;
use crate::sight::Sight;
use crate::{AppState, ServerError};
use ::forecast::verification::{Estimate, Item};
use ::forecast::{LeadScore, Model, PairCalibration};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use units::{BeijingDay, BeijingHour, Pollutant};
use utoipa::ToSchema;

/// Models told, the one trained furthest first.
const MOST: usize = 60;
/// Days of the recent skill.
const RECENT_DAYS: u16 = 30;

/// The register by the model in use: dozens of models are read for it.
pub(crate) type ModelBook = Kept<Option<String>, Models>;

/// All models that had been trained by the moment shown.
#[derive(Serialize, ToSchema)]
pub(crate) struct Models {
    items: Vec<ModelItem>,
    /// Of the last thirty days that are over, from the daily runs.
    recent: RecentSkill,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ModelItem {
    id: String,
    /// Hour of the day at which it issues.
    issue_label: u8,
    #[schema(value_type = String, format = DateTime)]
    trained_from: BeijingHour,
    /// It has seen nothing of this hour or later.
    #[schema(value_type = String, format = DateTime)]
    trained_until: BeijingHour,
    /// Issue days it was trained on.
    issue_days: usize,
    /// Codes of the cities that are forecast.
    cities: Vec<String>,
    pollutants: Vec<&'static str>,
    /// Groups of predictors of each pollutant.
    features: Vec<Feature>,
    /// Days within the training span without any observation.
    holes: Vec<Hole>,
    /// How calibrating the probability of two heavy days in a row did on days it had not seen.
    pair_calibration: Vec<Calibrated>,
    scores: Vec<Score>,
    /// Whether the run shown was made by it.
    in_use: bool,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Feature {
    name: String,
    size: usize,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Hole {
    #[schema(value_type = String, format = Date)]
    from: BeijingDay,
    #[schema(value_type = String, format = Date)]
    to: BeijingDay,
}

/// Skill on days held out of training. µg/m³, CO mg/m³, unless a share.
#[derive(Serialize, ToSchema)]
pub(crate) struct Score {
    pollutant: &'static str,
    lead_day: u8,
    /// `winter`, `warm` or `year`.
    season: &'static str,
    cases: usize,
    crps: Option<Figure>,
    crps_persistence: Option<Figure>,
    crps_climatology: Option<Figure>,
    skill_climatology: Bounded,
    mae: Option<Figure>,
    coverage50: Option<Figure>,
    coverage90: Option<Figure>,
}

/// The calibration of two heavy days in a row, tried on blocks of days it had not seen.
#[derive(Serialize, ToSchema)]
pub(crate) struct Calibrated {
    /// `first`: the pair that begins tomorrow; `later`: all others.
    pair: &'static str,
    cases: usize,
    /// Brier score of the share of past errors.
    brier: Option<Figure>,
    /// Brier score of the calibrated share.
    brier_calibrated: Option<Figure>,
    /// Only a calibration that was better there is used.
    used: bool,
}

/// A skill with 95 % bounds from resampled weeks.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Bounded {
    pub value: Option<Figure>,
    pub low: Option<Figure>,
    pub high: Option<Figure>,
    weeks: usize,
}

impl From<Estimate> for Bounded {
    fn from(estimate: Estimate) -> Bounded {
        let [value, low, high] = [estimate.value, estimate.low, estimate.high].map(|v| Figure::rounded(v, 3));
        Bounded { value, low, high, weeks: estimate.weeks }
    }
}

/// The models with their scores, and how well the runs of the last thirty days did.
#[utoipa::path(get, path = "/api/v1/forecasts/models", tag = "forecast",
    responses((status = 200, body = Models), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn models(State(state): State<AppState>) -> Result<Response, ServerError> {
    let in_use = match run_shown(&state, state.as_of()).await? {
        Found::Ready(issued) => Some(issued.run.model_id.clone()),
        Found::Pending | Found::Failed(_) => None,
    };
    let models = state.models().or(&state, in_use.clone(), told(&state, in_use)).await?;
    Ok(Json(&*models).into_response())
}

async fn told(state: &AppState, in_use: Option<String>) -> Result<Models, ServerError> {
    let sight = Sight::now(state);
    let bound = first_hour(issue_shown(sight.as_of()).day() + 1);
    let known = state.store().models().await?.into_iter().filter(|model| model.trained_until <= bound);
    let mut items = vec![];
    for summary in known.take(MOST) {
        let Some(row) = state.store().model(&summary.id).await? else { continue };
        match off_the_reactor(move || Model::from_bytes(&row.body)).await? {
            Ok(model) => items.push(item(&model, in_use.as_deref())),
            Err(error) => tracing::warn!(model = %summary.id, "a stored model is not told: {error}"),
        }
    }
    Ok(Models { items, recent: skills(state, sight.last_whole_day(), RECENT_DAYS).await? })
}

fn item(model: &Model, in_use: Option<&str>) -> ModelItem {
    let forecast = |pollutant: &Pollutant| !model.not_forecast.contains(pollutant);
    ModelItem {
        id: model.id.clone(),
        issue_label: model.issue_label,
        trained_from: model.trained_from,
        trained_until: model.trained_until,
        issue_days: model.issue_days,
        cities: model.cities.clone(),
        pollutants: Pollutant::ALL.into_iter().filter(forecast).map(|p| Item::Pollutant(p).code()).collect(),
        features: model.features.iter().map(|(name, size)| Feature { name: name.clone(), size: *size }).collect(),
        holes: model.holes.iter().map(|span| Hole { from: span.from, to: span.to }).collect(),
        pair_calibration: ["first", "later"].into_iter().zip(model.pair_calibration()).map(calibrated).collect(),
        scores: model.scores.iter().map(score).collect(),
        in_use: in_use == Some(model.id.as_str()),
    }
}

fn calibrated((pair, tried): (&'static str, PairCalibration)) -> Calibrated {
    let fine = |value| Figure::rounded(value, 4);
    let (brier, brier_calibrated) = (fine(tried.brier_share), fine(tried.brier_map));
    Calibrated { pair, cases: tried.cases, brier, brier_calibrated, used: tried.used() }
}

fn score(score: &LeadScore) -> Score {
    let amount = |value| Figure::rounded(value, if score.pollutant == Pollutant::Co { 3 } else { 2 });
    Score {
        pollutant: Item::Pollutant(score.pollutant).code(),
        lead_day: score.lead_day,
        season: score.season.code(),
        cases: score.cases,
        crps: amount(score.crps),
        crps_persistence: amount(score.crps_persistence),
        crps_climatology: amount(score.crps_climatology),
        skill_climatology: score.skill_climatology.into(),
        mae: amount(score.mae),
        coverage50: Figure::rounded(score.coverage50, 3),
        coverage90: Figure::rounded(score.coverage90, 3),
    }
}
