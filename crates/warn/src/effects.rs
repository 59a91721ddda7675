use crate::{Found, Warning, WarningCommand, WarningEvent};
use event::{Effect, Recipient, Urgency};
use serde_json::{Value, json};
use units::{AccountId, Instant, WarningId};

/// The action of the timer before the expected end.
pub const REMIND: &str = "warn.remind";
/// The action of the timer at a gate: a draft has waited long.
pub const GATE: &str = "warn.gate";
/// The kind of the job that hands an issued document to the channels.
pub const DELIVER: &str = "warn.deliver";
/// So long before the expected end whoever is on duty is told, hours: time to extend with the plan's lead.
const REMIND_HOURS: i64 = 12;
/// A draft that waits so long at a gate is brought to mind again, minutes.
const GATE_MINUTES: i64 = 30;

/// The warning that a timer or job of this program is about; `None` for a payload of another kind.
pub fn timer_warning(payload: &Value) -> Option<WarningId> {
    payload.get("warning")?.as_str()?.parse().ok()
}

/// Who is to be told, as the server found.
pub(crate) struct Tell(Vec<AccountId>);

impl Tell {
    pub(crate) fn of(command: &WarningCommand) -> Tell {
        use WarningCommand as Command;
        let found: Option<&Found> = match command {
            Command::Propose { found, .. }
            | Command::Draft { found, .. }
            | Command::Assess { found, .. }
            | Command::Sign { found, .. }
            | Command::Issue { found, .. }
            | Command::Remind { found }
            | Command::RemindGate { found } => Some(found),
            Command::Drop { .. } | Command::Summarise { .. } => None,
        };
        Tell(found.map(|found| found.tell.clone()).unwrap_or_default())
    }
}

/// Who is told, what is delivered and what is due after an event. Of an exercise the people of the house alone are
/// told, by notices that say so: this is the one door through which a warning leaves the house.
pub(crate) fn of(event: &WarningEvent, after: &Warning, version: u64, tell: &Tell, now: Instant) -> Vec<Effect> {
    let (mark, mark_en) = if after.exercise { ("【演练】", "[EXERCISE] ") } else { ("", "") };
    let values = json!({"warning": after.id, "code": after.code, "mark": mark, "mark_en": mark_en});
    let notice = |to: Recipient, template: &str, values: &Value| {
        let whom = match &to {
            Recipient::Account(id) => format!("account:{id}"),
            Recipient::Organisation(id) => format!("organisation:{id}"),
        };
        // The version makes the key: one event tells each of them once.
        let key = format!("warning:{}:{version}:{whom}", after.id);
        let (template, values) = (template.to_string(), values.clone());
        Effect::Notify { key, to, template, values, urgency: Urgency::Immediate }
    };
    let accounts = |template: &str, values: &Value| -> Vec<Effect> {
        tell.0.iter().map(|id| notice(Recipient::Account(id.clone()), template, values)).collect()
    };
    let mut effects = match event {
        WarningEvent::Proposed { .. } | WarningEvent::Drafted { .. } => accounts("warning-drafted", &values),
        WarningEvent::Assessed { .. } => accounts("warning-assessed", &values),
        WarningEvent::Signed { .. } => accounts("warning-signed", &values),
        WarningEvent::Reminded {} => accounts("warning-ending", &values),
        WarningEvent::GateReminded {} => accounts("warning-waiting", &values),
        WarningEvent::Issued { document, .. } if after.exercise => {
            let mut values = values;
            values["document"] = Value::from(document.as_str());
            accounts("warning-rehearsed", &values)
        }
        WarningEvent::Issued { document, told, .. } => {
            let values = json!({"warning": after.id, "code": after.code, "document": document});
            let organisations = told.iter().map(|id| Recipient::Organisation(id.clone()));
            let mut effects: Vec<Effect> = organisations.map(|to| notice(to, "warning-issued", &values)).collect();
            let number = after.issued.len();
            effects.push(Effect::Enqueue {
                key: format!("warning:{}:deliver:{number}", after.id),
                kind: DELIVER.to_string(),
                payload: json!({"warning": after.id, "number": number}),
            });
            effects.push(reminder(after, now));
            effects
        }
        WarningEvent::Dropped { .. } | WarningEvent::Summarised { .. } => Vec::new(),
    };
    if !after.exercise {
        effects.extend(gate_timer(event, after, now));
    }
    effects
}

/// The timer at the gate where a draft waits; gone once it waits no more.
fn gate_timer(event: &WarningEvent, after: &Warning, now: Instant) -> Option<Effect> {
    let key = format!("warning:{}:gate", after.id);
    match event {
        WarningEvent::Reminded {} | WarningEvent::Summarised { .. } => None,
        _ if after.draft.is_none() => Some(Effect::CancelTimer { key }),
        _ => Some(Effect::SetTimer {
            key,
            due: Instant::from_utc(now.to_utc() + chrono::TimeDelta::minutes(GATE_MINUTES)),
            action: GATE.to_string(),
            payload: json!({"warning": after.id}),
        }),
    }
}

/// The timer before the end of what holds; none any more when nothing holds.
fn reminder(after: &Warning, now: Instant) -> Effect {
    let key = format!("warning:{}:remind", after.id);
    let due = after.terms().map(|terms| terms.end.to_utc() - chrono::TimeDelta::hours(REMIND_HOURS));
    match due.map(Instant::from_utc) {
        Some(due) => Effect::SetTimer {
            key,
            due: due.max(now),
            action: REMIND.to_string(),
            payload: json!({"warning": after.id}),
        },
        None => Effect::CancelTimer { key },
    }
}
