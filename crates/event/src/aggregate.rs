use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use units::{AccountId, Instant, OrgId};

/// Who did it (操作人): the account, for which organisation, and from where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The account that acted.
    pub account: AccountId,
    /// The organisation it belongs to.
    pub organisation: OrgId,
    /// The organisation it acted for, when that is another one (代办).
    pub on_behalf_of: Option<OrgId>,
    /// The way it came: `web 10.0.0.1`, `token <id>`, `timer`, `cli`.
    pub origin: String,
}

/// One kind of thing that has a history (聚合): an account, an organisation, a matter.
///
/// `decide` looks and answers, `apply` changes; both are functions of their arguments. What is stored is what is
/// applied: an event goes through its JSON once before `apply` sees it, so that a rebuild cannot differ.
pub trait Aggregate: Sized + Send + Sync + 'static {
    /// The name of the kind in the log, for example `matter`. Stored: never change it.
    const KIND: &'static str;
    /// What is known of one thing now. An unknown thing is the default.
    type State: Default + Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync;
    /// What can be asked. Without secrets: its name goes into the record, its digest into the key table.
    type Command: Serialize + DeserializeOwned + Send;
    /// What can have happened; `#[serde(tag = "event", rename_all = "snake_case")]`. Without secrets and without
    /// personal data, because it is kept for ever.
    type Event: Serialize + DeserializeOwned + Send + Sync;
    /// Why a command was not accepted; its text begins with its code.
    type Refusal: std::error::Error + Send + Sync + 'static;

    /// Accepts or refuses a command. `version` is the number of events so far, 0 for a thing that does not exist;
    /// `now` is the moment that the screen shows (the replay clock, when one is set).
    fn decide(
        state: &Self::State,
        version: u64,
        command: Self::Command,
        by: &Actor,
        now: Instant,
    ) -> Result<Decision<Self::Event>, Self::Refusal>;

    /// The state after an event. Total: an event that was stored always applies.
    fn apply(state: Self::State, event: &Self::Event) -> Self::State;
}

/// What an accepted command brings about. No events: there was nothing to do, and that was fine.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision<E> {
    /// What happened, in order.
    pub events: Vec<E>,
    /// What is to follow, written in the same transaction.
    pub effects: Vec<Effect>,
}

impl<E> Decision<E> {
    /// Accepted, and nothing to do.
    pub fn nothing() -> Self {
        Decision { events: Vec::new(), effects: Vec::new() }
    }

    /// One thing happened, and nothing follows.
    pub fn one(event: E) -> Self {
        Decision { events: vec![event], effects: Vec::new() }
    }

    /// The same with one thing more to follow.
    pub fn and(mut self, effect: Effect) -> Self {
        self.effects.push(effect);
        self
    }
}

/// What is to follow from a command (后续动作). Written with the events, never repeated by a rebuild.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// Something is due at a moment. The same key again replaces what was set before.
    SetTimer {
        /// Its name, for example `matter:<id>:due`.
        key: String,
        /// When, by the clock that the screen shows.
        due: Instant,
        /// Which handler.
        action: String,
        /// What the handler is told.
        payload: Value,
    },
    /// It is not due any more.
    CancelTimer {
        /// Its name.
        key: String,
    },
    /// Work for the background. The same key again does nothing.
    Enqueue {
        /// Its name: what makes it one and the same job.
        key: String,
        /// Which handler.
        kind: String,
        /// What the handler is told.
        payload: Value,
    },
    /// People are to be told. The same key again does nothing.
    Notify {
        /// Its name: what makes it one and the same notice.
        key: String,
        /// Who.
        to: Recipient,
        /// The id of the template.
        template: String,
        /// The values of its placeholders.
        values: Value,
        /// At once or in the digest.
        urgency: Urgency,
    },
}

/// Who is told (收件人).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// One account.
    Account(AccountId),
    /// Every active account of an organisation.
    Organisation(OrgId),
}

/// How soon (紧急程度).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// At once, also in quiet hours: orders, escalations, red lights.
    Immediate,
    /// In the next digest.
    Digest,
}
