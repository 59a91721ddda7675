//! Links for guests of a joint room, made and taken back by the chair.

use super::one::told;
use super::subject::Subject;
use super::view::RoomDetail;
use crate::auth::{Key, Person, Version, now, secret};
use crate::extract::{Body, Path};
use crate::problem::Problem;
use crate::{AppState, ServerError, made};
use ::consult::{GuestLink, Room, RoomCommand, Step};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use store::Order;
use units::Instant;
use utoipa::ToSchema;

/// A guest to be invited.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewGuest {
    name: String,
    /// Where the guest comes from.
    organisation: String,
    /// The link ends after so many hours, at most 336.
    hours: u32,
}

/// A link that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct GuestMade {
    id: String,
    #[schema(value_type = String, format = DateTime)]
    expires: Instant,
    /// The page with the secret behind `#`, which no server's log sees. Told once; `null` when the command is repeated.
    link: Option<String>,
}

/// Makes a link for a guest. Only a digest of its secret is kept.
#[utoipa::path(post, operation_id = "invite_guest", path = "/api/v1/consultations/{id}/guests", tag = "consult",
    request_body = NewGuest,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 201, body = GuestMade), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn invite(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    key: Key,
    Version(version): Version,
    Body(new): Body<NewGuest>,
) -> Result<(StatusCode, Json<GuestMade>), ServerError> {
    let subject = Subject::seen(&state, &person, &id).await?;
    subject.permit(&person, Step::Guests)?;
    let (value, wall) = (secret::unguessable(), now());
    let guest = made::id_of("consultation_guest", &person, &key);
    let link = GuestLink {
        id: guest.clone(),
        name: new.name,
        organisation: new.organisation,
        hash: secret::digest(&value),
        expires: Instant::from_utc(wall.to_utc() + TimeDelta::hours(i64::from(new.hours))),
        invited_by: person.account().clone(),
        revoked: false,
    };
    let hash = link.hash.clone();
    let command = RoomCommand::InviteGuest { guest: guest.clone(), link: Some(Box::new(link)), wall: Some(wall) };
    let order = person.order::<Room>(&state, &id, command);
    let done = state.execute(Order { expected: Some(version), key: Some(key.as_str()), ..order }).await?;
    let kept = done.state.guest(&guest);
    let kept = kept.ok_or_else(|| ServerError::Broken(format!("the guest {guest} is not in the room {id}")))?;
    let link = (kept.hash == hash).then(|| format!("/guest#{value}"));
    Ok((StatusCode::CREATED, Json(GuestMade { id: guest, expires: kept.expires, link })))
}

/// Takes a guest's link back; what the guest entered stays.
#[utoipa::path(post, operation_id = "revoke_guest", path = "/api/v1/consultations/{id}/guests/{guest}/revoke", tag = "consult",
    params(("id" = String, Path), ("guest" = String, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = RoomDetail), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn revoke(
    State(state): State<AppState>,
    person: Person,
    Path((id, guest)): Path<(String, String)>,
    key: Key,
    Version(version): Version,
) -> Result<(Version, Json<RoomDetail>), ServerError> {
    let subject = Subject::seen(&state, &person, &id).await?;
    subject.permit(&person, Step::Guests)?;
    let order = person.order::<Room>(&state, &id, RoomCommand::RevokeGuest { guest });
    state.execute(Order { expected: Some(version), key: Some(key.as_str()), ..order }).await?;
    told(&state, &person, &id).await
}
