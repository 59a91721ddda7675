use crate::StoreError;
use crate::database::{Reader, Store, Writer};
use crate::event_log::Projected;
use crate::matter_list::Page;
use crate::organisation::{state_of, version_of};
use crate::scope::Subject;
use crate::scope_statement::{Statement, act, containing, run, searchable};
use org::{Account, AccountEvent, OrgPath, Scope};
use units::{AccountId, Instant};

/// An account (账号) with its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// The account.
    pub account: Account,
    /// Where its organisation stands in the tree now.
    pub path: OrgPath,
    /// Its version.
    pub version: u64,
}

/// Which accounts of those in scope a list is about; `None` means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountFilter {
    /// Of this organisation or one below it.
    pub under: Option<OrgPath>,
    /// A text in login or name, capital letters or not.
    pub text: Option<String>,
    /// Has an approved grant of this role.
    pub role: Option<String>,
    /// Whether it is open.
    pub active: Option<bool>,
}

/// The accounts of [`org::Item`] in SQL, with the table called `a` and its organisation `o`. An account is its own.
pub(crate) const ACCOUNT: Subject =
    Subject { path: "o.path", owner: "o.id", account: Some("a.id"), kind: "'account'", secrecy: "0", assigned: None };

const SELECT: &str = "SELECT o.path, s.version, s.state FROM account a JOIN organisation o ON o.id = a.organisation \
     JOIN stream s ON s.kind = 'account' AND s.id = a.id WHERE ";

#[derive(sqlx::FromRow)]
struct Row {
    path: String,
    version: i64,
    state: String,
}

impl Store {
    /// A page of the accounts in scope, in order of login; `after` is the `next` of the page before.
    pub async fn accounts(
        &self,
        scope: &Scope,
        filter: &AccountFilter,
        limit: u32,
        after: Option<&str>,
    ) -> Result<Page<AccountRow>, StoreError> {
        let mut statement = Statement::new(SELECT);
        ACCOUNT.seen(&mut statement, scope);
        filter.add(&mut statement);
        if let Some(mark) = after {
            statement.push(" AND a.login > ").bind(mark);
        }
        statement.push(" ORDER BY a.login LIMIT ").bind(i64::from(limit) + 1);
        let items = rows(&mut self.reader().await?, statement).await?;
        Ok(Page::cut(items, limit, |row| row.account.login.clone()))
    }

    /// How many accounts in scope the filter keeps.
    pub async fn count_accounts(&self, scope: &Scope, filter: &AccountFilter) -> Result<u64, StoreError> {
        let mut statement =
            Statement::new("SELECT count(*) FROM account a JOIN organisation o ON o.id = a.organisation WHERE ");
        ACCOUNT.seen(&mut statement, scope);
        filter.add(&mut statement);
        let count: i64 = run!(&mut self.reader().await?, query_scalar, statement, fetch_one)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// One account; `None` when it does not exist or lies outside the scope, which must look the same.
    pub async fn account(&self, scope: &Scope, id: &str) -> Result<Option<AccountRow>, StoreError> {
        let mut statement = Statement::new(SELECT);
        statement.push("a.id = ").bind(id).push(" AND ");
        ACCOUNT.seen(&mut statement, scope);
        Ok(rows(&mut self.reader().await?, statement).await?.pop())
    }

    /// The account with this login, whoever asks: for logging in, and for keeping logins apart.
    pub async fn account_by_login(&self, login: &str) -> Result<Option<AccountRow>, StoreError> {
        let mut statement = Statement::new(SELECT);
        statement.push("a.login = ").bind(login);
        Ok(rows(&mut self.reader().await?, statement).await?.pop())
    }

    /// Those of these accounts that exist, whoever asks: for names beside ids, and for decisions about them.
    pub async fn accounts_among(&self, ids: &[AccountId]) -> Result<Vec<AccountRow>, StoreError> {
        let ids: Vec<&str> = ids.iter().map(AccountId::as_str).collect();
        among(&mut self.reader().await?, &ids).await
    }
}

pub(crate) async fn among(reader: &mut Reader, ids: &[&str]) -> Result<Vec<AccountRow>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(SELECT);
    statement.push("a.id IN (").bind_list(ids.iter().copied()).push(") ORDER BY a.id");
    rows(reader, statement).await
}

async fn rows(reader: &mut Reader, statement: Statement) -> Result<Vec<AccountRow>, StoreError> {
    let rows: Vec<Row> = run!(reader, query_as, statement, fetch_all)?;
    rows.into_iter().map(AccountRow::try_from).collect()
}

impl AccountFilter {
    fn add(&self, statement: &mut Statement) {
        if let Some(path) = &self.under {
            let (lower, upper) = path.range();
            statement.push(" AND o.path >= ").bind(lower).push(" AND o.path < ").bind(upper);
        }
        if let Some(wanted) = &self.text {
            statement.push(" AND a.search LIKE ").bind(containing(wanted)).push(" ESCAPE '\\'");
        }
        if let Some(role) = &self.role {
            statement.push(" AND a.id IN (SELECT account FROM role_grant WHERE state = 'approved' AND role = ");
            statement.bind(role).push(")");
        }
        if let Some(active) = self.active {
            statement.push(" AND a.active = ").bind(active);
        }
    }
}

impl Projected for Account {
    const TABLES: &'static [&'static str] = &["account"];

    async fn project(
        writer: &mut Writer,
        id: &str,
        event: &AccountEvent,
        _before: &Account,
        after: &Account,
        _version: u64,
        _at: Instant,
    ) -> Result<(), StoreError> {
        let listed = matches!(
            event,
            AccountEvent::Opened { .. } | AccountEvent::Updated { .. } | AccountEvent::Closed | AccountEvent::Reopened
        );
        // A login that succeeds or fails changes nothing that a list looks for.
        if listed { write(writer, id, after).await } else { Ok(()) }
    }
}

async fn write(writer: &mut Writer, id: &str, account: &Account) -> Result<(), StoreError> {
    let mut taken = Statement::new("SELECT count(*) FROM account WHERE login = ");
    taken.bind(&account.login).push(" AND id <> ").bind(id);
    let taken: i64 = run!(writer, query_scalar, taken, fetch_one)?;
    if taken > 0 {
        return Err(StoreError::Changed { what: "the login", name: account.login.clone() });
    }
    let mut statement = Statement::new("INSERT INTO account (id, login, organisation, search, active) VALUES (");
    let search = searchable([account.login.as_str(), &account.name]);
    statement.bind_list([id, &account.login, account.organisation.as_str(), &search]).push(", ").bind(account.active);
    statement.push(
        ") ON CONFLICT (id) DO UPDATE SET login = excluded.login, organisation = excluded.organisation, \
         search = excluded.search, active = excluded.active",
    );
    act!(writer, statement).map(drop)
}

impl TryFrom<Row> for AccountRow {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<AccountRow, StoreError> {
        Ok(AccountRow {
            account: state_of("an account", &row.state)?,
            path: row.path.parse().map_err(|_| StoreError::unreadable("a path", &row.path))?,
            version: version_of(row.version)?,
        })
    }
}
