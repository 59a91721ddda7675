use crate::WarnError;
use event::{Actor, Aggregate, Decision, Effect, Recipient, Urgency};
use serde::{Deserialize, Serialize};
use serde_json::json;
use units::{AccountId, BeijingHour, Instant, RegionCode};

const PROGRAM: [&str; 2] = ["timer", "job"];

/// Cities that are heavily polluted by the newest observations (已达重污染), as the house was last told of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// The cities.
    pub heavy: Vec<RegionCode>,
}

/// What can be asked of the watch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum WatchCommand {
    /// Note what the newest observations show. The program's own.
    Look {
        /// The newest hour.
        hour: BeijingHour,
        /// Cities above the plan's bound of late detection and without a warning in force, with their names.
        heavy: Vec<(RegionCode, String)>,
        /// Who is to be told, as the server found.
        #[serde(skip)]
        tell: Vec<AccountId>,
    },
}

/// What the watch has seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum WatchEvent {
    /// Other cities than before.
    Seen {
        /// The newest hour.
        hour: BeijingHour,
        /// All of them.
        heavy: Vec<RegionCode>,
    },
}

impl Aggregate for Watch {
    const KIND: &'static str = "warning_watch";
    type State = Watch;
    type Command = WatchCommand;
    type Event = WatchEvent;
    type Refusal = WarnError;

    /// A city is told of once, until it is seen below the bound or warned in between.
    fn decide(
        state: &Watch,
        version: u64,
        command: WatchCommand,
        by: &Actor,
        _now: Instant,
    ) -> Result<Decision<WatchEvent>, WarnError> {
        if !PROGRAM.contains(&by.origin.as_str()) {
            return Err(WarnError::ProgramOnly);
        }
        let WatchCommand::Look { hour, heavy, tell } = command;
        let codes: Vec<RegionCode> = heavy.iter().map(|(code, _)| *code).collect();
        if codes == state.heavy {
            return Ok(Decision::nothing());
        }
        let new: Vec<&str> =
            heavy.iter().filter(|(code, _)| !state.heavy.contains(code)).map(|(_, name)| name.as_str()).collect();
        let values = json!({"cities": new.join("、"), "hour": hour.to_string()});
        let notice = |account: AccountId| Effect::Notify {
            key: format!("warning-watch:{version}:account:{account}"),
            to: Recipient::Account(account),
            template: "warning-late".into(),
            values: values.clone(),
            urgency: Urgency::Immediate,
        };
        let effects = if new.is_empty() { Vec::new() } else { tell.into_iter().map(notice).collect() };
        Ok(Decision { events: vec![WatchEvent::Seen { hour, heavy: codes }], effects })
    }

    fn apply(_state: Watch, event: &WatchEvent) -> Watch {
        let WatchEvent::Seen { heavy, .. } = event;
        Watch { heavy: heavy.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(state: &mut Watch, cities: &[(&str, &str)]) -> Vec<Effect> {
        let by = Actor {
            account: "system".parse().unwrap(),
            organisation: "js".parse().unwrap(),
            on_behalf_of: None,
            origin: "job".into(),
        };
        let at: Instant = "2026-01-15T08:00:00+08:00".parse().unwrap();
        let heavy = cities.iter().map(|(code, name)| (code.parse().unwrap(), name.to_string())).collect();
        let command = WatchCommand::Look { hour: at.last_ended_hour(), heavy, tell: vec!["duty".parse().unwrap()] };
        let decided = Watch::decide(state, 1, command, &by, at).unwrap();
        for event in &decided.events {
            *state = Watch::apply(state.clone(), event);
        }
        decided.effects
    }

    #[test]
    fn a_city_is_told_of_once_until_it_was_clean_again() {
        let (mut state, xuzhou, suqian) = (Watch::default(), ("320300", "徐州"), ("321300", "宿迁"));
        assert_eq!(look(&mut state, &[]).len(), 0);
        assert_eq!(look(&mut state, &[xuzhou]).len(), 1);
        assert_eq!(look(&mut state, &[xuzhou]).len(), 0, "it still is");
        let both = look(&mut state, &[xuzhou, suqian]);
        assert!(matches!(&both[..], [Effect::Notify { values, .. }] if values["cities"] == "宿迁"), "{both:?}");
        assert_eq!(look(&mut state, &[suqian]).len(), 0);
        assert_eq!(look(&mut state, &[xuzhou, suqian]).len(), 1, "it is there again");
    }
}
