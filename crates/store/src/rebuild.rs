use crate::StoreError;
use crate::database::{Store, Writer, commit, on};
use crate::event_log::Projected;
use crate::event_read::walk;
use crate::event_write::{Head, Present, load, save};
use event::Record;
use serde::Serialize;
use std::pin::Pin;

/// Records read at a time.
const PAGE: i64 = 500;

/// Every kind whose events write tables. A new kind is one line here.
pub fn kinds() -> Vec<Kind> {
    vec![
        Kind::of::<org::Organisation>(),
        Kind::of::<org::Account>(),
        Kind::of::<org::Grant>(),
        Kind::of::<org::Delegation>(),
        Kind::of::<ledger::Matter>(),
        Kind::of::<::consult::Room>(),
        Kind::of::<::consult::Bid>(),
        Kind::of::<::consult::Tempo>(),
        Kind::of::<::warn::Warning>(),
        Kind::of::<::warn::Deliveries>(),
        Kind::of::<::warn::PlanRecord>(),
        Kind::of::<::warn::Watch>(),
        Kind::of::<notify::Channel>(),
        Kind::of::<::attachment::Attachment>(),
    ]
}

type Step<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>;

/// One kind of thing, as a rebuild sees it.
#[derive(Clone, Copy)]
pub struct Kind {
    /// Its name in the log.
    pub name: &'static str,
    /// The tables it writes.
    pub tables: &'static [&'static str],
    replay: for<'a> fn(&'a mut Writer, &'a Record) -> Step<'a>,
}

/// What a rebuild did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rebuilt {
    /// Events that were replayed.
    pub events: u64,
    /// Tables that were filled again.
    pub tables: usize,
    /// For a check: the first row that is not what the events give.
    pub difference: Option<Difference>,
}

/// A row of a table that is not what the events give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The table.
    pub table: String,
    /// The row as it stands; `None` when the events give one more.
    pub live: Option<String>,
    /// The row that the events give; `None` when they give none.
    pub rebuilt: Option<String>,
}

impl Kind {
    /// The kind of an aggregate.
    pub fn of<A: Projected>() -> Kind {
        Kind { name: A::KIND, tables: A::TABLES, replay: |writer, record| Box::pin(replay::<A>(writer, record)) }
    }
}

impl Store {
    /// Fills all tables of all kinds again from the events, in one transaction: readers see the old tables until the
    /// new ones are complete, and commands wait.
    pub async fn rebuild(&self) -> Result<Rebuilt, StoreError> {
        self.rebuild_kinds(&kinds()).await
    }

    /// Does what [`Store::rebuild`] does, compares with what stood there, and leaves everything as it was.
    pub async fn check_rebuild(&self) -> Result<Rebuilt, StoreError> {
        self.check_kinds(&kinds()).await
    }

    /// [`Store::rebuild`] over given kinds.
    pub async fn rebuild_kinds(&self, kinds: &[Kind]) -> Result<Rebuilt, StoreError> {
        let mut writer = self.writer().await?;
        Head::lock(&mut writer).await?;
        let events = refill(&mut writer, kinds).await?;
        commit(writer).await?;
        Ok(Rebuilt { events, tables: tables(kinds).len(), difference: None })
    }

    /// [`Store::check_rebuild`] over given kinds.
    pub async fn check_kinds(&self, kinds: &[Kind]) -> Result<Rebuilt, StoreError> {
        let mut writer = self.writer().await?;
        Head::lock(&mut writer).await?;
        let tables = tables(kinds);
        for table in &tables {
            crate::rebuild_check::remember(&mut writer, table).await?;
        }
        let events = refill(&mut writer, kinds).await?;
        let mut difference = None;
        for table in &tables {
            difference = crate::rebuild_check::compare(&mut writer, table).await?;
            if difference.is_some() {
                break;
            }
        }
        crate::rebuild_check::undo(writer).await?;
        Ok(Rebuilt { events, tables: tables.len(), difference })
    }

    /// Every row of every table that the kinds write, as text, in a fixed order: what a test compares.
    pub async fn dump(&self, kinds: &[Kind]) -> Result<Vec<String>, StoreError> {
        let mut writer = self.writer().await?;
        let mut lines = Vec::new();
        for table in tables(kinds) {
            lines.extend(crate::rebuild_check::rows(&mut writer, table).await?);
        }
        Ok(lines)
    }
}

/// All tables, each once, the present states last.
fn tables(kinds: &[Kind]) -> Vec<&'static str> {
    let mut tables: Vec<&'static str> = Vec::new();
    for table in kinds.iter().flat_map(|kind| kind.tables).chain(&["stream"]) {
        if !tables.contains(table) {
            tables.push(table);
        }
    }
    tables
}

async fn refill(writer: &mut Writer, kinds: &[Kind]) -> Result<u64, StoreError> {
    for table in tables(kinds) {
        let sql = format!("DELETE FROM {table}");
        on!(&mut *writer, c => sqlx::query(sqlx::AssertSqlSafe(sql)).execute(c).await.map(drop))?;
    }
    let mut after = 0;
    let mut events = 0;
    loop {
        let page: Vec<event::StoredRecord> = walk!(&mut *writer, after, PAGE)?.collect();
        let Some(last) = page.last().map(|last| last.seq) else { return Ok(events) };
        for stored in page {
            let record = stored.record()?;
            let unknown = || StoreError::UnknownKind { seq: stored.seq, kind: record.stream_kind.clone() };
            let kind = kinds.iter().find(|kind| kind.name == record.stream_kind).ok_or_else(unknown)?;
            (kind.replay)(writer, &record).await?;
            events += 1;
        }
        after = last;
    }
}

async fn replay<A: Projected>(writer: &mut Writer, record: &Record) -> Result<(), StoreError> {
    let (id, seq) = (record.stream_id.as_str(), record.seq);
    let before: Present<A> = load(writer, id).await?;
    let expected = before.version + 1;
    if record.version != expected {
        return Err(StoreError::OutOfStep { seq, kind: record.stream_kind.clone(), id: id.to_string(), expected });
    }
    let (event, after) = before.next(&record.body, seq, id)?;
    A::project(writer, id, &event, &before.state, &after.state, after.version, record.shown).await?;
    save::<A>(writer, id, &after).await
}
