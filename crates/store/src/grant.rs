use crate::StoreError;
use crate::database::{Store, Writer};
use crate::event_log::Projected;
use crate::matter_list::Page;
use crate::organisation::{state_of, version_of};
use crate::scope::Subject;
use crate::scope_statement::{Statement, act, run};
use org::{Grant, GrantEvent, GrantState, Scope};
use units::{AccountId, Instant};

/// A thing with its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned<S> {
    /// The thing.
    pub state: S,
    /// Its version.
    pub version: u64,
}

/// Which grants of those in scope a list is about; `None` means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GrantFilter {
    /// Of this account.
    pub account: Option<AccountId>,
    /// In this state.
    pub state: Option<GrantState>,
    /// Of this role.
    pub role: Option<String>,
}

/// The grants of [`org::Item`] in SQL, with the table called `g` and the organisation it is for `o`.
pub(crate) const GRANT: Subject = Subject {
    path: "o.path",
    owner: "o.id",
    account: Some("g.account"),
    kind: "'grant'",
    secrecy: "0",
    assigned: None,
};

const SELECT: &str = "SELECT s.version, s.state FROM role_grant g JOIN organisation o ON o.id = g.organisation \
     JOIN stream s ON s.kind = 'grant' AND s.id = g.id WHERE ";

impl Store {
    /// A page of the grants in scope, in order of id; `after` is the `next` of the page before.
    pub async fn grants(
        &self,
        scope: &Scope,
        filter: &GrantFilter,
        limit: u32,
        after: Option<&str>,
    ) -> Result<Page<Versioned<Grant>>, StoreError> {
        let mut statement = Statement::new(SELECT);
        GRANT.seen(&mut statement, scope);
        filter.add(&mut statement);
        if let Some(mark) = after {
            statement.push(" AND g.id > ").bind(mark);
        }
        statement.push(" ORDER BY g.id LIMIT ").bind(i64::from(limit) + 1);
        let rows: Vec<(i64, String)> = run!(&mut self.reader().await?, query_as, statement, fetch_all)?;
        let items = rows.iter().map(|row| Versioned::read("a grant", row)).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::cut(items, limit, |row: &Versioned<Grant>| row.state.id.clone()))
    }

    /// How many grants in scope the filter keeps.
    pub async fn count_grants(&self, scope: &Scope, filter: &GrantFilter) -> Result<u64, StoreError> {
        let mut statement =
            Statement::new("SELECT count(*) FROM role_grant g JOIN organisation o ON o.id = g.organisation WHERE ");
        GRANT.seen(&mut statement, scope);
        filter.add(&mut statement);
        let count: i64 = run!(&mut self.reader().await?, query_scalar, statement, fetch_one)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// One grant; `None` when it does not exist or lies outside the scope, which must look the same.
    pub async fn grant(&self, scope: &Scope, id: &str) -> Result<Option<Versioned<Grant>>, StoreError> {
        let mut statement = Statement::new(SELECT);
        statement.push("g.id = ").bind(id).push(" AND ");
        GRANT.seen(&mut statement, scope);
        let row: Option<(i64, String)> = run!(&mut self.reader().await?, query_as, statement, fetch_optional)?;
        row.map(|row| Versioned::read("a grant", &row)).transpose()
    }

    /// All grants of these accounts in any state, whoever asks: for what they may do, and for keeping roles apart.
    pub async fn grants_of(&self, accounts: &[AccountId]) -> Result<Vec<Grant>, StoreError> {
        crate::account_standing::grants(&mut self.reader().await?, accounts).await
    }
}

impl GrantFilter {
    fn add(&self, statement: &mut Statement) {
        if let Some(account) = &self.account {
            statement.push(" AND g.account = ").bind(account.as_str());
        }
        if let Some(state) = self.state {
            statement.push(" AND g.state = ").bind(state.as_str());
        }
        if let Some(role) = &self.role {
            statement.push(" AND g.role = ").bind(role);
        }
    }
}

impl<S: serde::de::DeserializeOwned> Versioned<S> {
    pub(crate) fn read(what: &'static str, (version, state): &(i64, String)) -> Result<Versioned<S>, StoreError> {
        Ok(Versioned { state: state_of(what, state)?, version: version_of(*version)? })
    }
}

impl Projected for Grant {
    const TABLES: &'static [&'static str] = &["role_grant"];

    async fn project(
        writer: &mut Writer,
        id: &str,
        _event: &GrantEvent,
        _before: &Grant,
        after: &Grant,
        _version: u64,
        _at: Instant,
    ) -> Result<(), StoreError> {
        let mut statement = Statement::new("INSERT INTO role_grant (id, account, role, organisation, state) VALUES (");
        let columns = [id, after.account.as_str(), &after.role, after.organisation.as_str(), after.state.as_str()];
        statement.bind_list(columns).push(") ON CONFLICT (id) DO UPDATE SET state = excluded.state");
        act!(writer, statement).map(drop)
    }
}
