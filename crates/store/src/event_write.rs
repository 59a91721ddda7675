//! The end of the log: its head, what is appended, and the present state beside it.

use crate::StoreError;
use crate::code::moment_number;
use crate::database::{Writer, on};
use event::{Aggregate, Digest, EventError, Hash, link};
use serde_json::Value;

/// The end of the chain as the database keeps it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    pub last_seq: i64,
    pub hash: Hash,
    /// The function that made `hash`.
    pub made_by: Digest,
    /// The function for the records to come.
    pub digest: Digest,
}

impl Head {
    /// Reads the end of the chain and keeps everybody else from it until the transaction ends.
    pub async fn lock(writer: &mut Writer) -> Result<Head, StoreError> {
        let sql = writer.pick(
            "SELECT last_seq, hash, digest FROM event_head WHERE id = 1",
            "SELECT last_seq, hash, digest FROM event_head WHERE id = 1 FOR UPDATE",
        );
        let row: (i64, String, String) = on!(writer, c => sqlx::query_as(sql).fetch_one(c).await)?;
        Head::read(row)
    }

    pub fn read((last_seq, hash, digest): (i64, String, String)) -> Result<Head, StoreError> {
        let (made_by, hash) = Digest::read(&hash)?;
        Ok(Head { last_seq, hash, made_by, digest: digest.parse()? })
    }

    /// The head after one record more.
    pub fn after(&self, text: &str) -> Head {
        let hash = link(self.digest, &self.hash, text);
        Head { last_seq: self.last_seq + 1, hash, made_by: self.digest, digest: self.digest }
    }

    /// The hash with the name of its function.
    pub fn written_hash(&self) -> String {
        self.made_by.write(&self.hash)
    }

    pub async fn save(&self, writer: &mut Writer) -> Result<(), StoreError> {
        let sql = "UPDATE event_head SET last_seq = $1, hash = $2 WHERE id = 1";
        on!(writer, c => sqlx::query(sql).bind(self.last_seq).bind(self.written_hash()).execute(c).await.map(drop))?;
        Ok(())
    }
}

/// A thing as it is now: its state, the same as JSON and as the text that is stored.
pub(crate) struct Present<A: Aggregate> {
    pub state: A::State,
    pub value: Value,
    pub text: String,
    pub version: u64,
}

impl<A: Aggregate> Present<A> {
    /// A thing to which nothing has happened.
    pub fn nothing() -> Result<Present<A>, StoreError> {
        Present::of(&A::State::default(), 0)
    }

    /// The state goes through its text, so that what was just decided and what is read back later are the same.
    fn of(state: &A::State, version: u64) -> Result<Present<A>, StoreError> {
        let text = serde_json::to_string(state).map_err(StoreError::not_json)?;
        Present::read(text, version)
    }

    pub fn read(text: String, version: u64) -> Result<Present<A>, StoreError> {
        let unreadable = |_| StoreError::unreadable("a state", &text);
        let state = serde_json::from_str(&text).map_err(unreadable)?;
        let value = serde_json::from_str(&text).map_err(unreadable)?;
        Ok(Present { state, value, text, version })
    }

    /// The event that `body` says and the thing after it. What is written by `execute` and by a rebuild comes from here.
    pub fn next(&self, body: &Value, seq: i64, id: &str) -> Result<(A::Event, Present<A>), StoreError> {
        let unknown = |error: serde_json::Error| EventError::Unknown {
            seq,
            kind: A::KIND.to_string(),
            id: id.to_string(),
            reason: error.to_string(),
        };
        let event: A::Event = serde_json::from_value(body.clone()).map_err(unknown)?;
        let after = A::apply(self.state.clone(), &event);
        Ok((event, Present::of(&after, self.version + 1)?))
    }

    /// From what is stored, if anything is.
    pub fn found(row: Option<(String, i64)>) -> Result<Present<A>, StoreError> {
        match row {
            None => Present::nothing(),
            Some((text, version)) => Present::read(text, version.unsigned_abs()),
        }
    }
}

/// Stored state and version of a thing: `state_of!(&mut reader_or_writer, kind, id)`.
macro_rules! state_of {
    ($both:expr, $kind:expr, $id:expr) => {{
        let sql = "SELECT state, version FROM stream WHERE kind = $1 AND id = $2";
        $crate::database::on!($both, c => sqlx::query_as(sql).bind($kind).bind($id).fetch_optional(c).await)
    }};
}
pub(crate) use state_of;

pub(crate) async fn load<A: Aggregate>(writer: &mut Writer, id: &str) -> Result<Present<A>, StoreError> {
    Present::found(state_of!(writer, A::KIND, id)?)
}

pub(crate) async fn save<A: Aggregate>(writer: &mut Writer, id: &str, present: &Present<A>) -> Result<(), StoreError> {
    let sql = "INSERT INTO stream (kind, id, version, state) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, state = excluded.state";
    let version = i64::try_from(present.version).unwrap_or(i64::MAX);
    on!(writer, c => sqlx::query(sql).bind(A::KIND).bind(id).bind(version).bind(present.text.as_str())
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Appending what one command brought about.
pub(crate) mod append {
    use super::*;
    use crate::event_log::Projected;
    use event::{Actor, Columns, Record, canonical, canonical_value, changed, name_of};
    use units::Instant;

    /// What all records of one command share.
    pub(crate) struct Place<'a> {
        pub id: &'a str,
        pub by: &'a Actor,
        pub at: Instant,
        pub shown: Instant,
        pub key: Option<&'a str>,
        pub reason: Option<&'a str>,
        pub command: &'a str,
    }

    /// Stores the events one after another; returns the thing after the last and their places.
    pub(crate) async fn all<A: Projected>(
        writer: &mut Writer,
        mut head: Head,
        mut present: Present<A>,
        events: Vec<A::Event>,
        place: &Place<'_>,
    ) -> Result<(Present<A>, Vec<i64>), StoreError> {
        let mut places = Vec::with_capacity(events.len());
        for event in events {
            let body = canonical_value(&serde_json::to_value(event).map_err(StoreError::not_json)?)?;
            let body = serde_json::from_str(&body).map_err(StoreError::not_json)?;
            let (event, after) = present.next(&body, head.last_seq + 1, place.id)?;
            let record = record::<A>(&present, &after, head.last_seq + 1, body, place);
            let text = canonical(&record)?;
            head = head.after(&text);
            insert(writer, &record, &text, &head).await?;
            let (before, now, shown) = (&present.state, &after.state, record.shown);
            A::project(writer, place.id, &event, before, now, after.version, shown).await?;
            present = after;
            places.push(head.last_seq);
        }
        if !places.is_empty() {
            head.save(writer).await?;
        }
        Ok((present, places))
    }

    fn record<A: Aggregate>(
        before: &Present<A>,
        after: &Present<A>,
        seq: i64,
        body: Value,
        place: &Place<'_>,
    ) -> Record {
        let (old, new) = changed(&before.value, &after.value);
        let record = Record {
            seq,
            stream_kind: A::KIND.to_string(),
            stream_id: place.id.to_string(),
            version: after.version,
            name: name_of(&body, "event"),
            actor: place.by.clone(),
            at: place.at,
            shown: place.shown,
            command_id: place.key.map(str::to_string),
            command: place.command.to_string(),
            reason: place.reason.map(str::to_string),
            before: old,
            after: new,
            body,
        };
        record.truncated()
    }

    async fn insert(writer: &mut Writer, record: &Record, text: &str, head: &Head) -> Result<(), StoreError> {
        let sql = "INSERT INTO event (seq, stream_kind, stream_id, version, name, account, organisation, at, record, \
             hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let Columns { stream_kind, stream_id, version, name, account, organisation, at_micros } = Columns::of(record);
        debug_assert_eq!(at_micros, moment_number(record.at));
        let hash = head.written_hash();
        on!(writer, c => sqlx::query(sql).bind(record.seq).bind(stream_kind).bind(stream_id).bind(version).bind(name)
            .bind(account).bind(organisation).bind(at_micros).bind(text).bind(hash).execute(c).await.map(drop))?;
        Ok(())
    }
}
