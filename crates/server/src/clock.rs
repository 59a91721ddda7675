use crate::events::News;
use crate::extract::Body;
use crate::forecast::{RunStatus, issue_shown, run_status};
use crate::problem::Problem;
use crate::sight::Sight;
use crate::{AppState, ServerError};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::sync::RwLock;
use store::Store;
use units::{BeijingDay, BeijingHour, Instant};
use utoipa::ToSchema;

const SETTING: &str = "as_of";

/// Whose clock the server follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockMode {
    /// A past moment that people set and step (回放); begins at this hour, or where it was left.
    Replay(BeijingHour),
    /// The wall clock.
    Live,
}

/// The moment shown (时刻). The only place of the program that decides what "now" is.
pub(crate) struct Clock {
    replay: Option<RwLock<BeijingHour>>,
}

impl Clock {
    pub(crate) async fn resume(mode: ClockMode, store: &Store) -> Result<Clock, ServerError> {
        let ClockMode::Replay(start) = mode else { return Ok(Clock { replay: None }) };
        let left_at = store.setting(SETTING).await?.and_then(|text| text.parse().ok());
        Ok(Clock { replay: Some(RwLock::new(left_at.unwrap_or(start))) })
    }

    pub(crate) fn as_of(&self) -> BeijingHour {
        match &self.replay {
            Some(hour) => *hour.read().expect("no one panics while holding the clock"),
            None => Instant::from_utc(chrono::Utc::now()).last_ended_hour(),
        }
    }

    /// The same as a moment, by which work falls due; the wall clock to the second when it is live.
    pub(crate) fn shown(&self) -> Instant {
        if self.replay.is_some() { self.as_of().end() } else { Instant::from_utc(chrono::Utc::now()) }
    }

    /// The day on the wall clock, whatever moment is shown.
    pub(crate) fn today(&self) -> BeijingDay {
        Instant::from_utc(chrono::Utc::now()).last_ended_hour().day()
    }

    /// Kept before it is shown, so that a restart goes on from what people saw.
    async fn set(&self, hour: BeijingHour, store: &Store) -> Result<(), ServerError> {
        let replay = self.replay.as_ref().ok_or(ServerError::ClockIsLive)?;
        store.set_setting(SETTING, &hour.to_string()).await?;
        *replay.write().expect("no one panics while holding the clock") = hour;
        Ok(())
    }
}

/// `{"status":"ok"}`.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    status: &'static str,
}

/// The state of the whole system in one answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct Status {
    version: &'static str,
    demo: bool,
    /// The hour shown.
    #[schema(value_type = String, format = DateTime)]
    as_of: BeijingHour,
    clock: ClockStatus,
    data: DataStatus,
    run: RunStatus,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ClockStatus {
    /// `replay` or `live`.
    mode: &'static str,
    /// First hour that can be shown; `null` without data.
    #[schema(value_type = Option<String>, format = DateTime)]
    min: Option<BeijingHour>,
    /// Last hour that can be shown.
    #[schema(value_type = Option<String>, format = DateTime)]
    max: Option<BeijingHour>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct DataStatus {
    /// Newest observation up to the hour shown.
    #[schema(value_type = Option<String>, format = DateTime)]
    latest_hour: Option<BeijingHour>,
    /// How far it lies behind the hour shown.
    age_minutes: Option<i64>,
}

/// A moment to be shown.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ClockSetting {
    /// A whole hour.
    #[schema(value_type = String, format = DateTime)]
    as_of: BeijingHour,
}

/// Whether the server runs.
#[utoipa::path(get, path = "/healthz", tag = "clock", responses((status = 200, body = Health)))]
pub(crate) async fn healthz() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Version, moment shown, newest data, forecast run.
#[utoipa::path(get, path = "/api/v1/status", tag = "clock",
    responses((status = 200, body = Status), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn status(State(state): State<AppState>) -> Result<Json<Status>, ServerError> {
    Ok(Json(status_of(&state).await?))
}

/// Sets the moment shown. Refuses `A-201` outside the data and `A-202` when the clock is live.
#[utoipa::path(put, path = "/api/v1/clock", tag = "clock", request_body = ClockSetting,
    responses((status = 200, body = Status), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn set_clock(
    State(state): State<AppState>,
    Body(setting): Body<ClockSetting>,
) -> Result<Json<Status>, ServerError> {
    if state.clock().replay.is_none() {
        return Err(ServerError::ClockIsLive);
    }
    let asked = setting.as_of;
    if let Some((min, max)) = Sight::span(&state).await?.filter(|(min, max)| asked < *min || asked > *max) {
        return Err(ServerError::ClockOutOfRange { asked, min, max });
    }
    state.clock().set(asked, state.store()).await?;
    state.newsroom().tell(News::Clock { as_of: asked });
    state.runs().forgive(issue_shown(asked));
    tracing::info!(as_of = %asked, "the replay clock was set");
    Ok(Json(status_of(&state).await?))
}

async fn status_of(state: &AppState) -> Result<Status, ServerError> {
    let sight = Sight::now(state);
    let span = Sight::span(state).await?;
    let latest_hour = sight.latest_hour().await?;
    Ok(Status {
        version: env!("CARGO_PKG_VERSION"),
        demo: state.options().demo,
        as_of: sight.as_of(),
        clock: ClockStatus {
            mode: if state.clock().replay.is_some() { "replay" } else { "live" },
            min: span.map(|(min, _)| min),
            max: span.map(|(_, max)| max),
        },
        data: DataStatus { latest_hour, age_minutes: latest_hour.map(|hour| (sight.as_of() - hour) * 60) },
        run: run_status(state, sight.as_of()).await?,
    })
}
