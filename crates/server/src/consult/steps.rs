//! What people do in a room beside entering bids.

use super::call::CallBody;
use super::one::told;
use super::people::{bureaus, who_may};
use super::subject::Subject;
use super::view::RoomDetail;
use super::weights::weighted;
use crate::auth::{Key, Person, Version};
use crate::extract::{Body, Path};
use crate::problem::Problem;
use crate::{AppState, ServerError};
use ::consult::{BidSight, DayCall, Participant, Room, RoomCommand, Step};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use store::Order;
use units::AccountId;
use utoipa::ToSchema;

/// What a step says; each step takes the fields that belong to it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ConsultationStep {
    /// `remark`, `cancel`: what is said; `conclude`, `correct`: the opinion as a whole.
    text: String,
    /// `conclude`, `correct`: by city and day, all of them.
    days: Vec<CallBody>,
    /// `correct`: why. Of other steps kept in the event log.
    reason: Option<String>,
}

/// Takes a step: `remark`, `conclude`, `sign`, `correct`, `cancel`. Which ones are possible stands in the room's
/// `actions`. A remark is only added and needs no `If-Match`; all others do.
#[utoipa::path(post, operation_id = "consultation_step", path = "/api/v1/consultations/{id}/{step}", tag = "consult",
    request_body = ConsultationStep,
    params(("id" = String, Path), ("step" = String, Path), ("Idempotency-Key" = String, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = RoomDetail), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn step(
    State(state): State<AppState>,
    person: Person,
    Path((id, step)): Path<(String, String)>,
    key: Key,
    version: Result<Version, ServerError>,
    Body(body): Body<ConsultationStep>,
) -> Result<(Version, Json<RoomDetail>), ServerError> {
    let known = [Step::Remark, Step::Conclude, Step::Sign, Step::Correct, Step::Cancel];
    let step = known.into_iter().find(|known| known.as_str() == step);
    let step = step.ok_or_else(|| ServerError::NotFound(format!("/api/v1/consultations/{id}")))?;
    let subject = Subject::seen(&state, &person, &id).await?;
    subject.permit(&person, step)?;
    let expected = if step == Step::Remark { None } else { Some(version?.0) };
    let reason = body.reason.clone();
    let command = body.command(step, &state, &person, &subject).await?;
    let order = person.order::<Room>(&state, &id, command);
    state.execute(Order { expected, key: Some(key.as_str()), reason: reason.as_deref(), ..order }).await?;
    told(&state, &person, &id).await
}

impl ConsultationStep {
    async fn command(
        self,
        step: Step,
        state: &AppState,
        person: &Person,
        subject: &Subject,
    ) -> Result<RoomCommand, ServerError> {
        let days: Vec<DayCall> = self.days.into_iter().map(DayCall::from).collect();
        let text = self.text;
        Ok(match step {
            Step::Conclude => {
                let seen = subject.bids(state, person).await?;
                let hidden = seen.sight != BidSight::All;
                let signers = signers(state, &subject.room).await?;
                let bids = weighted(state, &subject.room, seen.bids).await?;
                RoomCommand::Conclude { days, text, bids, hidden, signers }
            }
            Step::Correct => {
                let reason = self.reason.unwrap_or_default();
                RoomCommand::Correct { days, text, reason, signers: signers(state, &subject.room).await? }
            }
            Step::Sign => RoomCommand::Sign { told: bureaus(state, &subject.room.material).await? },
            Step::Cancel => RoomCommand::Cancel { text },
            Step::Bid | Step::Remark | Step::Guests => {
                RoomCommand::Remark { text, by: Participant::Account(person.account().clone()) }
            }
        })
    }
}

async fn signers(state: &AppState, room: &Room) -> Result<Vec<AccountId>, ServerError> {
    let Some(place) = state.store().org_place(&room.owner).await? else { return Ok(Vec::new()) };
    who_may(state, Step::Sign, &room.owner, &place.path).await
}
