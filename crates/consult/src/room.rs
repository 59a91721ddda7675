use crate::{Conclusion, GuestLink, Material, Official};
use org::Secrecy;
use serde::{Deserialize, Serialize};
use units::{AccountId, BeijingHour, ConsultationId, Instant, OrgId};

/// A consultation (会商): one room about one forecast run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Room {
    /// Identifier.
    pub id: ConsultationId,
    /// Number that people write, for example HS-20180114-7K3M2.
    pub code: String,
    /// Kind.
    pub kind: RoomKind,
    /// Whose it is: the house whose forecasters meet.
    pub owner: OrgId,
    /// Why it was opened.
    pub opening: Words,
    /// Who opened it; the system's account when the rule did.
    pub opened_by: AccountId,
    /// When.
    pub opened_at: Instant,
    /// What it is based on.
    pub material: Material,
    /// Whether bids are hidden from the others until one's own is in.
    pub hide_bids: bool,
    /// Bids are waited for until then.
    pub bids_until: Instant,
    /// Who was invited to enter a bid.
    pub invited: Vec<AccountId>,
    /// Where it stands.
    pub state: RoomState,
    /// How many remarks there are; their texts stand in the history.
    pub remarks: u32,
    /// A conclusion that waits for its sign-off.
    pub pending: Option<Conclusion>,
    /// The signed conclusion.
    pub official: Option<Official>,
    /// Organisations that the signed conclusion was given to.
    pub told: Vec<OrgId>,
    /// The room that took its place.
    pub superseded_by: Option<ConsultationId>,
    /// Links of guests, ended ones included.
    pub guests: Vec<GuestLink>,
}

/// What a room is for (会商类型).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomKind {
    /// 日常会商.
    #[default]
    Daily,
    /// 加密会商: more often because of an episode.
    Urgent,
    /// 联合会商: with neighbouring provinces or the regional centre.
    Joint,
}

impl RoomKind {
    /// All kinds.
    pub const ALL: [RoomKind; 3] = [RoomKind::Daily, RoomKind::Urgent, RoomKind::Joint];

    /// Stable text, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            RoomKind::Daily => "daily",
            RoomKind::Urgent => "urgent",
            RoomKind::Joint => "joint",
        }
    }

    /// Chinese name.
    pub const fn name(self) -> &'static str {
        match self {
            RoomKind::Daily => "日常会商",
            RoomKind::Urgent => "加密会商",
            RoomKind::Joint => "联合会商",
        }
    }
}

/// Where a room stands (会商状态).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomState {
    /// Bids and remarks are taken (会商中).
    #[default]
    Open,
    /// A conclusion waits for its sign-off (待签发).
    Concluded,
    /// The conclusion is the official forecast (已签发).
    Signed,
    /// A later one took its place (已被替代).
    Superseded,
    /// It led to nothing (已取消).
    Cancelled,
}

impl RoomState {
    /// All states, in the order they are reached.
    pub const ALL: [RoomState; 5] =
        [RoomState::Open, RoomState::Concluded, RoomState::Signed, RoomState::Superseded, RoomState::Cancelled];

    /// Stable text, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            RoomState::Open => "open",
            RoomState::Concluded => "concluded",
            RoomState::Signed => "signed",
            RoomState::Superseded => "superseded",
            RoomState::Cancelled => "cancelled",
        }
    }
}

/// A sentence in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Room {
    /// How widely a room may be known.
    pub const SECRECY: Secrecy = Secrecy::Internal;

    /// The issue time of the run it is about.
    pub fn issue(&self) -> BeijingHour {
        self.material.issue
    }

    /// Whether its signed conclusion is in force, also while a correction of it waits.
    pub fn is_official(&self) -> bool {
        self.official.is_some() && matches!(self.state, RoomState::Signed | RoomState::Concluded)
    }

    /// A guest of the room.
    pub fn guest(&self, id: &str) -> Option<&GuestLink> {
        self.guests.iter().find(|guest| guest.id == id)
    }

    /// The conclusion as lists and pages show it: the one that waits, else the signed one.
    pub fn conclusion(&self) -> Option<&Conclusion> {
        self.pending.as_ref().or(self.official.as_ref().map(|official| &official.conclusion))
    }
}

impl Default for Room {
    fn default() -> Self {
        let none = "none";
        let early = BeijingHour::from_index(0);
        Room {
            id: none.parse().expect("a legal id; replaced by the first event"),
            code: String::new(),
            kind: RoomKind::Daily,
            owner: none.parse().expect("a legal id; replaced by the first event"),
            opening: Words::default(),
            opened_by: none.parse().expect("a legal id; replaced by the first event"),
            opened_at: early.end(),
            material: Material::nothing(early),
            hide_bids: true,
            bids_until: early.end(),
            invited: Vec::new(),
            state: RoomState::Open,
            remarks: 0,
            pending: None,
            official: None,
            told: Vec::new(),
            superseded_by: None,
            guests: Vec::new(),
        }
    }
}
