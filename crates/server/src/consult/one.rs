//! A single room, as far as the person sees it, and what the person may do.

use super::call::{BidView, PrefilledView};
use super::subject::{BidsSeen, Subject};
use super::view::{
    GuestLine, Inside, MaterialView, RemarkLine, RoomDetail, VersionLine, WeightLine, conclusion, signed,
};
use super::weights::weighted;
use crate::action::ActionLine;
use crate::auth::{Person, Version};
use crate::extract::Path;
use crate::people::{Names, Unnamed};
use crate::problem::Problem;
use crate::stamp::Stamp;
use crate::{AppState, ServerError};
use ::consult::{
    BidSight, Entered, GuestLink, Material, Participant, Room, RoomEvent, RoomState, Step, Weighted, prefill,
};
use axum::Json;
use axum::extract::State;
use event::{Aggregate, Record};
use store::EventFilter;
use units::{AccountId, Instant};

/// Records of a room's history read; more than the limits of remarks and guests together would make.
const HISTORY: u32 = 3000;

/// One consultation. One outside the scope is answered like one that does not exist.
#[utoipa::path(get, path = "/api/v1/consultations/{id}", tag = "consult", params(("id" = String, Path)),
    responses((status = 200, body = RoomDetail), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn consultation(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<String>,
) -> Result<(Version, Json<RoomDetail>), ServerError> {
    told(&state, &person, &id).await
}

/// The room as it is now, for whoever has just changed it too.
pub(super) async fn told(
    state: &AppState,
    person: &Person,
    id: &str,
) -> Result<(Version, Json<RoomDetail>), ServerError> {
    let subject = Subject::seen(state, person, id).await?;
    let seen = subject.bids(state, person).await?;
    let remarks = if subject.insider { remarks(state, &subject.room).await? } else { Vec::new() };
    let versions = state.store().official_versions(&subject.room.id).await?;
    let names = names(&subject.room, &seen.bids, &remarks).read(state).await?;
    let actions = if subject.insider {
        ::consult::actions(&subject.room, person.authority(), &subject.item())
    } else {
        Vec::new()
    };
    let concludes = subject.permit(person, Step::Conclude).is_ok();
    let demo = state.options().demo;
    let room = &subject.room;
    let inside =
        if subject.insider { Some(inside(state, room, seen, remarks, &names, concludes).await?) } else { None };
    let body = RoomDetail {
        stamp: stamp(&room.material, demo),
        id: room.id.to_string(),
        code: room.code.clone(),
        kind: room.kind.as_str(),
        state: if subject.insider { room.state } else { outside_state(room) }.as_str(),
        owner: names.organisation(&room.owner),
        issue_time: room.issue(),
        opened_at: room.opened_at,
        version: subject.version,
        inside: subject.insider,
        room: inside,
        official: room.official.as_ref().map(|official| signed(official, room, &names, subject.insider)),
        versions: versions.into_iter().map(VersionLine::from).collect(),
        superseded_by: room.superseded_by.as_ref().map(ToString::to_string),
        actions: actions.into_iter().map(ActionLine::from).collect(),
    };
    Ok((Version(subject.version), Json(body)))
}

/// Seen from outside a room whose correction waits is what it was: signed.
pub(super) fn outside_state(room: &Room) -> RoomState {
    if room.state == RoomState::Concluded { RoomState::Signed } else { room.state }
}

/// What the figures of a room rest on.
pub(super) fn stamp(material: &Material, demo: bool) -> Stamp {
    Stamp {
        data_time: material.data_time,
        review_state: "record",
        ..Stamp::forecast(material.issue, &material.standard, demo)
    }
}

async fn inside(
    state: &AppState,
    room: &Room,
    seen: BidsSeen,
    remarks: Vec<Remark>,
    names: &Names,
    concludes: bool,
) -> Result<Inside, ServerError> {
    let material = &room.material;
    let bid = |bid: &Entered| BidView::of(bid, participant(room, &bid.participant, names), material);
    let bids = seen.bids.iter().map(bid).collect();
    let own_bid = seen.own.as_ref().map(bid);
    let all = seen.sight == BidSight::All;
    let open = room.state == RoomState::Open || room.state == RoomState::Concluded;
    let weighted = if all && open { Some(weighted(state, room, seen.bids).await?) } else { None };
    let given = |bids: &Vec<Weighted>| prefill(material, bids).iter().map(PrefilledView::from).collect();
    let prefilled = weighted.as_ref().filter(|_| concludes).map(given);
    let weight = |one: Weighted| {
        WeightLine::new(participant(room, &one.bid.participant, names), one.bid.number, one.weight, one.past)
    };
    Ok(Inside {
        opening: room.opening.zh.clone(),
        opening_en: room.opening.en.clone(),
        opened_by: names.account(&room.opened_by),
        invited: room.invited.iter().map(|id| names.account(id)).collect(),
        bids_until: room.bids_until,
        hide_bids: room.hide_bids,
        material: MaterialView::from(material),
        bid_count: seen.count,
        bids_hidden: !all,
        bids,
        own_bid,
        prefilled,
        weights: weighted.map(|all| all.into_iter().map(weight).collect()),
        remarks: remarks.into_iter().map(|one| one.told(room, names)).collect(),
        pending: room.pending.as_ref().map(|pending| conclusion(pending, room, names, true)),
        guests: room.guests.iter().map(GuestLine::from).collect(),
    })
}

/// A remark as it stands in the log.
pub(super) struct Remark {
    by: Participant,
    text: String,
    at: Instant,
}

impl Remark {
    pub(super) fn by(&self) -> &Participant {
        &self.by
    }

    pub(super) fn told(self, room: &Room, names: &Names) -> RemarkLine {
        RemarkLine { participant: participant(room, &self.by, names), text: self.text, at: self.at }
    }
}

/// The remarks of a room, oldest first.
pub(super) async fn remarks(state: &AppState, room: &Room) -> Result<Vec<Remark>, ServerError> {
    let filter = EventFilter {
        kind: Some(Room::KIND.into()),
        id: Some(room.id.to_string()),
        limit: HISTORY,
        ..EventFilter::default()
    };
    let stored = state.store().events(&filter).await?;
    let mut found = Vec::new();
    for one in &stored {
        let record: Record = one.record().map_err(|error| ServerError::Broken(error.to_string()))?;
        let event: Result<RoomEvent, _> = serde_json::from_value(record.body);
        if let RoomEvent::Remarked { text, by } = event.map_err(|error| ServerError::Broken(error.to_string()))? {
            found.push(Remark { by, text, at: record.shown });
        }
    }
    Ok(found)
}

/// How a participant is called.
pub(super) fn participant(room: &Room, who: &Participant, names: &Names) -> String {
    match who {
        Participant::Account(id) => names.account(id).name,
        Participant::Guest(id) => room.guest(id).map_or_else(|| id.clone(), GuestLink::label),
    }
}

pub(super) fn names(room: &Room, bids: &[Entered], remarks: &[Remark]) -> Unnamed {
    let participants = bids.iter().map(|bid| &bid.participant).chain(remarks.iter().map(Remark::by));
    let participants = participants.filter_map(|who| match who {
        Participant::Account(id) => Some(id),
        Participant::Guest(_) => None,
    });
    let concluded = room.conclusion().into_iter().map(|one| &one.by);
    let signed = room.official.iter().flat_map(|one| [&one.signed_by, &one.conclusion.by]);
    let accounts: Vec<&AccountId> =
        participants.chain(concluded).chain(signed).chain(&room.invited).chain([&room.opened_by]).collect();
    Names::of([&room.owner], accounts)
}
