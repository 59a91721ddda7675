use org::{OrgPath, Place, Secrecy};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use units::{AccountId, BeijingDay, Instant, MatterId, OrgId};

/// A matter (事项): one thing that an organisation owns and others have to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// Identifier.
    pub id: MatterId,
    /// Number that people write, for example RW-2018-0042.
    pub code: String,
    /// Kind; `task` (任务) so far.
    pub kind: String,
    /// One line.
    pub title: String,
    /// What is to be done.
    pub text: String,
    /// Who owns it.
    pub owner: OrgId,
    /// Who has to do it (责任单位).
    pub assigned: Vec<OrgId>,
    /// Those of them that have acknowledged (签收).
    pub acknowledged: BTreeSet<OrgId>,
    /// The account that answers for it.
    pub responsible: Option<AccountId>,
    /// Who made it.
    pub created_by: AccountId,
    /// When.
    pub created_at: Instant,
    /// How widely it may be known.
    pub secrecy: Secrecy,
    /// Last day for it.
    pub due: Option<BeijingDay>,
    /// Where it stands.
    pub state: MatterState,
    /// Who submitted it last.
    pub submitted_by: Option<AccountId>,
    /// How often it was returned.
    pub returns: u32,
    /// Digests of its attachments, oldest first.
    pub attachments: Vec<String>,
    /// How many comments there are; their texts stand in the history.
    pub comments: u32,
    /// Whether the due day passed before it was submitted or closed.
    pub overdue: bool,
}

/// Where a matter stands (办理状态).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatterState {
    /// Waits for those it is assigned to (待签收).
    #[default]
    Open,
    /// All of them acknowledged (办理中).
    Acknowledged,
    /// Waits for approval (待审核).
    Submitted,
    /// Approved (已办结).
    Closed,
    /// Taken back (已撤销).
    Cancelled,
}

impl MatterState {
    /// Stable text, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            MatterState::Open => "open",
            MatterState::Acknowledged => "acknowledged",
            MatterState::Submitted => "submitted",
            MatterState::Closed => "closed",
            MatterState::Cancelled => "cancelled",
        }
    }

    /// Whether nothing is left to do.
    pub const fn is_over(self) -> bool {
        matches!(self, MatterState::Closed | MatterState::Cancelled)
    }
}

/// Where those concerned by a step belong at the moment. Looked up by the server, never sent by a client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The path of the organisation the actor acts for.
    pub by: Option<OrgPath>,
    /// The path of the owner.
    pub owner: Option<OrgPath>,
    /// The paths of those it is assigned to.
    pub assigned: Vec<(OrgId, OrgPath)>,
}

/// What can be asked of a matter. What the server looks up is no part of what was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum MatterCommand {
    /// Create it.
    Create {
        /// Identifier.
        id: MatterId,
        /// Number that people write.
        code: String,
        /// Kind.
        kind: String,
        /// One line.
        title: String,
        /// What is to be done.
        #[serde(default)]
        text: String,
        /// Who owns it.
        owner: OrgId,
        /// Who has to do it.
        #[serde(default)]
        assigned: Vec<OrgId>,
        /// The account that answers for it.
        #[serde(default)]
        responsible: Option<AccountId>,
        /// How widely it may be known.
        #[serde(default)]
        secrecy: Secrecy,
        /// Last day.
        #[serde(default)]
        due: Option<BeijingDay>,
        /// Owner and assigned organisations as found.
        #[serde(skip)]
        places: Vec<Place>,
        /// The workday before the due day, where the calendar of that year is known.
        #[serde(skip)]
        remind_on: Option<BeijingDay>,
    },
    /// Say who has to do it.
    Assign {
        /// Who.
        assigned: Vec<OrgId>,
        /// The account that answers for it.
        #[serde(default)]
        responsible: Option<AccountId>,
        /// The organisations as found.
        #[serde(skip)]
        places: Vec<Place>,
    },
    /// Say that it has arrived.
    Acknowledge {
        /// Where those concerned belong.
        #[serde(skip)]
        standing: Standing,
    },
    /// Say something about it.
    Comment {
        /// The text.
        text: String,
    },
    /// Add an attachment as evidence.
    AttachEvidence {
        /// Its digest.
        digest: String,
        /// Its name.
        name: String,
    },
    /// Say that it is done.
    Submit {
        /// What was done.
        text: String,
        /// Where those concerned belong.
        #[serde(skip)]
        standing: Standing,
    },
    /// Agree that it is done.
    Approve {
        /// The opinion.
        #[serde(default)]
        text: String,
        /// Where those concerned belong.
        #[serde(skip)]
        standing: Standing,
    },
    /// Give it back to be done again.
    Return {
        /// Why.
        text: String,
        /// Where those concerned belong.
        #[serde(skip)]
        standing: Standing,
    },
    /// Take it back.
    Cancel {
        /// Why.
        text: String,
    },
    /// Word it differently.
    Rename {
        /// One line.
        title: String,
        /// What is to be done.
        text: String,
    },
    /// Give it another last day.
    Reschedule {
        /// The day.
        due: Option<BeijingDay>,
        /// The workday before it, where the calendar of that year is known.
        #[serde(skip)]
        remind_on: Option<BeijingDay>,
    },
    /// The day before the due day has come.
    Remind {
        /// The due day the timer was set for.
        due: BeijingDay,
    },
    /// The due day has passed.
    MarkOverdue {
        /// The due day the timer was set for.
        due: BeijingDay,
    },
}

/// What happened to a matter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum MatterEvent {
    /// It was created.
    Created {
        /// As it is from now on.
        matter: Box<Matter>,
    },
    /// It has to be done by others.
    Assigned {
        /// Who.
        assigned: Vec<OrgId>,
        /// The account that answers for it.
        responsible: Option<AccountId>,
    },
    /// It has arrived at one of them.
    Acknowledged {
        /// At whom.
        organisation: OrgId,
    },
    /// Somebody said something.
    Commented {
        /// The text.
        text: String,
    },
    /// Evidence was added.
    EvidenceAttached {
        /// Its digest.
        digest: String,
        /// Its name.
        name: String,
    },
    /// It is said to be done.
    Submitted {
        /// What was done.
        text: String,
        /// By whom.
        by: AccountId,
        /// For which of the assigned organisations.
        organisation: OrgId,
    },
    /// It is done.
    Approved {
        /// The opinion.
        text: String,
        /// By whom.
        by: AccountId,
    },
    /// It has to be done again.
    Returned {
        /// Why.
        text: String,
        /// By whom.
        by: AccountId,
    },
    /// It was taken back.
    Cancelled {
        /// Why.
        text: String,
    },
    /// It is worded differently.
    Renamed {
        /// One line.
        title: String,
        /// What is to be done.
        text: String,
    },
    /// It has another last day.
    Rescheduled {
        /// The day.
        due: Option<BeijingDay>,
    },
    /// It was reminded of.
    Reminded {
        /// The due day.
        due: BeijingDay,
    },
    /// Its due day passed.
    BecameOverdue {
        /// The due day.
        due: BeijingDay,
    },
}

impl Default for Matter {
    fn default() -> Self {
        Matter {
            id: "none".parse().expect("a legal id; replaced by the first event"),
            code: String::new(),
            kind: String::new(),
            title: String::new(),
            text: String::new(),
            owner: "none".parse().expect("a legal id; replaced by the first event"),
            assigned: Vec::new(),
            acknowledged: BTreeSet::new(),
            responsible: None,
            created_by: "none".parse().expect("a legal id; replaced by the first event"),
            created_at: units::BeijingHour::from_index(0).end(),
            secrecy: Secrecy::default(),
            due: None,
            state: MatterState::Open,
            submitted_by: None,
            returns: 0,
            attachments: Vec::new(),
            comments: 0,
            overdue: false,
        }
    }
}

impl Matter {
    /// The account whose own matter it is: who answers for it, else who made it.
    pub fn account(&self) -> &AccountId {
        self.responsible.as_ref().unwrap_or(&self.created_by)
    }
}
