//! A bid of somebody with an account.

use super::call::CallBody;
use super::one::told;
use super::subject::Subject;
use super::view::RoomDetail;
use crate::auth::{Key, Person, Version};
use crate::extract::{Body, Path};
use crate::problem::Problem;
use crate::{AppState, ServerError};
use ::consult::{Bid, BidCommand, DayCall, Participant, RoomStanding, Step};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use store::Order;
use utoipa::ToSchema;

/// A bid: all that the participant says, in place of what was said before.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BidBody {
    pub days: Vec<CallBody>,
}

/// Enters the own bid, or a new version of it. `If-Match` is the number of the own bid so far, `"0"` for the first.
#[utoipa::path(post, operation_id = "enter_bid", path = "/api/v1/consultations/{id}/bid", tag = "consult",
    request_body = BidBody,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = RoomDetail), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn bid(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    key: Key,
    Version(number): Version,
    Body(body): Body<BidBody>,
) -> Result<(Version, Json<RoomDetail>), ServerError> {
    let subject = Subject::seen(&state, &person, &id).await?;
    subject.permit(&person, Step::Bid)?;
    let participant = Participant::Account(person.account().clone());
    let stream = Bid::id(&subject.room.id, &participant);
    let command = command(&subject.room, participant, String::new(), body);
    let order = person.order::<Bid>(&state, &stream, command);
    state.execute(Order { expected: Some(number), key: Some(key.as_str()), ..order }).await?;
    told(&state, &person, &id).await
}

/// The command for a room as it stands.
pub(super) fn command(room: &::consult::Room, participant: Participant, label: String, body: BidBody) -> BidCommand {
    BidCommand::Enter {
        room: room.id.clone(),
        participant,
        label,
        days: body.days.into_iter().map(DayCall::from).collect(),
        standing: Some(Box::new(RoomStanding { state: room.state, material: room.material.clone() })),
    }
}
