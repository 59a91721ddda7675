use crate::{Matter, MatterCommand, MatterEvent};
use event::{Effect, Recipient, Urgency};
use serde_json::{Value, json};
use units::{BeijingDay, BeijingHour, Instant, MatterId};

/// The action of the timer before the due day.
pub const REMIND: &str = "matter.remind";
/// The action of the timer after the due day.
pub const OVERDUE: &str = "matter.overdue";
const REMIND_AT: u8 = 9;

/// What a timer of a matter asks for when it fires; `None` for a payload that is not of this program.
pub fn timer_command(action: &str, payload: &Value) -> Option<(MatterId, MatterCommand)> {
    let matter = payload.get("matter")?.as_str()?.parse().ok()?;
    let due = payload.get("due")?.as_str()?.parse().ok()?;
    match action {
        REMIND => Some((matter, MatterCommand::Remind { due })),
        OVERDUE => Some((matter, MatterCommand::MarkOverdue { due })),
        _ => None,
    }
}

/// Who is told, and what is due when, after an event.
pub(crate) fn of(
    before: &Matter,
    event: &MatterEvent,
    after: &Matter,
    version: u64,
    remind_on: Option<BeijingDay>,
    now: Instant,
) -> Vec<Effect> {
    let tell = Tell { matter: after, version };
    match event {
        MatterEvent::Created { .. } => {
            let mut effects = tell.assigned("matter-assigned", tell.with_due(), Urgency::Immediate);
            effects.extend(timers(after, remind_on, now));
            effects
        }
        MatterEvent::Assigned { .. } => {
            let new = after.assigned.iter().filter(|id| !before.assigned.contains(id));
            let to = new.map(|id| Recipient::Organisation(id.clone()));
            tell.all(to, "matter-assigned", &tell.with_due(), Urgency::Immediate)
        }
        MatterEvent::Commented { text } => {
            let mut effects = tell.assigned("matter-comment", tell.with("comment", text), Urgency::Digest);
            effects.push(tell.maker("matter-comment", tell.with("comment", text)));
            effects
        }
        MatterEvent::Submitted { .. } => {
            let mut effects = vec![tell.maker("matter-submitted", tell.values())];
            effects.extend(cancel_timers(after));
            effects
        }
        MatterEvent::Approved { .. } => {
            let mut effects = tell.assigned("matter-closed", tell.values(), Urgency::Digest);
            effects.extend(cancel_timers(after));
            effects
        }
        MatterEvent::Returned { text, .. } => {
            let mut effects = tell.assigned("matter-returned", tell.with("reason", text), Urgency::Immediate);
            effects.extend(timers(after, None, now));
            effects
        }
        MatterEvent::Cancelled { text } => {
            let mut effects = tell.assigned("matter-cancelled", tell.with("reason", text), Urgency::Immediate);
            effects.extend(cancel_timers(after));
            effects
        }
        MatterEvent::Rescheduled { .. } => {
            let mut effects = tell.assigned("matter-rescheduled", tell.with_due(), Urgency::Immediate);
            effects.extend(if after.due.is_some() { timers(after, remind_on, now) } else { cancel_timers(after) });
            effects
        }
        MatterEvent::Reminded { .. } => tell.assigned("matter-due-soon", tell.with_due(), Urgency::Immediate),
        MatterEvent::BecameOverdue { .. } => {
            let mut effects = tell.assigned("matter-overdue", tell.with_due(), Urgency::Immediate);
            effects.push(tell.maker("matter-overdue", tell.with_due()));
            effects
        }
        MatterEvent::Acknowledged { .. } | MatterEvent::EvidenceAttached { .. } | MatterEvent::Renamed { .. } => {
            Vec::new()
        }
    }
}

struct Tell<'a> {
    matter: &'a Matter,
    version: u64,
}

impl Tell<'_> {
    fn values(&self) -> Value {
        json!({"matter": self.matter.id, "code": self.matter.code, "title": self.matter.title})
    }

    fn with(&self, name: &str, value: &str) -> Value {
        let mut values = self.values();
        values[name] = Value::from(value);
        values
    }

    fn with_due(&self) -> Value {
        self.with("due", &self.matter.due.map_or("—".to_string(), |due| due.to_string()))
    }

    fn assigned(&self, template: &str, values: Value, urgency: Urgency) -> Vec<Effect> {
        let to = self.matter.assigned.iter().map(|id| Recipient::Organisation(id.clone()));
        self.all(to, template, &values, urgency)
    }

    fn maker(&self, template: &str, values: Value) -> Effect {
        self.one(Recipient::Account(self.matter.created_by.clone()), template, values, Urgency::Digest)
    }

    fn all(
        &self,
        to: impl Iterator<Item = Recipient>,
        template: &str,
        values: &Value,
        urgency: Urgency,
    ) -> Vec<Effect> {
        to.map(|to| self.one(to, template, values.clone(), urgency)).collect()
    }

    /// The version makes the key: one event tells each of them once.
    fn one(&self, to: Recipient, template: &str, values: Value, urgency: Urgency) -> Effect {
        let whom = match &to {
            Recipient::Account(id) => format!("account:{id}"),
            Recipient::Organisation(id) => format!("organisation:{id}"),
        };
        let key = format!("matter:{}:{}:{whom}", self.matter.id, self.version);
        Effect::Notify { key, to, template: template.to_string(), values, urgency }
    }
}

/// Reminds at nine on the workday before, else on the day before, and marks as overdue when the due day has ended.
/// A reminder whose time has passed already is left out: it would say what was just said.
fn timers(matter: &Matter, remind_on: Option<BeijingDay>, now: Instant) -> Vec<Effect> {
    let Some(due) = matter.due else { return Vec::new() };
    let moment = |day, label| BeijingHour::of_day(day, label).expect("labels from 1 to 24").end();
    let remind = moment(remind_on.unwrap_or(due - 1), REMIND_AT);
    let timer = |name: &str, due_at, action: &str| Effect::SetTimer {
        key: key(matter, name),
        due: due_at,
        action: action.to_string(),
        payload: json!({"matter": matter.id, "due": due}),
    };
    let before =
        if remind > now { timer("remind", remind, REMIND) } else { Effect::CancelTimer { key: key(matter, "remind") } };
    vec![before, timer("due", moment(due, 24), OVERDUE)]
}

fn cancel_timers(matter: &Matter) -> Vec<Effect> {
    ["remind", "due"].map(|name| Effect::CancelTimer { key: key(matter, name) }).into()
}

fn key(matter: &Matter, name: &str) -> String {
    format!("matter:{}:{name}", matter.id)
}
