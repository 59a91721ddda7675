use crate::{Room, RoomCommand, RoomState};
use org::Right;

/// A step that a person can take in a room that exists (会商动作).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Enter a bid.
    Bid,
    /// Say something.
    Remark,
    /// Conclude.
    Conclude,
    /// Sign.
    Sign,
    /// Correct a signed conclusion.
    Correct,
    /// Cancel.
    Cancel,
    /// Invite guests and take their links back.
    Guests,
}

impl Step {
    /// All steps, in the order they are shown.
    pub const ALL: [Step; 7] =
        [Step::Bid, Step::Remark, Step::Conclude, Step::Sign, Step::Correct, Step::Guests, Step::Cancel];

    /// Stable text, as in the API's path.
    pub const fn as_str(self) -> &'static str {
        match self {
            Step::Bid => "bid",
            Step::Remark => "remark",
            Step::Conclude => "conclude",
            Step::Sign => "sign",
            Step::Correct => "correct",
            Step::Cancel => "cancel",
            Step::Guests => "guests",
        }
    }

    /// What the button says, in Chinese and English.
    pub const fn label(self) -> (&'static str, &'static str) {
        match self {
            Step::Bid => ("填报会商意见", "Enter a bid"),
            Step::Remark => ("发言", "Remark"),
            Step::Conclude => ("形成结论", "Conclude"),
            Step::Sign => ("签发", "Sign"),
            Step::Correct => ("更正", "Correct"),
            Step::Cancel => ("取消会商", "Cancel"),
            Step::Guests => ("邀请来宾", "Invite guests"),
        }
    }

    /// The right it needs.
    pub const fn right(self) -> Right {
        match self {
            Step::Bid | Step::Remark => Right::ConsultBid,
            Step::Conclude | Step::Correct | Step::Cancel | Step::Guests => Right::ConsultChair,
            Step::Sign => Right::ConsultSign,
        }
    }

    /// Whether the room allows it as it stands.
    pub fn fits(self, room: &Room) -> bool {
        let signed_before = room.official.is_some();
        match self {
            Step::Bid => room.state == RoomState::Open,
            Step::Remark | Step::Guests => matches!(room.state, RoomState::Open | RoomState::Concluded),
            Step::Conclude => match room.state {
                RoomState::Open => true,
                RoomState::Concluded => !signed_before,
                _ => false,
            },
            Step::Sign => room.state == RoomState::Concluded,
            Step::Correct => match room.state {
                RoomState::Signed => true,
                RoomState::Concluded => signed_before,
                _ => false,
            },
            // What has been official is corrected or replaced, never taken back.
            Step::Cancel => matches!(room.state, RoomState::Open | RoomState::Concluded) && !signed_before,
        }
    }
}

impl RoomCommand {
    /// The step it is; `None` for opening, and for what the program does by itself.
    pub const fn step(&self) -> Option<Step> {
        match self {
            RoomCommand::Remark { .. } => Some(Step::Remark),
            RoomCommand::Conclude { .. } => Some(Step::Conclude),
            RoomCommand::Correct { .. } => Some(Step::Correct),
            RoomCommand::Sign { .. } => Some(Step::Sign),
            RoomCommand::Cancel { .. } => Some(Step::Cancel),
            RoomCommand::InviteGuest { .. } => Some(Step::Guests),
            // Taking a link back is possible whatever became of the room.
            RoomCommand::Open { .. }
            | RoomCommand::Remind { .. }
            | RoomCommand::Supersede { .. }
            | RoomCommand::RevokeGuest { .. } => None,
        }
    }
}
