use crate::{Participant, Room, RoomState};
use units::Instant;

/// What somebody sees of the bids of a room (意见可见范围).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BidSight {
    /// All of them.
    All,
    /// One's own, and how many there are.
    Counts,
    /// One's own.
    Own,
}

/// Who looks.
#[derive(Clone, Copy, Debug)]
pub struct Viewer<'a> {
    /// Who.
    pub participant: &'a Participant,
    /// Whether the room is seen from inside.
    pub insider: bool,
    /// Whether it is somebody who may conclude.
    pub chair: bool,
}

/// What a viewer sees, when bids of these participants are in. The one place that says so (独立预报):
/// lists, counts, documents and news all ask here.
///
/// Bids are hidden until one's own is in, so that nobody writes off the others. The chair, who need not enter one,
/// sees how many there are, and the bids themselves when everybody else invited has entered one or the time is over.
pub fn bid_sight(room: &Room, viewer: &Viewer<'_>, entered: &[Participant], now: Instant) -> BidSight {
    if !viewer.insider {
        return BidSight::Own;
    }
    if !room.hide_bids || room.state != RoomState::Open || entered.contains(viewer.participant) {
        return BidSight::All;
    }
    if !viewer.chair {
        return BidSight::Own;
    }
    let is_in = |account| entered.iter().any(|one| matches!(one, Participant::Account(id) if id == account));
    let mut others = room.invited.iter().filter(|id| !is_same(viewer.participant, id)).peekable();
    let all_in = others.peek().is_some() && others.all(is_in);
    if all_in || now >= room.bids_until { BidSight::All } else { BidSight::Counts }
}

fn is_same(participant: &Participant, account: &units::AccountId) -> bool {
    matches!(participant, Participant::Account(id) if id == account)
}
