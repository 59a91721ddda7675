use crate::separation::{separate, submitter_is_not};
use crate::{Kinds, OrgError, Place, RoleClass, Roles};
use event::{Actor, Aggregate, Decision};
use serde::{Deserialize, Serialize};
use units::{AccountId, BeijingDay, Instant, OrgId};

/// A grant (授权): an account has a role, for an organisation, for kinds of matter, from a day to a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Identifier.
    pub id: String,
    /// Who has the role.
    pub account: AccountId,
    /// The role.
    pub role: String,
    /// For which organisation.
    pub organisation: OrgId,
    /// For which kinds of matter.
    pub kinds: Kinds,
    /// First day.
    pub from: BeijingDay,
    /// Last day; `None` without end.
    pub to: Option<BeijingDay>,
    /// Who proposed it.
    pub requested_by: AccountId,
    /// Who approved, or rejected it.
    pub approved_by: Option<AccountId>,
    /// Where it stands.
    pub state: GrantState,
    /// Since when it has ended.
    pub ended: Option<Instant>,
}

/// Where a grant stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantState {
    /// Waits for a second person.
    #[default]
    Proposed,
    /// Holds on its days.
    Approved,
    /// Was not approved.
    Rejected,
    /// Was ended.
    Ended,
}

/// What can be asked of a grant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum GrantCommand {
    /// Propose it.
    Propose {
        /// Identifier.
        id: String,
        /// Who shall have the role.
        account: AccountId,
        /// The role.
        role: String,
        /// For which organisation.
        organisation: OrgId,
        /// For which kinds of matter.
        #[serde(default)]
        kinds: Kinds,
        /// First day.
        from: BeijingDay,
        /// Last day.
        #[serde(default)]
        to: Option<BeijingDay>,
        /// The organisation as found.
        #[serde(skip)]
        place: Option<Place>,
        /// Whether the account is open.
        #[serde(skip)]
        account_open: bool,
        /// Classes of the roles that the account's other grants, proposed or approved, give.
        #[serde(skip)]
        held: Vec<RoleClass>,
    },
    /// Propose and approve at the server's console, where the first administrators come from.
    Install {
        /// Identifier.
        id: String,
        /// Who shall have the role.
        account: AccountId,
        /// The role.
        role: String,
        /// For which organisation.
        organisation: OrgId,
        /// First day.
        from: BeijingDay,
        /// The organisation as found.
        #[serde(skip)]
        place: Option<Place>,
        /// Whether the account is open.
        #[serde(skip)]
        account_open: bool,
        /// Classes of the roles that the account's other grants give.
        #[serde(skip)]
        held: Vec<RoleClass>,
    },
    /// Put it in force, as a second person.
    Approve {
        /// Classes of the roles that the account's other grants, proposed or approved, give.
        #[serde(skip)]
        held: Vec<RoleClass>,
    },
    /// Do not put it in force.
    Reject,
    /// End it now.
    End,
}

/// What happened to a grant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum GrantEvent {
    /// It was proposed.
    Proposed {
        /// As it is from now on.
        grant: Grant,
    },
    /// It was put in force at the console.
    Installed {
        /// As it is from now on.
        grant: Grant,
    },
    /// A second person approved it.
    Approved {
        /// Who.
        by: AccountId,
    },
    /// It was rejected.
    Rejected {
        /// Who.
        by: AccountId,
    },
    /// It was ended.
    Ended {
        /// When.
        at: Instant,
    },
}

impl GrantState {
    /// Stable text, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            GrantState::Proposed => "proposed",
            GrantState::Approved => "approved",
            GrantState::Rejected => "rejected",
            GrantState::Ended => "ended",
        }
    }
}

impl Default for Grant {
    fn default() -> Self {
        Grant {
            id: String::new(),
            account: "none".parse().expect("a legal id; replaced by the first event"),
            role: String::new(),
            organisation: "none".parse().expect("a legal id; replaced by the first event"),
            kinds: Kinds::All,
            from: BeijingDay::from_index(0),
            to: None,
            requested_by: "none".parse().expect("a legal id; replaced by the first event"),
            approved_by: None,
            state: GrantState::Proposed,
            ended: None,
        }
    }
}

impl Aggregate for Grant {
    const KIND: &'static str = "grant";
    type State = Grant;
    type Command = GrantCommand;
    type Event = GrantEvent;
    type Refusal = OrgError;

    fn decide(
        state: &Grant,
        version: u64,
        command: GrantCommand,
        by: &Actor,
        now: Instant,
    ) -> Result<Decision<GrantEvent>, OrgError> {
        use GrantCommand::*;
        match (&command, version) {
            (Propose { .. } | Install { .. }, 0) => {}
            (Propose { .. } | Install { .. }, _) => return Err(OrgError::Exists("grant")),
            (_, 0) => return Err(OrgError::NotFound("grant")),
            _ => {}
        }
        let requested_by = by.account.clone();
        let event = match command {
            Propose { id, account, role, organisation, kinds, from, to, place, account_open, held } => {
                let grant =
                    Grant { id, account, role, organisation, kinds, from, to, requested_by, ..Grant::default() };
                grant.allowed(place.as_ref(), account_open, &held, now)?;
                GrantEvent::Proposed { grant }
            }
            Install { .. } if by.origin != "cli" => return Err(OrgError::ConsoleOnly),
            Install { id, account, role, organisation, from, place, account_open, held } => {
                let approved_by = Some(requested_by.clone());
                let state = GrantState::Approved;
                let kinds = Kinds::All;
                let grant = Grant {
                    id,
                    account,
                    role,
                    organisation,
                    kinds,
                    from,
                    to: None,
                    requested_by,
                    approved_by,
                    state,
                    ended: None,
                };
                grant.allowed(place.as_ref(), account_open, &held, now)?;
                GrantEvent::Installed { grant }
            }
            Approve { held } => {
                state.stands(&[GrantState::Proposed])?;
                submitter_is_not(&state.requested_by, &by.account)?;
                // Nor does anybody approve what he is to get himself.
                submitter_is_not(&state.account, &by.account)?;
                separate(&held, Roles::bundled().get(&state.role)?.class)?;
                GrantEvent::Approved { by: by.account.clone() }
            }
            Reject => {
                state.stands(&[GrantState::Proposed])?;
                GrantEvent::Rejected { by: by.account.clone() }
            }
            End => {
                state.stands(&[GrantState::Proposed, GrantState::Approved])?;
                GrantEvent::Ended { at: now }
            }
        };
        Ok(Decision { events: vec![event], effects: Vec::new() })
    }

    fn apply(mut state: Grant, event: &GrantEvent) -> Grant {
        match event {
            GrantEvent::Proposed { grant } | GrantEvent::Installed { grant } => return grant.clone(),
            GrantEvent::Approved { by } => {
                state.state = GrantState::Approved;
                state.approved_by = Some(by.clone());
            }
            GrantEvent::Rejected { by } => {
                state.state = GrantState::Rejected;
                state.approved_by = Some(by.clone());
            }
            GrantEvent::Ended { at } => {
                state.state = GrantState::Ended;
                state.ended = Some(*at);
            }
        }
        state
    }
}

impl Grant {
    fn stands(&self, states: &[GrantState]) -> Result<(), OrgError> {
        let wrong = OrgError::WrongState { thing: "grant", state: self.state.as_str() };
        if states.contains(&self.state) { Ok(()) } else { Err(wrong) }
    }

    fn allowed(
        &self,
        place: Option<&Place>,
        account_open: bool,
        held: &[RoleClass],
        now: Instant,
    ) -> Result<(), OrgError> {
        let role = Roles::bundled().get(&self.role)?;
        Place::open(&self.organisation, place)?;
        if !account_open {
            return Err(OrgError::UnknownAccount(self.account.clone()));
        }
        if self.to.is_some_and(|to| to < self.from || to < day_of(now)) {
            return Err(OrgError::WrongDays);
        }
        separate(held, role.class)
    }
}

/// The calendar day of a moment: midnight begins a day.
pub(crate) fn day_of(now: Instant) -> BeijingDay {
    (now.last_ended_hour() + 1).day()
}
