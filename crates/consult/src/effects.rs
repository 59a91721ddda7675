use crate::{Room, RoomCommand, RoomEvent};
use event::{Effect, Recipient, Urgency};
use serde_json::{Value, json};
use units::{AccountId, ConsultationId, Instant};

/// The action of the timer before bids end.
pub const REMIND: &str = "consult.remind";
/// The kind of the job that puts a signed room in the place of earlier ones.
pub const SUPERSEDE: &str = "consult.supersede";

/// The room that a timer or job of this program is about; `None` for a payload of another kind.
pub fn timer_room(payload: &Value) -> Option<ConsultationId> {
    payload.get("consultation")?.as_str()?.parse().ok()
}

/// What was looked up for a command and only its effects need.
pub(crate) struct Asked {
    accounts: Vec<AccountId>,
    remind_at: Option<Instant>,
}

impl Asked {
    pub(crate) fn of(command: &RoomCommand) -> Asked {
        let (accounts, remind_at) = match command {
            RoomCommand::Open { with: Some(with), .. } => (Vec::new(), Some(with.remind_at)),
            RoomCommand::Remind { missing } => (missing.clone(), None),
            RoomCommand::Conclude { signers, .. } | RoomCommand::Correct { signers, .. } => (signers.clone(), None),
            _ => (Vec::new(), None),
        };
        Asked { accounts, remind_at }
    }
}

/// Who is told, and what is due when, after an event.
pub(crate) fn of(event: &RoomEvent, after: &Room, version: u64, asked: &Asked, now: Instant) -> Vec<Effect> {
    let tell = Tell { room: after, version };
    match event {
        RoomEvent::Opened { .. } => {
            let values = tell.with("reason", &after.opening.zh, &after.bids_until.to_string());
            let mut effects = tell.all(&after.invited, "consult-invited", &values, Urgency::Immediate);
            effects.extend(asked.remind_at.filter(|at| *at > now).map(|due| Effect::SetTimer {
                key: remind_key(after),
                due,
                action: REMIND.to_string(),
                payload: json!({"consultation": after.id}),
            }));
            effects
        }
        RoomEvent::Reminded {} => {
            let mut values = tell.values();
            values["until"] = Value::from(after.bids_until.to_string());
            tell.all(&asked.accounts, "consult-reminder", &values, Urgency::Immediate)
        }
        RoomEvent::Concluded { conclusion } | RoomEvent::Corrected { conclusion } => {
            let signers: Vec<AccountId> = asked.accounts.iter().filter(|id| **id != conclusion.by).cloned().collect();
            let mut values = tell.values();
            values["number"] = Value::from(conclusion.number);
            let mut effects = tell.all(&signers, "consult-concluded", &values, Urgency::Immediate);
            effects.push(Effect::CancelTimer { key: remind_key(after) });
            effects
        }
        RoomEvent::Signed { told, .. } => {
            let number = after.official.as_ref().map_or(1, |official| official.conclusion.number);
            let mut values = tell.values();
            values["number"] = Value::from(number);
            let to = told.iter().map(|id| Recipient::Organisation(id.clone()));
            let told = to.map(|to| tell.one(to, "consult-signed", values.clone(), Urgency::Digest));
            let mut effects: Vec<Effect> = told.collect();
            effects.push(Effect::Enqueue {
                key: format!("consultation:{}:supersede:{number}", after.id),
                kind: SUPERSEDE.to_string(),
                payload: json!({"consultation": after.id}),
            });
            effects
        }
        RoomEvent::Cancelled { text } => {
            let mut values = tell.values();
            values["reason"] = Value::from(text.as_str());
            let mut effects = tell.all(&after.invited, "consult-cancelled", &values, Urgency::Immediate);
            effects.push(Effect::CancelTimer { key: remind_key(after) });
            effects
        }
        RoomEvent::Remarked { .. }
        | RoomEvent::Superseded { .. }
        | RoomEvent::GuestInvited { .. }
        | RoomEvent::GuestRevoked { .. } => Vec::new(),
    }
}

struct Tell<'a> {
    room: &'a Room,
    version: u64,
}

impl Tell<'_> {
    fn values(&self) -> Value {
        let (room, issue) = (self.room, self.room.issue().to_string());
        json!({"consultation": room.id, "code": room.code, "kind": room.kind.name(), "issue": issue})
    }

    fn with(&self, name: &str, value: &str, until: &str) -> Value {
        let mut values = self.values();
        values[name] = Value::from(value);
        values["until"] = Value::from(until);
        values
    }

    fn all(&self, to: &[AccountId], template: &str, values: &Value, urgency: Urgency) -> Vec<Effect> {
        let to = to.iter().map(|id| Recipient::Account(id.clone()));
        to.map(|to| self.one(to, template, values.clone(), urgency)).collect()
    }

    /// The version makes the key: one event tells each of them once.
    fn one(&self, to: Recipient, template: &str, values: Value, urgency: Urgency) -> Effect {
        let whom = match &to {
            Recipient::Account(id) => format!("account:{id}"),
            Recipient::Organisation(id) => format!("organisation:{id}"),
        };
        let key = format!("consultation:{}:{}:{whom}", self.room.id, self.version);
        Effect::Notify { key, to, template: template.to_string(), values, urgency }
    }
}

fn remind_key(room: &Room) -> String {
    format!("consultation:{}:remind", room.id)
}
