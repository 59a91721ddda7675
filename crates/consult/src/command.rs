use crate::{Conclusion, DayCall, GuestLink, Material, Participant, Room, RoomKind, Weighted, Words};
use serde::{Deserialize, Serialize};
use units::{AccountId, ConsultationId, Instant, OrgId};

/// What a room is opened with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    /// Identifier.
    pub id: ConsultationId,
    /// Number that people write.
    pub code: String,
    /// Kind.
    pub kind: RoomKind,
    /// Whose it is.
    pub owner: OrgId,
    /// Why it is opened.
    pub opening: Words,
    /// What it is based on.
    pub material: Material,
    /// Whether bids are hidden until one's own is in.
    pub hide_bids: bool,
    /// Until when bids are waited for.
    pub bids_until: Instant,
    /// When those without a bid are reminded; in the past for never.
    pub remind_at: Instant,
    /// Who is invited.
    pub invited: Vec<AccountId>,
}

/// What can be asked of a room. What the server looks up is no part of what was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum RoomCommand {
    /// Open it.
    Open {
        /// With what. Material and invited are the server's own findings: the same command later finds others.
        #[serde(skip)]
        with: Option<Box<Opening>>,
        /// Identifier once more, so that two openings are two commands.
        id: ConsultationId,
    },
    /// Say something.
    Remark {
        /// The text.
        text: String,
        /// Who.
        by: Participant,
    },
    /// Remind those who have not entered a bid.
    Remind {
        /// Who.
        #[serde(skip)]
        missing: Vec<AccountId>,
    },
    /// Write the conclusion, or write it anew before it is signed.
    Conclude {
        /// By city and day.
        days: Vec<DayCall>,
        /// The opinion as a whole.
        #[serde(default)]
        text: String,
        /// The bids, and what each weighs.
        #[serde(skip)]
        bids: Vec<Weighted>,
        /// Whether the bids are hidden from whoever concludes.
        #[serde(skip)]
        hidden: bool,
        /// Who may sign, to be told.
        #[serde(skip)]
        signers: Vec<AccountId>,
    },
    /// Correct a signed conclusion.
    Correct {
        /// By city and day.
        days: Vec<DayCall>,
        /// The opinion as a whole.
        #[serde(default)]
        text: String,
        /// Why.
        reason: String,
        /// Who may sign, to be told.
        #[serde(skip)]
        signers: Vec<AccountId>,
    },
    /// Sign the conclusion.
    Sign {
        /// Organisations it is given to.
        #[serde(skip)]
        told: Vec<OrgId>,
    },
    /// A room that was signed later takes its place.
    Supersede {
        /// Which.
        by: ConsultationId,
    },
    /// Close it without a conclusion.
    Cancel {
        /// Why.
        text: String,
    },
    /// Make a guest's link.
    InviteGuest {
        /// The link.
        #[serde(skip)]
        link: Option<Box<GuestLink>>,
        /// Name and origin of the guest once more, so that two guests are two commands.
        guest: String,
        /// The moment of the wall clock.
        #[serde(skip)]
        wall: Option<Instant>,
    },
    /// Take a guest's link back.
    RevokeGuest {
        /// Which.
        guest: String,
    },
}

/// What happened to a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum RoomEvent {
    /// It was opened.
    Opened {
        /// As it is from now on.
        room: Box<Room>,
    },
    /// Somebody said something.
    Remarked {
        /// The text.
        text: String,
        /// Who.
        by: Participant,
    },
    /// Those without a bid were reminded.
    Reminded {},
    /// It has a conclusion that waits for its sign-off.
    Concluded {
        /// Which.
        conclusion: Box<Conclusion>,
    },
    /// Its signed conclusion is to be replaced by another version, which waits for its sign-off.
    Corrected {
        /// Which.
        conclusion: Box<Conclusion>,
    },
    /// The conclusion that waited is the official forecast now.
    Signed {
        /// By whom.
        by: AccountId,
        /// When.
        at: Instant,
        /// Organisations it was given to.
        told: Vec<OrgId>,
    },
    /// A later one took its place.
    Superseded {
        /// Which.
        by: ConsultationId,
    },
    /// It was closed without a conclusion.
    Cancelled {
        /// Why.
        text: String,
    },
    /// A guest was invited.
    GuestInvited {
        /// The link.
        link: GuestLink,
    },
    /// A guest's link was taken back.
    GuestRevoked {
        /// Which.
        guest: String,
    },
}
