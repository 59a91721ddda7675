use crate::{AttachmentError, Kind, Position};
use event::{Actor, Aggregate, Decision};
use serde::{Deserialize, Serialize};
use units::{AccountId, Instant, MatterId};

/// Longest reason for withdrawing, in characters.
const LONGEST_REASON: usize = 500;

/// The history of one entry (附件): added once, perhaps withdrawn, never replaced and never deleted.
pub struct Attachment;

/// One file added to one matter. The same content added twice is two entries.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// What was added; `None` before that.
    pub file: Option<File>,
    /// Why it was withdrawn; `None` while it stands.
    pub withdrawn: Option<String>,
}

/// The file of an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct File {
    /// The matter it belongs to; its scope is the file's.
    pub matter: MatterId,
    /// `sha256:…` or `sm3:…` of the content, which is also its place.
    pub digest: String,
    /// The name it is listed and sent under, cleaned.
    pub name: String,
    /// What the content is.
    pub kind: Kind,
    /// Size.
    pub bytes: u64,
    /// When the photo says it was taken.
    pub taken_at: Option<Instant>,
    /// Where the photo says it was taken.
    pub position: Option<Position>,
    /// Who added it.
    pub added_by: Option<AccountId>,
}

/// What can be asked of an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Add it.
    Add(File),
    /// Withdraw it; it stays listed with the reason.
    Withdraw {
        /// Why.
        reason: String,
    },
}

/// What can have happened to an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It was added.
    Added(File),
    /// It was withdrawn.
    Withdrawn {
        /// Why.
        reason: String,
    },
}

impl Aggregate for Attachment {
    const KIND: &'static str = "attachment";
    type State = Entry;
    type Command = Command;
    type Event = Event;
    type Refusal = AttachmentError;

    fn decide(
        state: &Entry,
        _version: u64,
        command: Command,
        by: &Actor,
        _now: Instant,
    ) -> Result<Decision<Event>, AttachmentError> {
        match (command, &state.file, &state.withdrawn) {
            (Command::Add(file), None, _) => {
                Ok(Decision::one(Event::Added(File { added_by: Some(by.account.clone()), ..file })))
            }
            (Command::Add(_), Some(_), _) => Err(AttachmentError::Exists),
            (Command::Withdraw { .. }, None, _) => Err(AttachmentError::Unknown),
            (Command::Withdraw { .. }, _, Some(reason)) => Err(AttachmentError::Withdrawn(reason.clone())),
            (Command::Withdraw { reason }, Some(_), None) => withdraw(reason.trim()),
        }
    }

    fn apply(state: Entry, event: &Event) -> Entry {
        match event {
            Event::Added(file) => Entry { file: Some(file.clone()), ..state },
            Event::Withdrawn { reason } => Entry { withdrawn: Some(reason.clone()), ..state },
        }
    }
}

fn withdraw(reason: &str) -> Result<Decision<Event>, AttachmentError> {
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(AttachmentError::NoReason(LONGEST_REASON));
    }
    Ok(Decision::one(Event::Withdrawn { reason: reason.into() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use event::given;

    fn by() -> Actor {
        let (account, organisation) = ("inspector".parse().unwrap(), "njqx".parse().unwrap());
        Actor { account, organisation, on_behalf_of: None, origin: "test".into() }
    }

    fn now() -> Instant {
        "2018-01-15T10:00:00+08:00".parse().unwrap()
    }

    fn file() -> File {
        File {
            matter: "m1".parse().unwrap(),
            digest: format!("sha256:{}", "0".repeat(64)),
            name: "现场.jpg".into(),
            kind: Kind::Jpeg,
            bytes: 3,
            taken_at: None,
            position: Some(Position { lon: 117.285, lat: 34.205083 }),
            added_by: None,
        }
    }

    fn added() -> Event {
        Event::Added(File { added_by: Some(by().account), ..file() })
    }

    #[test]
    fn a_file_is_added_once_and_says_by_whom() {
        given::<Attachment>([]).when(Command::Add(file()), &by(), now()).then([added()]);
        given::<Attachment>([added()]).when(Command::Add(file()), &by(), now()).refused("A-430");
    }

    #[test]
    fn a_withdrawn_entry_stays_with_its_reason() {
        let withdraw = |reason: &str| Command::Withdraw { reason: reason.into() };
        let outcome = given::<Attachment>([added()]).when(withdraw(" wrong place "), &by(), now()).accepted();
        assert_eq!(outcome.state.withdrawn.as_deref(), Some("wrong place"));
        assert!(outcome.state.file.is_some());
        let gone = Event::Withdrawn { reason: "wrong place".into() };
        given::<Attachment>([added(), gone]).when(withdraw("again"), &by(), now()).refused("A-432");
        given::<Attachment>([added()]).when(withdraw("  "), &by(), now()).refused("A-433");
        given::<Attachment>([]).when(withdraw("x"), &by(), now()).refused("A-431");
    }

    #[test]
    fn an_event_comes_back_from_its_json() {
        let json = serde_json::to_value(added()).unwrap();
        assert_eq!((&json["event"], &json["kind"]), (&"added".into(), &"jpeg".into()));
        assert_eq!(serde_json::from_value::<Event>(json).unwrap(), added());
    }
}
