use crate::StoreError;
use crate::code::moment_number;
use crate::database::Store;
use crate::scope_statement::{Statement, run};
use event::{Columns, StoredRecord};
use units::Instant;

/// Which records of the log a list is about (审计筛选); what is `None` or empty does not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// After this place.
    pub after_seq: Option<i64>,
    /// Before this place.
    pub before_seq: Option<i64>,
    /// Kind of thing.
    pub kind: Option<String>,
    /// Id of the thing.
    pub id: Option<String>,
    /// Who did it.
    pub account: Option<String>,
    /// The organisations of who did it.
    pub organisations: Vec<String>,
    /// Name of the event.
    pub name: Option<String>,
    /// At this moment or later.
    pub from: Option<Instant>,
    /// Before this moment.
    pub to: Option<Instant>,
    /// The newest first, for pages that look back.
    pub newest_first: bool,
    /// How many at most.
    pub limit: u32,
}

pub(crate) type Row = (i64, String, String, i64, String, String, String, i64, String, String);
pub(crate) const ALL: &str = "SELECT seq, stream_kind, stream_id, version, name, account, organisation, at, record, hash \
     FROM event WHERE 1 = 1";

impl Store {
    /// Records of the log, in order, or the newest first.
    pub async fn events(&self, filter: &EventFilter) -> Result<Vec<StoredRecord>, StoreError> {
        let mut statement = filtered(filter, ALL);
        statement.push(if filter.newest_first { " ORDER BY seq DESC LIMIT " } else { " ORDER BY seq LIMIT " });
        statement.bind(i64::from(filter.limit));
        let mut reader = self.reader().await?;
        let rows: Vec<Row> = run!(&mut reader, query_as, statement, fetch_all)?;
        Ok(rows.into_iter().map(stored).collect())
    }

    /// How many records a filter finds, its limit aside.
    pub async fn count_events(&self, filter: &EventFilter) -> Result<u64, StoreError> {
        let statement = filtered(filter, "SELECT count(*) FROM event WHERE 1 = 1");
        let mut reader = self.reader().await?;
        let count: i64 = run!(&mut reader, query_scalar, statement, fetch_one)?;
        Ok(count.unsigned_abs())
    }
}

pub(crate) fn filtered(filter: &EventFilter, words: &'static str) -> Statement {
    let mut statement = Statement::new(words);
    let numbers = [
        (" AND seq > ", filter.after_seq),
        (" AND seq < ", filter.before_seq),
        (" AND at >= ", filter.from.map(moment_number)),
        (" AND at < ", filter.to.map(moment_number)),
    ];
    for (words, number) in numbers {
        if let Some(number) = number {
            statement.push(words).bind(number);
        }
    }
    let texts = [
        (" AND stream_kind = ", &filter.kind),
        (" AND stream_id = ", &filter.id),
        (" AND account = ", &filter.account),
        (" AND name = ", &filter.name),
    ];
    for (words, text) in texts {
        if let Some(text) = text {
            statement.push(words).bind(text);
        }
    }
    if !filter.organisations.is_empty() {
        statement.push(" AND organisation IN (").bind_list(&filter.organisations).push(")");
    }
    statement
}

/// Records after a place, in order, for whoever walks the whole log: `walk!(&mut reader_or_writer, after, limit)`.
macro_rules! walk {
    ($both:expr, $after:expr, $limit:expr) => {{
        let sql = "SELECT seq, stream_kind, stream_id, version, name, account, organisation, at, record, hash \
             FROM event WHERE seq > $1 ORDER BY seq LIMIT $2";
        $crate::database::on!($both, c => sqlx::query_as(sql).bind($after).bind($limit).fetch_all(c).await)
            .map(|rows: Vec<$crate::event_read::Row>| rows.into_iter().map($crate::event_read::stored))
    }};
}
pub(crate) use walk;

pub(crate) fn stored(row: Row) -> StoredRecord {
    let (seq, stream_kind, stream_id, version, name, account, organisation, at_micros, text, hash) = row;
    let columns = Columns { stream_kind, stream_id, version, name, account, organisation, at_micros };
    StoredRecord { seq, columns, text, hash }
}
