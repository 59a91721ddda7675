use crate::auth::Person;
use crate::extract::Body;
use crate::problem::Problem;
use crate::{AppState, ServerError};
use axum::Json;
use axum::extract::State;
use notify::{ChannelKind, Preference, TimeOfDay};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// When and how one wants to be told (通知偏好). The list inside the program is always there.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Begin of the quiet hours, for example `22:00`; the same as the end for none.
    #[schema(value_type = String)]
    quiet_from: TimeOfDay,
    /// End of the quiet hours.
    #[schema(value_type = String)]
    quiet_to: TimeOfDay,
    /// When the digest comes.
    #[schema(value_type = String)]
    digest_at: TimeOfDay,
    /// `email`, `sms`.
    #[schema(value_type = Vec<String>)]
    channels: Vec<ChannelKind>,
}

/// How one is told.
#[utoipa::path(get, path = "/api/v1/session/notices", tag = "notify",
    responses((status = 200, body = Wanted), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn wanted(State(state): State<AppState>, person: Person) -> Result<Json<Wanted>, ServerError> {
    Ok(Json(state.store().notice_preference(person.account()).await?.into()))
}

/// Sets how one wants to be told.
#[utoipa::path(put, path = "/api/v1/session/notices", tag = "notify", request_body = Wanted,
    responses((status = 200, body = Wanted), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn set_wanted(
    State(state): State<AppState>,
    person: Person,
    Body(wanted): Body<Wanted>,
) -> Result<Json<Wanted>, ServerError> {
    if let Some(kind) = wanted.channels.iter().find(|kind| !kind.personal()) {
        return Err(ServerError::BadSetting(format!("a {kind} channel reaches a group, not one person")));
    }
    let preference = Preference {
        quiet_from: wanted.quiet_from,
        quiet_to: wanted.quiet_to,
        digest_at: wanted.digest_at,
        channels: wanted.channels.into_iter().collect(),
    };
    state.store().set_notice_preference(person.account(), &preference).await?;
    Ok(Json(preference.into()))
}

impl From<Preference> for Wanted {
    fn from(preference: Preference) -> Wanted {
        let Preference { quiet_from, quiet_to, digest_at, channels } = preference;
        Wanted { quiet_from, quiet_to, digest_at, channels: channels.into_iter().collect() }
    }
}
