//! A consultation as the predicate sees it, and what may be seen of its bids.

use crate::auth::Person;
use crate::{AppState, ServerError};
use ::consult::{BidSight, Entered, Participant, Room, Step, Viewer, bid_sight, insider, permit};
use org::{Item, OrgPath, Right};

/// A consultation that somebody sees (所见会商).
pub(super) struct Subject {
    pub room: Room,
    pub version: u64,
    /// Whether it is seen from inside; from outside only the signed conclusion is.
    pub insider: bool,
    path: OrgPath,
}

/// The bids of a room, as far as somebody sees them.
pub(super) struct BidsSeen {
    /// What is seen.
    pub sight: BidSight,
    /// How many there are, where that may be known.
    pub count: Option<usize>,
    /// Those that are seen; one's own always.
    pub bids: Vec<Entered>,
    /// One's own.
    pub own: Option<Entered>,
}

impl Subject {
    /// The consultation, when it lies in the person's scope; else the same answer as for an id that nobody has.
    pub(super) async fn seen(state: &AppState, person: &Person, id: &str) -> Result<Subject, ServerError> {
        person.need(Right::ConsultRead)?;
        let nothing = || ServerError::NotFound(format!("/api/v1/consultations/{id}"));
        let row = state.store().consultation(&person.scope(Right::ConsultRead), id).await?.ok_or_else(nothing)?;
        let (room, version) = state.store().load::<Room>(id).await?.ok_or_else(nothing)?;
        let subject = Subject { room, version, insider: false, path: row.owner_path };
        let insider = insider(person.authority(), &subject.item());
        Ok(Subject { insider, ..subject })
    }

    pub(super) fn item(&self) -> Item<'_> {
        Item {
            owner_path: &self.path,
            owner: &self.room.owner,
            assigned: &self.room.told,
            account: Some(&self.room.opened_by),
            kind: self.room.kind.as_str(),
            secrecy: Room::SECRECY,
        }
    }

    /// Refuses a step that this person may not take; whoever sees the room from outside may take none.
    pub(super) fn permit(&self, person: &Person, step: Step) -> Result<(), ServerError> {
        person.need(step.right())?;
        permit(step, person.authority(), &self.item()).map_err(|refusal| ServerError::Forbidden(refusal.to_string()))
    }

    /// The bids as this person sees them. Every answer that tells of bids asks here.
    pub(super) async fn bids(&self, state: &AppState, person: &Person) -> Result<BidsSeen, ServerError> {
        let all = state.store().consultation_bids(&self.room.id).await?;
        let participant = Participant::Account(person.account().clone());
        let chair = person.may(Right::ConsultChair) && self.permit(person, Step::Conclude).is_ok();
        let entered: Vec<Participant> = all.iter().map(|bid| bid.participant.clone()).collect();
        let viewer = Viewer { participant: &participant, insider: self.insider, chair };
        let sight = bid_sight(&self.room, &viewer, &entered, state.shown());
        let own = all.iter().find(|bid| bid.participant == participant).cloned();
        let count = (sight != BidSight::Own).then_some(all.len());
        let bids = if sight == BidSight::All { all } else { own.iter().cloned().collect() };
        Ok(BidsSeen { sight, count, bids, own })
    }
}
