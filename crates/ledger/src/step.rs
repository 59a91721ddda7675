use crate::{MatterCommand, MatterState};
use org::Right;

/// A step that a person can take on a matter that exists (办理动作).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Assign.
    Assign,
    /// Acknowledge.
    Acknowledge,
    /// Comment.
    Comment,
    /// Add evidence.
    Evidence,
    /// Submit.
    Submit,
    /// Approve.
    Approve,
    /// Return.
    Return,
    /// Cancel.
    Cancel,
    /// Reword.
    Rename,
    /// Give another last day.
    Reschedule,
}

/// Whose step it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Of those who own the matter: being assigned to it is not enough.
    Owner,
    /// Of those it is assigned to.
    Assigned,
    /// Of everybody who may work on it.
    Both,
}

impl Step {
    /// All steps, in the order they are shown.
    pub const ALL: [Step; 10] = [
        Step::Acknowledge,
        Step::Submit,
        Step::Approve,
        Step::Return,
        Step::Assign,
        Step::Reschedule,
        Step::Rename,
        Step::Comment,
        Step::Evidence,
        Step::Cancel,
    ];

    /// Stable text, as in the API's path.
    pub const fn as_str(self) -> &'static str {
        match self {
            Step::Assign => "assign",
            Step::Acknowledge => "acknowledge",
            Step::Comment => "comment",
            Step::Evidence => "evidence",
            Step::Submit => "submit",
            Step::Approve => "approve",
            Step::Return => "return",
            Step::Cancel => "cancel",
            Step::Rename => "rename",
            Step::Reschedule => "reschedule",
        }
    }

    /// What the button says, in Chinese and English.
    pub const fn label(self) -> (&'static str, &'static str) {
        match self {
            Step::Assign => ("交办", "Assign"),
            Step::Acknowledge => ("签收", "Acknowledge"),
            Step::Comment => ("填写意见", "Comment"),
            Step::Evidence => ("补充佐证", "Add evidence"),
            Step::Submit => ("提交办结", "Submit"),
            Step::Approve => ("审核通过", "Approve"),
            Step::Return => ("退回", "Return"),
            Step::Cancel => ("撤销", "Cancel"),
            Step::Rename => ("修改内容", "Reword"),
            Step::Reschedule => ("调整期限", "Reschedule"),
        }
    }

    /// The right it needs.
    pub const fn right(self) -> Right {
        match self {
            Step::Assign | Step::Reschedule => Right::MatterAssign,
            Step::Approve | Step::Return | Step::Cancel => Right::MatterApprove,
            Step::Evidence => Right::AttachmentAdd,
            Step::Acknowledge | Step::Comment | Step::Submit | Step::Rename => Right::MatterWrite,
        }
    }

    /// Whose step it is.
    pub const fn side(self) -> Side {
        match self {
            Step::Assign | Step::Approve | Step::Return | Step::Cancel | Step::Rename | Step::Reschedule => Side::Owner,
            Step::Acknowledge | Step::Submit => Side::Assigned,
            Step::Comment | Step::Evidence => Side::Both,
        }
    }

    /// Whether the state allows it.
    pub const fn fits(self, state: MatterState) -> bool {
        match self {
            Step::Acknowledge => matches!(state, MatterState::Open),
            Step::Submit => matches!(state, MatterState::Open | MatterState::Acknowledged),
            Step::Approve | Step::Return => matches!(state, MatterState::Submitted),
            _ => !state.is_over(),
        }
    }
}

impl MatterCommand {
    /// The step it is; `None` for creating, and for what timers do.
    pub const fn step(&self) -> Option<Step> {
        match self {
            MatterCommand::Assign { .. } => Some(Step::Assign),
            MatterCommand::Acknowledge { .. } => Some(Step::Acknowledge),
            MatterCommand::Comment { .. } => Some(Step::Comment),
            MatterCommand::AttachEvidence { .. } => Some(Step::Evidence),
            MatterCommand::Submit { .. } => Some(Step::Submit),
            MatterCommand::Approve { .. } => Some(Step::Approve),
            MatterCommand::Return { .. } => Some(Step::Return),
            MatterCommand::Cancel { .. } => Some(Step::Cancel),
            MatterCommand::Rename { .. } => Some(Step::Rename),
            MatterCommand::Reschedule { .. } => Some(Step::Reschedule),
            MatterCommand::Create { .. } | MatterCommand::Remind { .. } | MatterCommand::MarkOverdue { .. } => None,
        }
    }
}
