//! A kind of thing for tests of the log: a tally that is opened, counts up, and may not pass ten.

use event::{Actor, Aggregate, Decision, Effect, Recipient, Urgency};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{ExecuteError, Executed, Kind, Order, Projected, Store, StoreError, Writer};
use units::Instant;

use crate::harness::{Place, moment};

pub struct Tally;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    pub open: bool,
    pub total: i64,
    pub share: f64,
    pub last: Option<Instant>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    Open,
    Add { n: i64 },
    AddTwice { n: i64 },
    Remind { key: String },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    Opened { at: Instant },
    Added { n: i64, share: f64, at: Instant },
}

#[derive(Debug, thiserror::Error)]
#[error("X-101 {0} would be more than ten")]
pub struct TooMuch(i64);

impl Aggregate for Tally {
    const KIND: &'static str = "tally";
    type State = State;
    type Command = Command;
    type Event = Event;
    type Refusal = TooMuch;

    fn decide(state: &State, _: u64, command: Command, by: &Actor, now: Instant) -> Result<Decision<Event>, TooMuch> {
        let added = |n: i64| Event::Added { n, share: n as f64 / 3.0, at: now };
        let within = |n: i64| if state.total + n > 10 { Err(TooMuch(state.total + n)) } else { Ok(()) };
        Ok(match command {
            Command::Open if state.open => Decision::nothing(),
            Command::Open => Decision::one(Event::Opened { at: now }),
            Command::Add { n } => within(n).map(|()| Decision::one(added(n)))?,
            Command::AddTwice { n } => {
                within(2 * n)?;
                Decision { events: vec![added(n), added(n)], effects: Vec::new() }
            }
            Command::Remind { key } => reminders(key, by, now),
        })
    }

    fn apply(mut state: State, event: &Event) -> State {
        match event {
            Event::Opened { at } => (state.open, state.last) = (true, Some(*at)),
            Event::Added { n, share, at } => {
                state.total += n;
                state.share += share;
                state.last = Some(*at);
            }
        }
        state
    }
}

fn reminders(key: String, by: &Actor, now: Instant) -> Decision<Event> {
    Decision::nothing()
        .and(Effect::SetTimer { key: key.clone(), due: now, action: "ring".into(), payload: json!({"n": 1}) })
        .and(Effect::Enqueue { key: key.clone(), kind: "count".into(), payload: json!({"n": 2}) })
        .and(Effect::Notify {
            key,
            to: Recipient::Account(by.account.clone()),
            template: "full".into(),
            values: json!({"n": 3}),
            urgency: Urgency::Immediate,
        })
}

impl Projected for Tally {
    const TABLES: &'static [&'static str] = &["test_tally"];

    async fn project(
        writer: &mut Writer,
        id: &str,
        _: &Event,
        before: &State,
        after: &State,
        version: u64,
        at: Instant,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO test_tally (id, total, share, version, at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (id) DO UPDATE SET total = $2, share = $3, version = $4, at = $5";
        assert!(before.total <= after.total);
        let (version, at) = (version as i64, at.to_utc().timestamp_micros());
        match writer {
            Writer::Sqlite(held) => sqlx::query(sql)
                .bind(id)
                .bind(after.total)
                .bind(after.share)
                .bind(version)
                .bind(at)
                .execute(&mut **held)
                .await
                .map(drop)?,
            Writer::Postgres(held) => sqlx::query(sql)
                .bind(id)
                .bind(after.total)
                .bind(after.share)
                .bind(version)
                .bind(at)
                .execute(&mut **held)
                .await
                .map(drop)?,
        }
        Ok(())
    }
}

pub fn kinds() -> Vec<Kind> {
    vec![Kind::of::<Tally>()]
}

pub fn actor(account: &str) -> Actor {
    Actor {
        account: account.parse().unwrap(),
        organisation: "js".parse().unwrap(),
        on_behalf_of: None,
        origin: "cli".into(),
    }
}

/// An open store with the table that the tally writes.
pub async fn open(place: &Place) -> Store {
    let store = place.open().await;
    let table = "CREATE TABLE IF NOT EXISTS test_tally \
         (id TEXT PRIMARY KEY, total BIGINT, share DOUBLE PRECISION, version BIGINT, at BIGINT)";
    place.execute(table).await;
    store
}

pub type Done = Result<Executed<State>, ExecuteError<TooMuch>>;

/// Gives a command with everything that can be said about it.
pub async fn give(store: &Store, id: &str, command: Command, key: Option<&str>, expected: Option<u64>) -> Done {
    let by = actor("air");
    let (at, shown) = (moment(), "2018-01-14T08:00:00+08:00".parse().unwrap());
    let order = Order { id, expected, command, by: &by, at, shown, key, reason: Some("试") };
    store.execute::<Tally>(order).await
}

/// Adds to a tally.
pub async fn add(store: &Store, id: &str, n: i64) -> Done {
    give(store, id, Command::Add { n }, None, None).await
}
