//! What a guest with a link may do: look at the material of the one room, enter a bid, and say something.

use super::bid::{BidBody, command};
use super::call::BidView;
use super::one::{names, remarks, stamp};
use super::view::{MaterialView, RemarkLine};
use crate::auth::{Caller, Key, Version, now, secret};
use crate::extract::Body;
use crate::problem::Problem;
use crate::stamp::Stamp;
use crate::{AppState, ServerError};
use ::consult::{Bid, ConsultError, Entered, GuestLink, Participant, Room, RoomCommand};
use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use event::Actor;
use serde::{Deserialize, Serialize};
use store::{Order, Projected};
use units::{BeijingHour, Instant};
use utoipa::ToSchema;

const HEADER: &str = "x-guest-link";
/// Longer than any secret that was made here.
const LONGEST: usize = 100;

/// Whoever holds a link that opens (来宾). Each request is checked anew: a link that was taken back ends at once.
pub(super) struct Guest {
    room: Room,
    link: GuestLink,
    caller: Caller,
}

/// A room as its guest sees it.
#[derive(Serialize, ToSchema)]
pub(super) struct GuestRoom {
    stamp: Stamp,
    code: String,
    #[schema(schema_with = super::words::kind)]
    kind: &'static str,
    #[schema(schema_with = super::words::state)]
    state: &'static str,
    /// How the guest is called in the room.
    guest: String,
    #[schema(value_type = String, format = DateTime)]
    expires: Instant,
    #[schema(value_type = String, format = DateTime)]
    issue_time: BeijingHour,
    #[schema(value_type = String, format = DateTime)]
    bids_until: Instant,
    material: MaterialView,
    /// The guest's own bid; its number is what `If-Match` of the next one says.
    own_bid: Option<BidView>,
    /// The guest's own remarks.
    remarks: Vec<RemarkLine>,
}

/// What a guest says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GuestRemark {
    text: String,
}

/// The room of a guest, by the header `X-Guest-Link`. A link that is wrong, has ended or was taken back is `C-301`.
#[utoipa::path(get, operation_id = "guest_room", path = "/api/v1/guest/consultation", tag = "consult",
    params(("X-Guest-Link" = String, Header)),
    responses((status = 200, body = GuestRoom), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn room(State(state): State<AppState>, guest: Guest) -> Result<Json<GuestRoom>, ServerError> {
    tracing::info!(consultation = %guest.room.id, guest = guest.link.id, "a guest looked into a consultation");
    guest.told(&state).await
}

/// Enters the guest's bid. `If-Match` is the number of the bid so far, `"0"` for the first.
#[utoipa::path(post, operation_id = "guest_bid", path = "/api/v1/guest/consultation/bid", tag = "consult",
    request_body = BidBody,
    params(("X-Guest-Link" = String, Header), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = GuestRoom), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn bid(
    State(state): State<AppState>,
    guest: Guest,
    key: Key,
    Version(number): Version,
    Body(body): Body<BidBody>,
) -> Result<Json<GuestRoom>, ServerError> {
    guest.take_try(&state)?;
    let participant = guest.participant();
    let stream = Bid::id(&guest.room.id, &participant);
    let command = command(&guest.room, participant, guest.link.label(), body);
    guest.execute::<Bid>(&state, &stream, command, Some(number), &key).await?;
    guest.told(&state).await
}

/// Says something in the room.
#[utoipa::path(post, operation_id = "guest_remark", path = "/api/v1/guest/consultation/remark", tag = "consult",
    request_body = GuestRemark, params(("X-Guest-Link" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = GuestRoom), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn remark(
    State(state): State<AppState>,
    guest: Guest,
    key: Key,
    Body(body): Body<GuestRemark>,
) -> Result<Json<GuestRoom>, ServerError> {
    guest.take_try(&state)?;
    let id = guest.room.id.to_string();
    let command = RoomCommand::Remark { text: body.text, by: guest.participant() };
    guest.execute::<Room>(&state, &id, command, None, &key).await?;
    guest.told(&state).await
}

impl Guest {
    fn participant(&self) -> Participant {
        Participant::Guest(self.link.id.clone())
    }

    fn take_try(&self, state: &AppState) -> Result<(), ServerError> {
        state.gatehouse().take_try(&self.caller.address, &format!("guest:{}", self.link.id))
    }

    async fn execute<A: Projected>(
        &self,
        state: &AppState,
        id: &str,
        command: A::Command,
        expected: Option<u64>,
        key: &Key,
    ) -> Result<(), ServerError> {
        let account = format!("guest-{}", self.link.id);
        let account = account.parse().map_err(|_| ServerError::Broken(format!("not an id: {account}")))?;
        let by = Actor {
            account,
            organisation: self.room.owner.clone(),
            on_behalf_of: None,
            origin: format!("guest {}", self.caller.address),
        };
        let (at, shown) = (now(), state.shown());
        let order = Order::<A> { id, expected, command, by: &by, at, shown, key: Some(key.as_str()), reason: None };
        state.execute(order).await.map(drop)
    }

    /// The room as it is now. Of bids and remarks the guest's own alone.
    async fn told(&self, state: &AppState) -> Result<Json<GuestRoom>, ServerError> {
        let gone = || ServerError::Broken(format!("the consultation {} is gone", self.room.id));
        let (room, _) = state.store().load::<Room>(self.room.id.as_str()).await?.ok_or_else(gone)?;
        let own = self.participant();
        let bids = state.store().consultation_bids(&room.id).await?;
        let bid: Vec<Entered> = bids.into_iter().filter(|bid| bid.participant == own).collect();
        let mut said = remarks(state, &room).await?;
        said.retain(|remark| *remark.by() == own);
        let names = names(&room, &bid, &said).read(state).await?;
        let view = |bid: &Entered| BidView::of(bid, self.link.label(), &room.material);
        Ok(Json(GuestRoom {
            stamp: stamp(&room.material, state.options().demo),
            code: room.code.clone(),
            kind: room.kind.as_str(),
            state: room.state.as_str(),
            guest: self.link.label(),
            expires: self.link.expires,
            issue_time: room.issue(),
            bids_until: room.bids_until,
            material: MaterialView::from(&room.material),
            own_bid: bid.first().map(view),
            remarks: said.into_iter().map(|remark| remark.told(&room, &names)).collect(),
        }))
    }
}

/// The holder of the link that the header names; refuses `C-301` in the same words whatever is wrong with it, and
/// `A-305` whoever tries too often.
impl FromRequestParts<AppState> for Guest {
    type Rejection = ServerError;
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Guest, ServerError> {
        let caller = Caller::from_request_parts(parts, state).await?;
        state.gatehouse().take_address(&caller.address)?;
        let value = parts.headers.get(HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let refused = || ServerError::GuestRefused(ConsultError::LinkRefused.to_string());
        if value.is_empty() || value.len() > LONGEST {
            return Err(refused());
        }
        let found = state.store().consultation_guest(&secret::digest(value)).await?;
        let (id, guest) = found.ok_or_else(refused)?;
        let (room, _) = state.store().load::<Room>(id.as_str()).await?.ok_or_else(refused)?;
        let link = room.guest(&guest).filter(|link| link.opens(now())).cloned().ok_or_else(refused)?;
        Ok(Guest { room, link, caller })
    }
}
