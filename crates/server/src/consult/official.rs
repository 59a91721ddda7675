//! The official forecast of a day, and what was official before it.

use super::call::CallView;
use crate::auth::Person;
use crate::extract::Query;
use crate::people::{Named, Names};
use crate::problem::Problem;
use crate::stamp::Stamp;
use crate::{AppState, ServerError};
use ::consult::Room;
use axum::Json;
use axum::extract::State;
use org::Right;
use serde::{Deserialize, Serialize};
use units::{BeijingDay, BeijingHour, Instant};
use utoipa::{IntoParams, ToSchema};

/// Of which day.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfDay {
    /// The day of the issue time of the run; that of the run shown when left out.
    #[param(value_type = Option<String>, format = Date)]
    date: Option<BeijingDay>,
}

/// Signed conclusions about the runs of one day.
#[derive(Serialize, ToSchema)]
pub(super) struct OfficialForecasts {
    #[schema(value_type = String, format = Date)]
    date: BeijingDay,
    /// The latest signed first; at most one of a house is `official`.
    items: Vec<OfficialForecast>,
}

/// A signed conclusion (正式预报).
#[derive(Serialize, ToSchema)]
pub(super) struct OfficialForecast {
    stamp: Stamp,
    consultation: String,
    code: String,
    owner: Named,
    /// Version of the conclusion.
    number: u32,
    /// `official` or `superseded`.
    state: String,
    #[schema(value_type = String, format = DateTime)]
    issue_time: BeijingHour,
    #[schema(value_type = String, format = DateTime)]
    signed_at: Instant,
    signed_by: Named,
    /// Why it was corrected; empty in the first version.
    correction: String,
    text: String,
    publication: String,
    publication_en: String,
    days: Vec<CallView>,
}

/// Signed conclusions in scope, superseded ones included.
#[utoipa::path(get, operation_id = "official_forecasts", path = "/api/v1/official-forecasts", tag = "consult", params(OfDay),
    responses((status = 200, body = OfficialForecasts), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn official(
    State(state): State<AppState>,
    person: Person,
    Query(of): Query<OfDay>,
) -> Result<Json<OfficialForecasts>, ServerError> {
    person.need(Right::ConsultRead)?;
    let date = of.date.unwrap_or_else(|| super::material::issue(&state).day());
    let rows = state.store().official_forecasts(&person.scope(Right::ConsultRead), date).await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let gone = || ServerError::Broken(format!("the consultation {} is gone", row.room));
        let (room, _) = state.store().load::<Room>(row.room.as_str()).await?.ok_or_else(gone)?;
        let names = Names::of([&room.owner], [&row.official.signed_by]).read(&state).await?;
        let conclusion = row.official.conclusion;
        items.push(OfficialForecast {
            stamp: super::one::stamp(&room.material, state.options().demo),
            consultation: room.id.to_string(),
            code: room.code.clone(),
            owner: names.organisation(&room.owner),
            number: row.number,
            state: row.state,
            issue_time: room.issue(),
            signed_at: row.signed_at,
            signed_by: names.account(&row.official.signed_by),
            correction: conclusion.correction,
            text: conclusion.text,
            publication: conclusion.publication.zh,
            publication_en: conclusion.publication.en,
            days: conclusion.days.iter().map(|day| CallView::of(&day.call, &room.material)).collect(),
        });
    }
    Ok(Json(OfficialForecasts { date, items }))
}
