use crate::{Actor, EventError, micros};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use units::Instant;

/// The largest whole number that RFC 8785 writes without loss.
const LARGEST_EXACT: u64 = 1 << 53;

/// One event as it is kept (事件记录): what happened, by whom, when, why, and what changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Its place in the log, from 1 without gaps.
    pub seq: i64,
    /// The kind of the thing that changed.
    pub stream_kind: String,
    /// The id of the thing that changed.
    pub stream_id: String,
    /// The thing's version after this event, from 1 without gaps.
    pub version: u64,
    /// The name of the event.
    pub name: String,
    /// Who did it.
    pub actor: Actor,
    /// When, by the wall clock.
    #[serde(with = "micros")]
    pub at: Instant,
    /// When, by the clock that the screen showed; the same as `at` when no replay runs.
    #[serde(with = "micros")]
    pub shown: Instant,
    /// The idempotency key of the command, if it had one.
    pub command_id: Option<String>,
    /// The name of the command.
    pub command: String,
    /// The reason given.
    pub reason: Option<String>,
    /// The fields of the state that changed, as they were.
    pub before: Value,
    /// The same fields as they are now.
    pub after: Value,
    /// The event.
    pub body: Value,
}

impl Record {
    /// The record with its moments cut to the microsecond, which is what is stored and hashed.
    pub fn truncated(mut self) -> Self {
        (self.at, self.shown) = (micros::truncated(self.at), micros::truncated(self.shown));
        self
    }

    /// Reads a stored text. Refuses `E-102` what is not a record.
    pub fn read(text: &str) -> Result<Record, EventError> {
        serde_json::from_str(text).map_err(|error| EventError::NotARecord { reason: error.to_string() })
    }
}

/// The record in canonical JSON (RFC 8785): the text that is stored and hashed.
///
/// Refuses `E-101` a whole number beyond 2^53, which canonical JSON cannot write without loss.
pub fn canonical(record: &Record) -> Result<String, EventError> {
    canonical_value(&serde_json::to_value(record).map_err(EventError::not_json)?)
}

/// Any value in canonical JSON; refuses `E-101` like [`canonical`].
pub fn canonical_value(value: &Value) -> Result<String, EventError> {
    exact(value)?;
    serde_json_canonicalizer::to_string(value).map_err(EventError::not_json)
}

fn exact(value: &Value) -> Result<(), EventError> {
    match value {
        Value::Number(number) => {
            let size = number.as_i64().map(i64::unsigned_abs).or(number.as_u64()).unwrap_or_default();
            if size > LARGEST_EXACT { Err(EventError::NotExact(number.to_string())) } else { Ok(()) }
        }
        Value::Array(items) => items.iter().try_for_each(exact),
        Value::Object(fields) => fields.values().try_for_each(exact),
        _ => Ok(()),
    }
}

/// The name of a command or an event: the value of `tag`, the text itself, or the only key.
pub fn name_of(value: &Value, tag: &str) -> String {
    match value {
        Value::String(name) => name.clone(),
        Value::Object(fields) => match fields.get(tag) {
            Some(Value::String(name)) => name.clone(),
            _ if fields.len() == 1 => fields.keys().next().cloned().unwrap_or_default(),
            _ => String::new(),
        },
        _ => String::new(),
    }
}

/// The fields that differ between two states, as they were and as they are; a state that is no object is one field.
pub fn changed(before: &Value, after: &Value) -> (Value, Value) {
    let (Value::Object(old), Value::Object(new)) = (before, after) else {
        return (before.clone(), after.clone());
    };
    let pick = |from: &Map<String, Value>, other: &Map<String, Value>| {
        let differing = from.iter().filter(|(name, value)| other.get(*name) != Some(value));
        Value::Object(differing.map(|(name, value)| (name.clone(), value.clone())).collect())
    };
    (pick(old, new), pick(new, old))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use serde_json::json;

    pub(crate) fn record(seq: i64) -> Record {
        Record {
            seq,
            stream_kind: "matter".into(),
            stream_id: "m1".into(),
            version: seq as u64,
            name: "created".into(),
            actor: Actor {
                account: "air".parse().unwrap(),
                organisation: "js".parse().unwrap(),
                on_behalf_of: None,
                origin: "web 10.0.0.1".into(),
            },
            at: "2018-01-13T20:00:00.123456+08:00".parse().unwrap(),
            shown: "2018-01-13T20:00:00+08:00".parse().unwrap(),
            command_id: None,
            command: "create".into(),
            reason: Some("现场检查".into()),
            before: json!({}),
            after: json!({"title": "x"}),
            body: json!({"event": "created", "share": 1.0, "title": "x"}),
        }
    }

    #[test]
    fn the_text_is_canonical_and_comes_back() {
        let text = canonical(&record(1)).unwrap();
        assert!(text.starts_with(r#"{"actor":{"account":"air","on_behalf_of":null,"#), "{text}");
        assert!(text.contains(r#""at":"2018-01-13T20:00:00.123456+08:00""#), "{text}");
        assert!(text.contains(r#""share":1,"#), "RFC 8785 writes 1.0 as 1: {text}");
        let back = Record::read(&text).unwrap();
        assert_eq!(canonical(&back).unwrap(), text);
        assert_eq!(back.at, record(1).at);
    }

    #[test]
    fn below_the_microsecond_nothing_is_kept() {
        let mut fine = record(1);
        fine.at = "2018-01-13T20:00:00.123456789+08:00".parse().unwrap();
        assert_eq!(fine.truncated().at, record(1).at);
    }

    #[test]
    fn a_whole_number_that_would_lose_digits_is_refused() {
        let exact = json!({"n": [9_007_199_254_740_992_i64]});
        assert_eq!(canonical_value(&exact).unwrap(), r#"{"n":[9007199254740992]}"#);
        for n in [json!(9_007_199_254_740_993_i64), json!(-9_007_199_254_740_993_i64), json!(u64::MAX)] {
            assert!(canonical_value(&json!({ "n": n })).unwrap_err().to_string().starts_with("E-101"));
        }
    }

    #[test]
    fn only_what_changed_is_shown() {
        let (before, after) = changed(&json!({"a": 1, "b": 2, "gone": 3}), &json!({"a": 1, "b": 5, "new": null}));
        assert_eq!((before, after), (json!({"b": 2, "gone": 3}), json!({"b": 5, "new": null})));
    }

    #[test]
    fn names_come_from_every_way_serde_writes_an_enum() {
        assert_eq!(name_of(&json!({"command": "assign", "to": 1}), "command"), "assign");
        assert_eq!(name_of(&json!({"assign": {"to": 1}}), "command"), "assign");
        assert_eq!(name_of(&json!("close"), "command"), "close");
    }
}
