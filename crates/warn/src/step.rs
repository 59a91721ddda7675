use crate::{Gate, Warning, WarningCommand, WarningState};
use org::Right;

/// A step that a person can take on a warning that exists (预警环节).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Draft a change, or write the draft anew.
    Draft,
    /// Assess.
    Assess,
    /// Sign.
    Sign,
    /// Issue.
    Issue,
    /// Give the draft up.
    Drop,
    /// Write the summary.
    Summarise,
}

impl Step {
    /// All steps, in the order they are shown.
    pub const ALL: [Step; 6] = [Step::Assess, Step::Sign, Step::Issue, Step::Drop, Step::Draft, Step::Summarise];

    /// Stable text, as in the API's path.
    pub const fn as_str(self) -> &'static str {
        match self {
            Step::Draft => "draft",
            Step::Assess => "assess",
            Step::Sign => "sign",
            Step::Issue => "issue",
            Step::Drop => "drop",
            Step::Summarise => "summarise",
        }
    }

    /// What the button says, in Chinese and English.
    pub const fn label(self) -> (&'static str, &'static str) {
        match self {
            Step::Draft => ("拟稿", "Draft"),
            Step::Assess => ("研判通过", "Pass the assessment"),
            Step::Sign => ("审签", "Sign"),
            Step::Issue => ("发布", "Issue"),
            Step::Drop => ("退回", "Send back"),
            Step::Summarise => ("总结", "Summarise"),
        }
    }

    /// The rights of which one is enough.
    pub const fn rights(self) -> &'static [Right] {
        match self {
            Step::Draft | Step::Assess | Step::Issue | Step::Summarise => &[Right::WarningAssess],
            Step::Sign => &[Right::WarningSign],
            Step::Drop => &[Right::WarningAssess, Right::WarningSign],
        }
    }

    /// Whether the warning allows it as it stands.
    pub fn fits(self, warning: &Warning) -> bool {
        let gate = warning.draft.as_ref().map(|draft| draft.gate());
        match self {
            // What waits for its issue was signed; it is issued or sent back, not rewritten.
            Step::Draft => {
                matches!(warning.state, WarningState::Proposed | WarningState::InForce) && gate != Some(Gate::Issue)
            }
            Step::Assess => gate == Some(Gate::Assessment),
            Step::Sign => gate == Some(Gate::SignOff),
            Step::Issue => gate == Some(Gate::Issue),
            Step::Drop => gate.is_some(),
            Step::Summarise => matches!(warning.state, WarningState::Lifted | WarningState::Withdrawn),
        }
    }
}

impl WarningCommand {
    /// The step it is; `None` for a proposal, and for what the program does by itself.
    pub const fn step(&self) -> Option<Step> {
        match self {
            WarningCommand::Draft { .. } => Some(Step::Draft),
            WarningCommand::Assess { .. } => Some(Step::Assess),
            WarningCommand::Sign { .. } => Some(Step::Sign),
            WarningCommand::Issue { .. } => Some(Step::Issue),
            WarningCommand::Drop { .. } => Some(Step::Drop),
            WarningCommand::Summarise { .. } => Some(Step::Summarise),
            WarningCommand::Propose { .. } | WarningCommand::Remind { .. } | WarningCommand::RemindGate { .. } => None,
        }
    }
}
