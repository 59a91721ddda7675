use crate::grant::day_of;
use crate::{OrgError, RoleClass, Roles};
use event::{Actor, Aggregate, Decision};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use units::{AccountId, BeijingDay, Instant};

/// A delegation (代办、代理): one account lends roles to another, from a day to a day.
///
/// It gives what the lender holds at the time and nothing else. An acting officer (代理) uses it only while acting for
/// the other, which every event then says; otherwise (代办) the roles stand beside the receiver's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    /// Identifier.
    pub id: String,
    /// Who lends.
    pub from_account: AccountId,
    /// Who receives.
    pub to_account: AccountId,
    /// Which roles.
    pub roles: BTreeSet<String>,
    /// First day.
    pub from: BeijingDay,
    /// Last day.
    pub to: BeijingDay,
    /// Why.
    pub reason: String,
    /// Whether the receiver has to act for the lender to use it.
    pub acting: bool,
    /// Since when it has ended before its last day.
    pub ended: Option<Instant>,
}

/// What can be asked of a delegation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum DelegationCommand {
    /// Make it.
    Delegate {
        /// Identifier.
        id: String,
        /// Who lends.
        from_account: AccountId,
        /// Who receives.
        to_account: AccountId,
        /// Which roles.
        roles: BTreeSet<String>,
        /// First day.
        from: BeijingDay,
        /// Last day.
        to: BeijingDay,
        /// Why.
        reason: String,
        /// Whether the receiver has to act for the lender to use it.
        acting: bool,
        /// Those of the two accounts that are open.
        #[serde(skip)]
        open: Vec<AccountId>,
    },
    /// End it now.
    End,
}

/// What happened to a delegation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum DelegationEvent {
    /// It was made.
    Delegated {
        /// As it is from now on.
        delegation: Delegation,
    },
    /// It was ended.
    Ended {
        /// When.
        at: Instant,
    },
}

impl Default for Delegation {
    fn default() -> Self {
        let nobody = || "none".parse().expect("a legal id; replaced by the first event");
        Delegation {
            id: String::new(),
            from_account: nobody(),
            to_account: nobody(),
            roles: BTreeSet::new(),
            from: BeijingDay::from_index(0),
            to: BeijingDay::from_index(0),
            reason: String::new(),
            acting: false,
            ended: None,
        }
    }
}

impl Aggregate for Delegation {
    const KIND: &'static str = "delegation";
    type State = Delegation;
    type Command = DelegationCommand;
    type Event = DelegationEvent;
    type Refusal = OrgError;

    fn decide(
        state: &Delegation,
        version: u64,
        command: DelegationCommand,
        by: &Actor,
        now: Instant,
    ) -> Result<Decision<DelegationEvent>, OrgError> {
        use DelegationCommand::*;
        let event = match (command, version) {
            (Delegate { id, from_account, to_account, roles, from, to, reason, acting, open }, 0) => {
                let reason = crate::error::text("reason", &reason, 200)?;
                let delegation =
                    Delegation { id, from_account, to_account, roles, from, to, reason, acting, ended: None };
                delegation.allowed(&open, by, now)?;
                DelegationEvent::Delegated { delegation }
            }
            (Delegate { .. }, _) => return Err(OrgError::Exists("delegation")),
            (End, 0) => return Err(OrgError::NotFound("delegation")),
            (End, _) if state.ended.is_some() => {
                return Err(OrgError::WrongState { thing: "delegation", state: "ended" });
            }
            (End, _) => DelegationEvent::Ended { at: now },
        };
        Ok(Decision { events: vec![event], effects: Vec::new() })
    }

    fn apply(mut state: Delegation, event: &DelegationEvent) -> Delegation {
        match event {
            DelegationEvent::Delegated { delegation } => return delegation.clone(),
            DelegationEvent::Ended { at } => state.ended = Some(*at),
        }
        state
    }
}

impl Delegation {
    fn allowed(&self, open: &[AccountId], by: &Actor, now: Instant) -> Result<(), OrgError> {
        if self.from_account == self.to_account || by.account == self.to_account {
            return Err(OrgError::SelfDelegation);
        }
        for account in [&self.from_account, &self.to_account] {
            if !open.contains(account) {
                return Err(OrgError::UnknownAccount(account.clone()));
            }
        }
        if self.to < self.from || self.to < day_of(now) {
            return Err(OrgError::WrongDays);
        }
        for role in &self.roles {
            if Roles::bundled().get(role)?.class != RoleClass::Business {
                return Err(OrgError::NotDelegable(role.clone()));
            }
        }
        if self.roles.is_empty() { Err(OrgError::UnknownRole(String::new())) } else { Ok(()) }
    }
}
