use crate::{Basis, Change, Draft, Prompt, Summary, Terms, Warning};
use serde::{Deserialize, Serialize};
use units::{AccountId, Instant, OrgId, RegionCode, WarningId};

/// What a warning is proposed with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposing {
    /// Identifier.
    pub id: WarningId,
    /// Number that people write.
    pub code: String,
    /// Whose it is.
    pub owner: OrgId,
    /// Whether it is an exercise.
    pub exercise: bool,
}

/// What the server looks up for a step; no part of what was asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// What the step rests on, as it stands now.
    pub basis: Option<Box<Basis>>,
    /// Cities of other warnings in force of the same kind (real or exercise).
    pub warned_elsewhere: Vec<RegionCode>,
    /// Who is to be told: whose turn is next.
    pub tell: Vec<AccountId>,
    /// Organisations a document is given to.
    pub told: Vec<OrgId>,
}

/// What can be asked of a warning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum WarningCommand {
    /// Propose one: the first draft.
    Propose {
        /// What it is.
        with: Proposing,
        /// What is to hold.
        terms: Terms,
        /// Why, where it departs from the rule.
        #[serde(default)]
        reason: String,
        /// The prompt from above that it follows.
        #[serde(default)]
        prompt: Option<Prompt>,
        /// What was looked up.
        #[serde(skip)]
        found: Found,
    },
    /// Draft a change of what holds, or write the waiting draft anew (拟稿).
    Draft {
        /// What it does.
        change: Change,
        /// What is to hold.
        terms: Terms,
        /// Why.
        #[serde(default)]
        reason: String,
        /// The prompt from above that it follows.
        #[serde(default)]
        prompt: Option<Prompt>,
        /// What was looked up.
        #[serde(skip)]
        found: Found,
    },
    /// Pass the draft on to the sign-off (研判).
    Assess {
        /// The draft's number, as it was seen.
        draft: u32,
        /// The opinion.
        opinion: String,
        /// What was looked up.
        #[serde(skip)]
        found: Found,
    },
    /// Sign it (审签).
    Sign {
        /// Digest of the draft, as it was seen.
        digest: String,
        /// What was said.
        #[serde(default)]
        opinion: String,
        /// What was looked up.
        #[serde(skip)]
        found: Found,
    },
    /// Issue what was signed (发布).
    Issue {
        /// Document number.
        document: String,
        /// What was looked up.
        #[serde(skip)]
        found: Found,
    },
    /// Give the draft up: send it back, or not start at all (退回).
    Drop {
        /// Why.
        text: String,
    },
    /// Write the summary (总结).
    Summarise {
        /// The text.
        text: String,
    },
    /// A draft has waited long at its gate: whose turn it is, is told again. The program's own.
    RemindGate {
        /// What was looked up.
        #[serde(skip)]
        found: Found,
    },
    /// The expected end is near: whoever is on duty is told. The program's own.
    Remind {
        /// What was looked up.
        #[serde(skip)]
        found: Found,
    },
}

/// What happened to a warning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum WarningEvent {
    /// It was proposed.
    Proposed {
        /// As it is from now on, its first draft included.
        warning: Box<Warning>,
    },
    /// A change was drafted, or the draft written anew.
    Drafted {
        /// Which.
        draft: Box<Draft>,
    },
    /// The draft was assessed.
    Assessed {
        /// By whom.
        by: AccountId,
        /// When.
        at: Instant,
        /// The opinion.
        opinion: String,
    },
    /// It was signed.
    Signed {
        /// By whom.
        by: AccountId,
        /// When.
        at: Instant,
        /// What was said.
        opinion: String,
        /// Digest of what was signed.
        digest: String,
    },
    /// It was issued and holds now (of a lift or withdrawal: nothing holds now).
    Issued {
        /// Document number.
        document: String,
        /// Digest of the signed draft, sign-off included.
        digest: String,
        /// By whom.
        by: AccountId,
        /// When.
        at: Instant,
        /// Organisations it is given to; none of an exercise.
        told: Vec<OrgId>,
    },
    /// The draft was given up.
    Dropped {
        /// Why.
        text: String,
    },
    /// The summary was written.
    Summarised {
        /// Which.
        summary: Summary,
    },
    /// Whoever is on duty was told of the end.
    Reminded {},
    /// Whose turn it is was told that the draft still waits.
    GateReminded {},
}
