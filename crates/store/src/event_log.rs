use crate::StoreError;
use crate::database::{Store, Writer, commit};
use crate::effects;
use crate::event_key::{self, Earlier};
use crate::event_write::{Head, Present, append, load, save, state_of};
use event::{Actor, Aggregate, Decision};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;
use units::Instant;

/// A kind of thing whose events also write tables that lists read (投影).
pub trait Projected: Aggregate {
    /// The tables this kind writes, those that others refer to first. A rebuild empties and fills them again, so
    /// nothing else may write to them.
    const TABLES: &'static [&'static str];

    /// Writes what one event changes. A function of its arguments and of what is stored, because a rebuild repeats
    /// it: no clock, no chance. `version` is the one after the event, `at` the moment that the screen showed.
    fn project(
        writer: &mut Writer,
        id: &str,
        event: &Self::Event,
        before: &Self::State,
        after: &Self::State,
        version: u64,
        at: Instant,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// A command on its way to a thing (命令).
#[derive(Debug)]
pub struct Order<'a, A: Aggregate> {
    /// The thing.
    pub id: &'a str,
    /// The version the sender saw; `None` does not ask. `Some(0)`: the thing is to be made, and must not exist.
    pub expected: Option<u64>,
    /// What is asked.
    pub command: A::Command,
    /// Who asks.
    pub by: &'a Actor,
    /// The wall clock.
    pub at: Instant,
    /// The clock that the screen shows; `decide` is told this one.
    pub shown: Instant,
    /// Idempotency key: the same command again under the same key is answered, not repeated. Of a thing that is to be
    /// made (`expected: Some(0)`) the id may differ, since whoever repeats does not know the first one.
    pub key: Option<&'a str>,
    /// The reason given.
    pub reason: Option<&'a str>,
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Executed<S> {
    /// The thing; differs from the order's when a repeated command had made another one.
    pub id: String,
    /// Its state afterwards.
    pub state: S,
    /// Its version afterwards.
    pub version: u64,
    /// The places in the log of what happened; empty when there was nothing to do.
    pub seq: Vec<i64>,
    /// The command had been done before, under the same key; this is what came of it then.
    pub repeated: bool,
}

/// Why a command changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError<R: std::error::Error> {
    /// The rules refused it.
    #[error(transparent)]
    Refused(R),
    /// Somebody else was quicker.
    #[error(
        "E-409 version {expected} was seen, but it is {found} now; nothing was changed. Look again and decide anew"
    )]
    Stale {
        /// What the sender saw.
        expected: u64,
        /// What it is.
        found: u64,
    },
    /// The idempotency key belongs to another command.
    #[error("E-422 this idempotency key was used for another command; nothing was changed. Use a new key")]
    KeyReused,
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<R: std::error::Error> From<sqlx::Error> for ExecuteError<R> {
    fn from(error: sqlx::Error) -> Self {
        ExecuteError::Store(error.into())
    }
}

impl Store {
    /// Does a command: decides, and stores events, state, tables and what follows in one transaction.
    ///
    /// Refuses what `decide` refuses, `E-409` another version than expected, `E-422` a key of another command;
    /// nothing is stored then. What it returns has been committed.
    pub async fn execute<A: Projected>(
        &self,
        order: Order<'_, A>,
    ) -> Result<Executed<A::State>, ExecuteError<A::Refusal>> {
        let _turn = self.turn.lock().await;
        let mut writer = self.writer().await?;
        let executed = execute_in(&mut writer, order).await?;
        if !executed.repeated {
            commit(writer).await?;
        }
        Ok(executed)
    }

    /// The present state and version of a thing; `None` when nothing ever happened to it.
    pub async fn load<A: Aggregate>(&self, id: &str) -> Result<Option<(A::State, u64)>, StoreError> {
        let mut reader = self.reader().await?;
        let present = Present::<A>::found(state_of!(&mut reader, A::KIND, id)?)?;
        Ok((present.version > 0).then_some((present.state, present.version)))
    }
}

async fn execute_in<A: Projected>(
    writer: &mut Writer,
    order: Order<'_, A>,
) -> Result<Executed<A::State>, ExecuteError<A::Refusal>> {
    let head = Head::lock(writer).await?;
    let asked = event_key::Asked::of::<A>(&order)?;
    match asked.earlier(writer, order.by, order.key).await? {
        Earlier::None => {}
        Earlier::Same(outcome) => return repeated(&outcome),
        Earlier::Other => return Err(ExecuteError::KeyReused),
    }
    let present = load::<A>(writer, order.id).await?;
    if let Some(expected) = order.expected.filter(|expected| *expected != present.version) {
        return Err(ExecuteError::Stale { expected, found: present.version });
    }
    let Order { id, command, by, at, shown, key, reason, .. } = order;
    let decided = A::decide(&present.state, present.version, command, by, shown);
    let Decision { events, effects } = decided.map_err(ExecuteError::Refused)?;
    let place = append::Place { id, by, at, shown, key, reason, command: &asked.name };
    let (present, seq) = append::all(writer, head, present, events, &place).await?;
    if !seq.is_empty() {
        save::<A>(writer, id, &present).await?;
    }
    effects::write(writer, &effects, at).await?;
    let executed =
        Executed { id: id.to_string(), state: present.state, version: present.version, seq, repeated: false };
    if let Some(key) = key {
        asked.keep(writer, by, key, &outcome_text(&executed)?, at).await?;
    }
    Ok(executed)
}

#[derive(Serialize, serde::Deserialize)]
struct Outcome<S> {
    id: String,
    version: u64,
    seq: Vec<i64>,
    state: S,
}

fn outcome_text<S: Serialize>(executed: &Executed<S>) -> Result<String, StoreError> {
    let Executed { id, state, version, seq, .. } = executed;
    let outcome = Outcome { id: id.clone(), version: *version, seq: seq.clone(), state };
    serde_json::to_string(&outcome).map_err(StoreError::not_json)
}

fn repeated<S: DeserializeOwned, R: std::error::Error>(text: &str) -> Result<Executed<S>, ExecuteError<R>> {
    let outcome: Outcome<S> =
        serde_json::from_str(text).map_err(|_| StoreError::unreadable("the outcome of a command", text))?;
    let Outcome { id, version, seq, state } = outcome;
    Ok(Executed { id, state, version, seq, repeated: true })
}
