use crate::StoreError;
use crate::code::moment_of;
use crate::database::Store;
use crate::scope::{Subject, secrecy_of};
use crate::scope_statement::{Statement, containing, run};
use org::{OrgPath, Scope, Secrecy};
use units::{AccountId, BeijingDay, Instant, MatterId, OrgId};

/// A matter (事项) as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatterRow {
    /// Its id.
    pub id: MatterId,
    /// Its number for people.
    pub code: String,
    /// Its kind.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Whose it is.
    pub owner: OrgId,
    /// Where the owner stands in the tree now.
    pub owner_path: OrgPath,
    /// Its state.
    pub state: String,
    /// When it is due.
    pub due: Option<BeijingDay>,
    /// Who is responsible.
    pub responsible: Option<AccountId>,
    /// Who made it.
    pub created_by: AccountId,
    /// How widely it may be seen.
    pub secrecy: Secrecy,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub changed_at: Instant,
    /// Its version.
    pub version: u64,
}

/// Which matters of those in scope a list is about; empty lists and `None` mean all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatterFilter {
    /// States.
    pub states: Vec<String>,
    /// Kinds.
    pub kinds: Vec<String>,
    /// A text in code or title, capital letters or not.
    pub text: Option<String>,
    /// The owner is this organisation or stands below it.
    pub owner_under: Option<OrgPath>,
    /// Assigned to this organisation.
    pub assigned: Option<OrgId>,
    /// This account is responsible.
    pub responsible: Option<AccountId>,
    /// Due on this day or later.
    pub due_from: Option<BeijingDay>,
    /// Due before this day.
    pub due_before: Option<BeijingDay>,
}

/// The order of a list of matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MatterOrder {
    /// What is due first comes first; what has no due day comes last.
    #[default]
    Due,
    /// The newest first.
    Newest,
}

/// The matters of [`org::Item`] in SQL, with the table called `m`.
pub(crate) const MATTER: Subject = Subject {
    path: "m.owner_path",
    owner: "m.owner",
    account: Some("m.account"),
    kind: "m.kind",
    secrecy: "m.secrecy",
    assigned: Some(("m.id IN (SELECT id FROM matter_assigned WHERE org = ", ")")),
};

/// The same where `m` is the table of assignments, which repeats these columns of the matter.
pub(crate) const ASSIGNED: Subject = Subject { assigned: Some(("m.org = ", "")), ..MATTER };

pub(crate) const COLUMNS: &str = "m.id, m.code, m.kind, m.title, m.owner, m.owner_path, m.state, m.due, \
     m.responsible, m.created_by, m.secrecy, m.created_at, m.changed_at, m.version";
const NO_DUE_DAY: i32 = i32::MAX;

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) id: String,
    code: String,
    kind: String,
    title: String,
    owner: String,
    owner_path: String,
    state: String,
    pub(crate) due: i32,
    responsible: Option<String>,
    created_by: String,
    secrecy: i16,
    pub(crate) created_at: i64,
    changed_at: i64,
    version: i64,
}

impl Store {
    /// One matter; `None` when it does not exist or lies outside the scope, which must look the same.
    pub async fn matter(&self, scope: &Scope, id: &str) -> Result<Option<MatterRow>, StoreError> {
        let mut statement = Statement::new("SELECT ");
        statement.push(COLUMNS).push(" FROM matter m WHERE m.id = ").bind(id).push(" AND ");
        MATTER.seen(&mut statement, scope);
        let mut reader = self.reader().await?;
        let row: Option<Row> = run!(&mut reader, query_as, statement, fetch_optional)?;
        row.map(MatterRow::try_from).transpose()
    }

    /// Whether this matter exists and lies in the scope.
    pub async fn sees_matter(&self, scope: &Scope, id: &str) -> Result<bool, StoreError> {
        Ok(!self.matters_among(scope, &[id]).await?.is_empty())
    }

    /// Those of these ids that exist and lie in the scope, in order of id.
    pub async fn matters_among(&self, scope: &Scope, ids: &[&str]) -> Result<Vec<MatterId>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut statement = Statement::new("SELECT m.id FROM matter m WHERE m.id IN (");
        statement.bind_list(ids.iter().copied()).push(") AND ");
        MATTER.seen(&mut statement, scope);
        statement.push(" ORDER BY m.id");
        let mut reader = self.reader().await?;
        let found: Vec<String> = run!(&mut reader, query_scalar, statement, fetch_all)?;
        found.iter().map(|id| id.parse().map_err(|_| StoreError::unreadable("a matter", id))).collect()
    }

    /// The organisations a matter is assigned to, in order of id.
    pub async fn assigned(&self, id: &str) -> Result<Vec<OrgId>, StoreError> {
        let mut statement = Statement::new("SELECT org FROM matter_assigned WHERE id = ");
        statement.bind(id).push(" ORDER BY org");
        let mut reader = self.reader().await?;
        let found: Vec<String> = run!(&mut reader, query_scalar, statement, fetch_all)?;
        found.iter().map(|id| id.parse().map_err(|_| StoreError::unreadable("an organisation", id))).collect()
    }
}

impl MatterFilter {
    /// Whether all that it asks for is repeated in the table of assignments.
    pub(crate) fn narrow(&self) -> bool {
        self.text.is_none() && self.responsible.is_none()
    }

    /// Adds ` AND …` for each part that asks for something.
    pub(crate) fn add(&self, statement: &mut Statement) {
        if !self.states.is_empty() {
            statement.push(" AND m.state IN (").bind_list(&self.states).push(")");
        }
        if !self.kinds.is_empty() {
            statement.push(" AND m.kind IN (").bind_list(&self.kinds).push(")");
        }
        if let Some(path) = &self.owner_under {
            let (lower, upper) = path.range();
            statement.push(" AND m.owner_path >= ").bind(lower).push(" AND m.owner_path < ").bind(upper);
        }
        if let Some(org) = &self.assigned {
            statement.push(" AND m.id IN (SELECT id FROM matter_assigned WHERE org = ").bind(org.as_str()).push(")");
        }
        if let Some(account) = &self.responsible {
            statement.push(" AND m.responsible = ").bind(account.as_str());
        }
        if let Some(day) = self.due_from {
            statement.push(" AND m.due >= ").bind(i64::from(day.index()));
            statement.push(" AND m.due < ").bind(i64::from(NO_DUE_DAY));
        }
        if let Some(day) = self.due_before {
            statement.push(" AND m.due < ").bind(i64::from(day.index()));
        }
        if let Some(wanted) = &self.text {
            statement.push(" AND m.search LIKE ").bind(containing(wanted)).push(" ESCAPE '\\'");
        }
    }
}

/// A due day as stored.
pub(crate) fn due_number(due: Option<BeijingDay>) -> i32 {
    due.map_or(NO_DUE_DAY, BeijingDay::index)
}

impl TryFrom<Row> for MatterRow {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<MatterRow, StoreError> {
        let account = |id: &str| id.parse::<AccountId>().map_err(|_| StoreError::unreadable("an account", id));
        let secrecy = secrecy_of(i64::from(row.secrecy));
        Ok(MatterRow {
            id: row.id.parse().map_err(|_| StoreError::unreadable("a matter", &row.id))?,
            owner: row.owner.parse().map_err(|_| StoreError::unreadable("an organisation", &row.owner))?,
            owner_path: row.owner_path.parse().map_err(|_| StoreError::unreadable("a path", &row.owner_path))?,
            due: (row.due != NO_DUE_DAY).then(|| BeijingDay::from_index(row.due)),
            responsible: row.responsible.as_deref().map(account).transpose()?,
            created_by: account(&row.created_by)?,
            secrecy: secrecy.ok_or_else(|| StoreError::unreadable("a secrecy", row.secrecy))?,
            created_at: moment_of(row.created_at)?,
            changed_at: moment_of(row.changed_at)?,
            version: u64::try_from(row.version).map_err(|_| StoreError::unreadable("a version", row.version))?,
            code: row.code,
            kind: row.kind,
            title: row.title,
            state: row.state,
        })
    }
}
