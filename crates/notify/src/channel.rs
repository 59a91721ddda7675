use crate::{NotifyError, Settings};
use event::{Actor, Aggregate, Decision};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use units::{Instant, OrgId};

/// The history of one configured channel (渠道).
#[derive(Clone, Copy, Debug)]
pub struct Channel;

/// A channel as it is now; without its secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelState {
    /// Its name, for people.
    pub name: String,
    /// Whose it is. Mail and text messages serve everyone at or below; a robot serves this organisation alone.
    pub organisation: Option<OrgId>,
    /// How it is reached.
    pub settings: Option<Settings>,
    /// Whether it is used.
    pub active: bool,
    /// Names of the secrets that are set.
    pub secrets: BTreeSet<String>,
    /// Whether it was closed for good.
    pub closed: bool,
}

/// What can be asked of a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum ChannelCommand {
    /// Opens it.
    Open {
        /// Its name.
        name: String,
        /// Whose it is.
        organisation: OrgId,
        /// How it is reached.
        settings: Settings,
    },
    /// Changes what is given.
    Change {
        /// A new name.
        name: Option<String>,
        /// Other settings of the same kind.
        settings: Option<Settings>,
        /// Whether it is used.
        active: Option<bool>,
    },
    /// Notes that secrets were set. The values go into their own table, never here.
    SetSecrets {
        /// Their names.
        names: BTreeSet<String>,
    },
    /// Closes it for good.
    Close,
}

/// What happened to a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum ChannelEvent {
    /// It was opened.
    Opened {
        /// Its name.
        name: String,
        /// Whose it is.
        organisation: OrgId,
        /// How it is reached.
        settings: Settings,
    },
    /// It was changed.
    Changed {
        /// The new name.
        name: Option<String>,
        /// The new settings.
        settings: Option<Settings>,
        /// Whether it is used.
        active: Option<bool>,
    },
    /// Secrets were set.
    SecretSet {
        /// Their names.
        names: BTreeSet<String>,
    },
    /// It was closed.
    Closed,
}

impl Aggregate for Channel {
    const KIND: &'static str = "channel";
    type State = ChannelState;
    type Command = ChannelCommand;
    type Event = ChannelEvent;
    type Refusal = NotifyError;

    fn decide(
        state: &ChannelState,
        version: u64,
        command: ChannelCommand,
        _by: &Actor,
        _now: Instant,
    ) -> Result<Decision<ChannelEvent>, NotifyError> {
        if let ChannelCommand::Open { name, organisation, settings } = command {
            let name = named(name)?;
            return match version {
                0 => Ok(Decision::one(ChannelEvent::Opened { name, organisation, settings })),
                _ => Err(NotifyError::Exists),
            };
        }
        if version == 0 || state.closed {
            return Err(NotifyError::Closed);
        }
        match command {
            ChannelCommand::Change { name, settings, active } => change(state, name, settings, active),
            ChannelCommand::SetSecrets { names } => Ok(Decision::one(ChannelEvent::SecretSet { names })),
            ChannelCommand::Close | ChannelCommand::Open { .. } => Ok(Decision::one(ChannelEvent::Closed)),
        }
    }

    fn apply(state: ChannelState, event: &ChannelEvent) -> ChannelState {
        match event.clone() {
            ChannelEvent::Opened { name, organisation, settings } => {
                let (organisation, settings) = (Some(organisation), Some(settings));
                ChannelState { name, organisation, settings, active: true, ..ChannelState::default() }
            }
            ChannelEvent::Changed { name, settings, active } => ChannelState {
                name: name.unwrap_or(state.name),
                settings: settings.or(state.settings),
                active: active.unwrap_or(state.active),
                ..state
            },
            ChannelEvent::SecretSet { names } => {
                ChannelState { secrets: state.secrets.union(&names).cloned().collect(), ..state }
            }
            ChannelEvent::Closed => ChannelState { active: false, closed: true, ..state },
        }
    }
}

fn change(
    state: &ChannelState,
    name: Option<String>,
    settings: Option<Settings>,
    active: Option<bool>,
) -> Result<Decision<ChannelEvent>, NotifyError> {
    let kind = state.settings.as_ref().map(Settings::kind);
    if settings.as_ref().is_some_and(|settings| Some(settings.kind()) != kind) {
        return Err(NotifyError::OtherKind);
    }
    let name = name.map(named).transpose()?.filter(|name| *name != state.name);
    let settings = settings.filter(|settings| Some(settings) != state.settings.as_ref());
    let active = active.filter(|active| *active != state.active);
    if name.is_none() && settings.is_none() && active.is_none() {
        return Ok(Decision::nothing());
    }
    Ok(Decision::one(ChannelEvent::Changed { name, settings, active }))
}

fn named(name: String) -> Result<String, NotifyError> {
    let name = name.trim().to_string();
    let good = (1..=60).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    let reason = "is empty, longer than 60 characters or has control characters";
    if good { Ok(name) } else { Err(crate::settings::bad("name", reason)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Allowed, Secrets};
    use event::given;

    fn by() -> Actor {
        let (account, organisation) = ("sysadmin".parse().unwrap(), "js".parse().unwrap());
        Actor { account, organisation, on_behalf_of: None, origin: "test".into() }
    }

    fn now() -> Instant {
        "2026-01-05T08:00:00+08:00".parse().unwrap()
    }

    fn settings(kind: &str) -> Settings {
        serde_json::from_str(&format!(r#"{{"kind":"{kind}"}}"#)).unwrap()
    }

    fn opened() -> ChannelEvent {
        let (name, organisation) = ("值班群".to_string(), "js".parse().unwrap());
        ChannelEvent::Opened { name, organisation, settings: settings("wecom") }
    }

    fn change(name: Option<&str>, kind: Option<&str>, active: Option<bool>) -> ChannelCommand {
        ChannelCommand::Change { name: name.map(Into::into), settings: kind.map(settings), active }
    }

    #[test]
    fn a_channel_is_opened_changed_and_closed_for_good() {
        let opened = [opened()];
        let changed = given::<Channel>(opened.clone()).when(change(None, None, Some(false)), &by(), now()).accepted();
        assert!(!changed.state.active && changed.state.name == "值班群");
        let closed = opened.into_iter().chain([ChannelEvent::Closed]);
        given::<Channel>(closed).when(change(None, None, Some(true)), &by(), now()).refused("N-302");
    }

    #[test]
    fn the_kind_stays_and_the_same_again_is_nothing() {
        given::<Channel>([opened()]).when(change(None, Some("feishu"), None), &by(), now()).refused("N-303");
        given::<Channel>([opened()]).when(change(Some(" 值班群 "), Some("wecom"), Some(true)), &by(), now()).then([]);
        given::<Channel>([opened()]).when(change(Some("a\r\nb"), None, None), &by(), now()).refused("N-203");
        given::<Channel>([]).when(ChannelCommand::Close, &by(), now()).refused("N-302");
    }

    #[test]
    fn an_event_knows_the_name_of_a_secret_and_never_its_value() {
        let secrets = Secrets::from([("key".to_string(), "VALUE".to_string())]);
        settings("wecom").check(&Allowed::default()).unwrap();
        settings("wecom").check_secrets(&secrets).unwrap();
        let command = ChannelCommand::SetSecrets { names: secrets.keys().cloned().collect() };
        let outcome = given::<Channel>([opened()]).when(command, &by(), now()).accepted();
        let text = serde_json::to_string(&(&outcome.events, &outcome.state)).unwrap();
        assert!(text.contains("key") && !text.contains("VALUE"));
    }
}
