use crate::StoreError;
use crate::database::{Store, Writer};
use crate::event_log::Projected;
use crate::grant::Versioned;
use crate::scope::Subject;
use crate::scope_statement::{Statement, act, run};
use org::{Delegation, DelegationEvent, Scope};
use units::{AccountId, Instant};

/// The delegations of [`org::Item`] in SQL, with the table called `d` and the organisation of the lender `o`.
pub(crate) const DELEGATION: Subject = Subject {
    path: "o.path",
    owner: "o.id",
    account: Some("d.from_account"),
    kind: "'delegation'",
    secrecy: "0",
    assigned: None,
};

const SELECT: &str = "SELECT s.version, s.state FROM delegation d JOIN account a ON a.id = d.from_account \
     JOIN organisation o ON o.id = a.organisation JOIN stream s ON s.kind = 'delegation' AND s.id = d.id WHERE ";

impl Store {
    /// The delegations in scope, and those from and to `own`, in order of id; at most `limit`.
    pub async fn delegations(
        &self,
        scope: &Scope,
        own: Option<&AccountId>,
        limit: u32,
    ) -> Result<Vec<Versioned<Delegation>>, StoreError> {
        let mut statement = Statement::new(SELECT);
        seen(&mut statement, scope, own);
        statement.push(" ORDER BY d.id LIMIT ").bind(i64::from(limit));
        let rows: Vec<(i64, String)> = run!(&mut self.reader().await?, query_as, statement, fetch_all)?;
        rows.iter().map(|row| Versioned::read("a delegation", row)).collect()
    }

    /// One delegation, under the same conditions.
    pub async fn delegation(
        &self,
        scope: &Scope,
        own: Option<&AccountId>,
        id: &str,
    ) -> Result<Option<Versioned<Delegation>>, StoreError> {
        let mut statement = Statement::new(SELECT);
        statement.push("d.id = ").bind(id).push(" AND ");
        seen(&mut statement, scope, own);
        let row: Option<(i64, String)> = run!(&mut self.reader().await?, query_as, statement, fetch_optional)?;
        row.map(|row| Versioned::read("a delegation", &row)).transpose()
    }
}

fn seen(statement: &mut Statement, scope: &Scope, own: Option<&AccountId>) {
    statement.push("(");
    DELEGATION.seen(statement, scope);
    if let Some(account) = own {
        statement.push(" OR d.from_account = ").bind(account.as_str());
        statement.push(" OR d.to_account = ").bind(account.as_str());
    }
    statement.push(")");
}

impl Projected for Delegation {
    const TABLES: &'static [&'static str] = &["delegation"];

    async fn project(
        writer: &mut Writer,
        id: &str,
        _event: &DelegationEvent,
        _before: &Delegation,
        after: &Delegation,
        _version: u64,
        _at: Instant,
    ) -> Result<(), StoreError> {
        let mut statement = Statement::new("INSERT INTO delegation (id, from_account, to_account, ended) VALUES (");
        statement.bind_list([id, after.from_account.as_str(), after.to_account.as_str()]);
        statement.push(", ").bind(after.ended.is_some());
        statement.push(") ON CONFLICT (id) DO UPDATE SET ended = excluded.ended");
        act!(writer, statement).map(drop)
    }
}
