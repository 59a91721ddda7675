use crate::StoreError;
use crate::account::ACCOUNT;
use crate::database::Store;
use crate::event_read::{ALL, EventFilter, Row, filtered, stored};
use crate::grant::GRANT;
use crate::grant_delegation::DELEGATION;
use crate::matter::MATTER;
use crate::organisation::ORGANISATION;
use crate::scope::Subject;
use crate::scope_statement::{Statement, run};
use event::StoredRecord;
use org::{Extent, Kinds, Scope, Secrecy};

/// Where the thing stands that an event is about. A record is seen by whoever sees the thing now; records of what
/// has no owner (channels, for instance) by whoever sees everything.
const KINDS: [(&str, &Subject); 5] = [
    (" OR (stream_kind = 'matter' AND EXISTS (SELECT 1 FROM matter m WHERE m.id = event.stream_id AND ", &MATTER),
    (
        " OR (stream_kind = 'organisation' AND EXISTS (SELECT 1 FROM organisation o WHERE o.id = event.stream_id AND ",
        &ORGANISATION,
    ),
    (
        " OR (stream_kind = 'account' AND EXISTS (SELECT 1 FROM account a JOIN organisation o ON o.id = a.organisation \
         WHERE a.id = event.stream_id AND ",
        &ACCOUNT,
    ),
    (
        " OR (stream_kind = 'grant' AND EXISTS (SELECT 1 FROM role_grant g JOIN organisation o ON o.id = g.organisation \
         WHERE g.id = event.stream_id AND ",
        &GRANT,
    ),
    (
        " OR (stream_kind = 'delegation' AND EXISTS (SELECT 1 FROM delegation d JOIN account a ON a.id = d.from_account \
         JOIN organisation o ON o.id = a.organisation WHERE d.id = event.stream_id AND ",
        &DELEGATION,
    ),
];

impl Store {
    /// Records of the log that are about what lies in the scope, in order, or the newest first.
    pub async fn events_seen(&self, scope: &Scope, filter: &EventFilter) -> Result<Vec<StoredRecord>, StoreError> {
        let mut statement = filtered(filter, ALL);
        seen(&mut statement, scope);
        statement.push(if filter.newest_first { " ORDER BY seq DESC LIMIT " } else { " ORDER BY seq LIMIT " });
        statement.bind(i64::from(filter.limit));
        let rows: Vec<Row> = run!(&mut self.reader().await?, query_as, statement, fetch_all)?;
        Ok(rows.into_iter().map(stored).collect())
    }

    /// How many records in scope a filter finds, its limit aside.
    pub async fn count_events_seen(&self, scope: &Scope, filter: &EventFilter) -> Result<u64, StoreError> {
        let mut statement = filtered(filter, "SELECT count(*) FROM event WHERE 1 = 1");
        seen(&mut statement, scope);
        let count: i64 = run!(&mut self.reader().await?, query_scalar, statement, fetch_one)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }
}

fn seen(statement: &mut Statement, scope: &Scope) {
    let everything = |reach: &org::Reach| {
        reach.extent == Extent::All && reach.kinds == Kinds::All && reach.secrecy == Secrecy::Restricted
    };
    if scope.reaches.iter().any(everything) {
        return;
    }
    statement.push(" AND (1 = 0");
    for (test, subject) in KINDS {
        statement.push(test);
        subject.seen(statement, scope);
        statement.push("))");
    }
    statement.push(")");
}
