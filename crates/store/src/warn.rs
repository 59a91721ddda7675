use crate::StoreError;
use crate::code::moment_of;
use crate::database::Store;
use crate::matter_list::Page;
use crate::scope::Subject;
use crate::scope_statement::{Statement, run};
use ::warn::{Delivery, PlanRecord, Terms};
use event::Aggregate;
use org::{OrgPath, Scope};
use units::{AccountId, Instant, OrgId, RegionCode, WarningId};

/// A warning (预警) as lists show it.
#[derive(Clone, Debug, PartialEq)]
pub struct WarningRow {
    /// Its id.
    pub id: WarningId,
    /// Its number for people.
    pub code: String,
    /// Whose it is.
    pub owner: OrgId,
    /// Where the owner stands in the tree now.
    pub owner_path: OrgPath,
    /// Its state.
    pub state: String,
    /// Whether it is an exercise.
    pub exercise: bool,
    /// Whether it rests on demonstration data.
    pub demonstration: bool,
    /// Whether the pollution was there before it.
    pub late: bool,
    /// What holds or held last, else what is proposed.
    pub terms: Terms,
    /// What the draft under way does; empty without one.
    pub change: String,
    /// The gate it waits at; empty without one.
    pub gate: String,
    /// Who assessed it; empty before that.
    pub assessed_by: String,
    /// The number of the last document; empty before the first.
    pub document: String,
    /// When that was issued.
    pub issued_at: Option<Instant>,
    /// When it was proposed.
    pub proposed_at: Instant,
    /// Its version.
    pub version: u64,
}

/// Which warnings of those in scope a list is about; empty lists and `None` mean all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WarningFilter {
    /// States.
    pub states: Vec<String>,
    /// About this city.
    pub city: Option<RegionCode>,
    /// Exercises, or all but exercises.
    pub exercise: Option<bool>,
    /// That wait for this person.
    pub waiting: Option<WaitingFor>,
    /// With a document issued at this moment or later.
    pub issued_since: Option<Instant>,
}

/// Whose turn it is (待办).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingFor {
    /// The person, who does not sign what it assessed.
    pub account: AccountId,
    /// Where it may assess and issue.
    pub assesses: Scope,
    /// Where it may sign.
    pub signs: Scope,
}

/// The warnings of [`org::Item`] in SQL, with the table called `w`.
const WARNING: Subject = Subject {
    path: "w.owner_path",
    owner: "w.owner",
    account: Some("w.proposed_by"),
    kind: "'warning'",
    secrecy: "w.secrecy",
    assigned: Some(("w.id IN (SELECT id FROM warning_told WHERE org = ", ")")),
};

const SELECT: &str = "SELECT w.id, w.code, w.owner, w.owner_path, w.state, w.exercise, w.demonstration, w.late, \
     w.terms, w.change, w.gate, w.assessed_by, w.document, w.issued_at, w.proposed_at, w.version FROM warning w WHERE ";

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    code: String,
    owner: String,
    owner_path: String,
    state: String,
    exercise: bool,
    demonstration: bool,
    late: bool,
    terms: String,
    change: String,
    gate: String,
    assessed_by: String,
    document: String,
    issued_at: Option<i64>,
    proposed_at: i64,
    version: i64,
}

impl Store {
    /// A page of the warnings in scope, the newest first; `after` is the `next` of the page before. Refuses `T-205`
    /// any other mark.
    pub async fn warnings(
        &self,
        scope: &Scope,
        filter: &WarningFilter,
        limit: u32,
        after: Option<&str>,
    ) -> Result<Page<WarningRow>, StoreError> {
        let mut statement = Statement::new(SELECT);
        WARNING.seen(&mut statement, scope);
        filter.add(&mut statement);
        if let Some(mark) = after {
            let (key, id) = read_mark(mark)?;
            statement.push(" AND (w.proposed_at, w.id) < (").bind(key).push(", ").bind(id).push(")");
        }
        statement.push(" ORDER BY w.proposed_at DESC, w.id DESC LIMIT ").bind(i64::from(limit) + 1);
        let rows: Vec<Row> = run!(&mut self.reader().await?, query_as, statement, fetch_all)?;
        let Page { items, next } = Page::cut(rows, limit, |row| format!("{}~{}", row.proposed_at, row.id));
        Ok(Page { items: items.into_iter().map(WarningRow::try_from).collect::<Result<_, _>>()?, next })
    }

    /// How many warnings in scope the filter keeps.
    pub async fn count_warnings(&self, scope: &Scope, filter: &WarningFilter) -> Result<u64, StoreError> {
        let mut statement = Statement::new("SELECT count(*) FROM warning w WHERE ");
        WARNING.seen(&mut statement, scope);
        filter.add(&mut statement);
        let count: i64 = run!(&mut self.reader().await?, query_scalar, statement, fetch_one)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// One warning; `None` when it does not exist or lies outside the scope, which must look the same.
    pub async fn warning(&self, scope: &Scope, id: &str) -> Result<Option<WarningRow>, StoreError> {
        let mut statement = Statement::new(SELECT);
        statement.push("w.id = ").bind(id).push(" AND ");
        WARNING.seen(&mut statement, scope);
        let row: Option<Row> = run!(&mut self.reader().await?, query_as, statement, fetch_optional)?;
        row.map(WarningRow::try_from).transpose()
    }

    /// The organisations that documents of a warning were given to, in order.
    pub async fn warning_told(&self, id: &WarningId) -> Result<Vec<OrgId>, StoreError> {
        let mut statement = Statement::new("SELECT org FROM warning_told WHERE id = ");
        statement.bind(id.as_str()).push(" ORDER BY org");
        let rows: Vec<String> = run!(&mut self.reader().await?, query_scalar, statement, fetch_all)?;
        rows.iter().map(|org| org.parse().map_err(|_| StoreError::unreadable("an organisation", org))).collect()
    }

    /// Whether a document of this number was issued.
    pub async fn warning_document_used(&self, document: &str) -> Result<bool, StoreError> {
        let mut statement = Statement::new("SELECT count(*) FROM warning_issued WHERE document = ");
        statement.bind(document);
        let count: i64 = run!(&mut self.reader().await?, query_scalar, statement, fetch_one)?;
        Ok(count > 0)
    }

    /// What went out of a warning and what came back, the first sent first.
    pub async fn warning_deliveries(&self, id: &WarningId) -> Result<Vec<Delivery>, StoreError> {
        let mut statement =
            Statement::new("SELECT document, channel, recipient, sent, receipt FROM warning_delivery WHERE warning = ");
        statement.bind(id.as_str()).push(" ORDER BY sent, document, channel, recipient");
        let rows: Vec<(String, String, String, i64, Option<i64>)> =
            run!(&mut self.reader().await?, query_as, statement, fetch_all)?;
        let delivery = |(document, channel, recipient, sent, receipt): (String, String, String, i64, Option<i64>)| {
            let (sent, receipt) = (moment_of(sent)?, receipt.map(moment_of).transpose()?);
            Ok(Delivery { document, channel, recipient, sent, receipt })
        };
        rows.into_iter().map(delivery).collect()
    }

    /// When somebody of an organisation first read the notice of this key; `None` when nobody has.
    pub async fn notice_first_read(&self, key: &str) -> Result<Option<Instant>, StoreError> {
        let mut statement =
            Statement::new("SELECT min(n.read_at) FROM notice n JOIN outbox x ON x.id = n.outbox WHERE x.key = ");
        statement.bind(key);
        let first: Option<i64> = run!(&mut self.reader().await?, query_scalar, statement, fetch_one)?;
        first.map(moment_of).transpose()
    }

    /// The records of all plans of the house with their versions, in order of id. There are few.
    pub async fn plan_records(&self) -> Result<Vec<(PlanRecord, u64)>, StoreError> {
        let mut statement = Statement::new("SELECT state, version FROM stream WHERE kind = ");
        statement.bind(PlanRecord::KIND).push(" ORDER BY id");
        let rows: Vec<(String, i64)> = run!(&mut self.reader().await?, query_as, statement, fetch_all)?;
        let record = |(state, version): (String, i64)| {
            let record = serde_json::from_str(&state).map_err(|_| StoreError::unreadable("a plan", &state))?;
            Ok((record, version.unsigned_abs()))
        };
        rows.into_iter().map(record).collect()
    }
}

impl WarningFilter {
    fn add(&self, statement: &mut Statement) {
        if !self.states.is_empty() {
            statement.push(" AND w.state IN (").bind_list(&self.states).push(")");
        }
        if let Some(city) = self.city {
            statement.push(" AND w.id IN (SELECT id FROM warning_city WHERE city = ");
            statement.bind(city.to_string()).push(")");
        }
        if let Some(exercise) = self.exercise {
            statement.push(" AND w.exercise = ").bind(exercise);
        }
        if let Some(since) = self.issued_since {
            statement.push(" AND w.issued_at >= ").bind(crate::code::moment_number(since));
        }
        if let Some(WaitingFor { account, assesses, signs }) = &self.waiting {
            statement.push(" AND ((w.gate IN ('assessment', 'issue') AND ");
            WARNING.seen(statement, assesses);
            statement.push(") OR (w.gate = 'sign_off' AND w.assessed_by <> ").bind(account.as_str()).push(" AND ");
            WARNING.seen(statement, signs);
            statement.push("))");
        }
    }
}

fn read_mark(mark: &str) -> Result<(i64, String), StoreError> {
    let parts = mark.split_once('~').and_then(|(key, id)| {
        let id: WarningId = id.parse().ok()?;
        Some((key.parse().ok()?, id.to_string()))
    });
    parts.ok_or_else(|| StoreError::BadMark { mark: mark.to_string() })
}

impl TryFrom<Row> for WarningRow {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<WarningRow, StoreError> {
        Ok(WarningRow {
            id: row.id.parse().map_err(|_| StoreError::unreadable("a warning", &row.id))?,
            owner: row.owner.parse().map_err(|_| StoreError::unreadable("an organisation", &row.owner))?,
            owner_path: row.owner_path.parse().map_err(|_| StoreError::unreadable("a path", &row.owner_path))?,
            terms: serde_json::from_str(&row.terms).map_err(|_| StoreError::unreadable("terms", &row.terms))?,
            issued_at: row.issued_at.map(moment_of).transpose()?,
            proposed_at: moment_of(row.proposed_at)?,
            version: u64::try_from(row.version).map_err(|_| StoreError::unreadable("a version", row.version))?,
            code: row.code,
            state: row.state,
            exercise: row.exercise,
            demonstration: row.demonstration,
            late: row.late,
            change: row.change,
            gate: row.gate,
            assessed_by: row.assessed_by,
            document: row.document,
        })
    }
}
