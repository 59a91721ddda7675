use crate::{ConsultError, DayCall, Material, RoomState, call};
use event::{Actor, Aggregate, Decision};
use serde::{Deserialize, Serialize};
use std::fmt;
use units::{AccountId, ConsultationId, Instant};

/// Who takes part: an account, or a guest of this one room.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Participant {
    /// An account.
    Account(AccountId),
    /// A guest, by the id of the link.
    Guest(String),
}

impl fmt::Display for Participant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Participant::Account(id) => write!(f, "account:{id}"),
            Participant::Guest(id) => write!(f, "guest:{id}"),
        }
    }
}

/// The bid (会商意见) of one participant in one room. Its own history: revising it disturbs nobody else's work in the
/// room, and the room's version does not tell how many bids there are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bid {
    /// What was entered last; `None` before the first time.
    pub entered: Option<Entered>,
}

/// A bid that was entered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entered {
    /// In which room.
    pub room: ConsultationId,
    /// By whom.
    pub participant: Participant,
    /// How the participant is called, for a guest.
    pub label: String,
    /// Version, from 1.
    pub number: u32,
    /// By city and day.
    pub days: Vec<DayCall>,
    /// When.
    pub at: Instant,
}

/// What has to be known of a room to enter a bid. Looked up by the server, never sent by a client.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomStanding {
    /// Where it stands.
    pub state: RoomState,
    /// What it is based on.
    pub material: Material,
}

/// What can be asked of a bid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum BidCommand {
    /// Enter it, or enter it anew. Nothing takes a bid back.
    Enter {
        /// In which room.
        room: ConsultationId,
        /// By whom.
        participant: Participant,
        /// How the participant is called, for a guest.
        label: String,
        /// By city and day.
        days: Vec<DayCall>,
        /// The room as found.
        #[serde(skip)]
        standing: Option<Box<RoomStanding>>,
    },
}

/// What happened to a bid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum BidEvent {
    /// It was entered; a later one takes its place and both are kept.
    BidEntered {
        /// What.
        bid: Entered,
    },
}

impl Bid {
    /// The id of the bid of a participant in a room.
    pub fn id(room: &ConsultationId, participant: &Participant) -> String {
        format!("{room}/{participant}")
    }
}

impl Aggregate for Bid {
    const KIND: &'static str = "consultation_bid";
    type State = Bid;
    type Command = BidCommand;
    type Event = BidEvent;
    type Refusal = ConsultError;

    fn decide(
        state: &Bid,
        _version: u64,
        command: BidCommand,
        _by: &Actor,
        now: Instant,
    ) -> Result<Decision<BidEvent>, ConsultError> {
        let BidCommand::Enter { room, participant, label, days, standing } = command;
        let standing = standing.ok_or(ConsultError::NotFound)?;
        if standing.state != RoomState::Open {
            return Err(ConsultError::WrongState { state: standing.state.as_str(), step: "bid" });
        }
        let days = call::checked(days, &standing.material)?;
        let before = state.entered.as_ref();
        if before.is_some_and(|before| before.days == days) {
            return Ok(Decision::nothing());
        }
        let number = before.map_or(1, |before| before.number.saturating_add(1));
        Ok(Decision::one(BidEvent::BidEntered { bid: Entered { room, participant, label, number, days, at: now } }))
    }

    fn apply(_: Bid, event: &BidEvent) -> Bid {
        let BidEvent::BidEntered { bid } = event;
        Bid { entered: Some(bid.clone()) }
    }
}
