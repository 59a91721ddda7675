use crate::StoreError;
use crate::database::{Reader, Store};
use crate::matter_list::Page;
use crate::scope::Subject;
use crate::scope_statement::{Statement, containing, run};
use org::{OrgKind, OrgPath, Organisation, Place, Places, Scope};
use units::OrgId;

/// An organisation (组织机构) with its place in the tree now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationRow {
    /// The organisation.
    pub organisation: Organisation,
    /// Where it stands in the tree. Moving one above it changes this and nothing else of it.
    pub path: OrgPath,
    /// Its version.
    pub version: u64,
}

/// Which organisations of those in scope a list is about; `None` means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrganisationFilter {
    /// This organisation and all below it.
    pub under: Option<OrgPath>,
    /// Directly below this organisation.
    pub parent: Option<OrgId>,
    /// A text in id or name, capital letters or not.
    pub text: Option<String>,
    /// Its kind.
    pub kind: Option<OrgKind>,
    /// Whether it is open.
    pub active: Option<bool>,
}

/// The organisations of [`org::Item`] in SQL, with the table called `o`.
pub(crate) const ORGANISATION: Subject =
    Subject { path: "o.path", owner: "o.id", account: None, kind: "'organisation'", secrecy: "0", assigned: None };

const SELECT: &str = "SELECT o.path, s.version, s.state FROM organisation o \
     JOIN stream s ON s.kind = 'organisation' AND s.id = o.id WHERE ";

#[derive(sqlx::FromRow)]
struct Row {
    path: String,
    version: i64,
    state: String,
}

impl Store {
    /// A page of the organisations in scope, in order of the tree; `after` is the `next` of the page before.
    pub async fn organisations(
        &self,
        scope: &Scope,
        filter: &OrganisationFilter,
        limit: u32,
        after: Option<&str>,
    ) -> Result<Page<OrganisationRow>, StoreError> {
        let mut statement = Statement::new(SELECT);
        ORGANISATION.seen(&mut statement, scope);
        filter.add(&mut statement);
        if let Some(mark) = after {
            statement.push(" AND o.path > ").bind(mark);
        }
        statement.push(" ORDER BY o.path LIMIT ").bind(i64::from(limit) + 1);
        let items = rows(&mut self.reader().await?, statement).await?;
        Ok(Page::cut(items, limit, |row| row.path.to_string()))
    }

    /// How many organisations in scope the filter keeps.
    pub async fn count_organisations(&self, scope: &Scope, filter: &OrganisationFilter) -> Result<u64, StoreError> {
        let mut statement = Statement::new("SELECT count(*) FROM organisation o WHERE ");
        ORGANISATION.seen(&mut statement, scope);
        filter.add(&mut statement);
        let count: i64 = run!(&mut self.reader().await?, query_scalar, statement, fetch_one)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// One organisation; `None` when it does not exist or lies outside the scope, which must look the same.
    pub async fn organisation(&self, scope: &Scope, id: &str) -> Result<Option<OrganisationRow>, StoreError> {
        let mut statement = Statement::new(SELECT);
        statement.push("o.id = ").bind(id).push(" AND ");
        ORGANISATION.seen(&mut statement, scope);
        Ok(rows(&mut self.reader().await?, statement).await?.pop())
    }

    /// What decisions have to know of one organisation, whoever asks.
    pub async fn org_place(&self, id: &OrgId) -> Result<Option<Place>, StoreError> {
        Ok(places(&mut self.reader().await?, &[id.as_str()]).await?.pop())
    }

    /// The same of several; those that do not exist are left out.
    pub async fn org_places(&self, ids: &[OrgId]) -> Result<Places, StoreError> {
        let ids: Vec<&str> = ids.iter().map(OrgId::as_str).collect();
        Ok(places(&mut self.reader().await?, &ids).await?.into_iter().collect())
    }

    /// How many open organisations lie directly below one, and how many open accounts belong to it.
    pub async fn held_by(&self, id: &OrgId) -> Result<(u64, u64), StoreError> {
        let mut statement = Statement::new("SELECT (SELECT count(*) FROM organisation WHERE active AND parent = ");
        statement.bind(id.as_str()).push("), (SELECT count(*) FROM account WHERE active AND organisation = ");
        statement.bind(id.as_str()).push(")");
        let (below, accounts): (i64, i64) = run!(&mut self.reader().await?, query_as, statement, fetch_one)?;
        Ok((u64::try_from(below).unwrap_or_default(), u64::try_from(accounts).unwrap_or_default()))
    }
}

pub(crate) async fn places(reader: &mut Reader, ids: &[&str]) -> Result<Vec<Place>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(SELECT);
    statement.push("o.id IN (").bind_list(ids.iter().copied()).push(")");
    Ok(rows(reader, statement).await?.into_iter().map(OrganisationRow::place).collect())
}

async fn rows(reader: &mut Reader, statement: Statement) -> Result<Vec<OrganisationRow>, StoreError> {
    let rows: Vec<Row> = run!(reader, query_as, statement, fetch_all)?;
    rows.into_iter().map(OrganisationRow::try_from).collect()
}

impl OrganisationFilter {
    fn add(&self, statement: &mut Statement) {
        if let Some(path) = &self.under {
            let (lower, upper) = path.range();
            statement.push(" AND o.path >= ").bind(lower).push(" AND o.path < ").bind(upper);
        }
        if let Some(parent) = &self.parent {
            statement.push(" AND o.parent = ").bind(parent.as_str());
        }
        if let Some(wanted) = &self.text {
            statement.push(" AND o.search LIKE ").bind(containing(wanted)).push(" ESCAPE '\\'");
        }
        if let Some(kind) = self.kind {
            statement.push(" AND o.kind = ").bind(kind.as_str());
        }
        if let Some(active) = self.active {
            statement.push(" AND o.active = ").bind(active);
        }
    }
}

impl OrganisationRow {
    /// What decisions have to know of it.
    pub fn place(self) -> Place {
        let Organisation { id, kind, active, areas, .. } = self.organisation;
        Place { id, kind, path: self.path, active, areas }
    }
}

impl TryFrom<Row> for OrganisationRow {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<OrganisationRow, StoreError> {
        Ok(OrganisationRow {
            organisation: state_of("an organisation", &row.state)?,
            path: row.path.parse().map_err(|_| StoreError::unreadable("a path", &row.path))?,
            version: version_of(row.version)?,
        })
    }
}

pub(crate) fn state_of<S: serde::de::DeserializeOwned>(what: &'static str, state: &str) -> Result<S, StoreError> {
    serde_json::from_str(state).map_err(|_| StoreError::unreadable(what, state))
}

pub(crate) fn version_of(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::unreadable("a version", number))
}
