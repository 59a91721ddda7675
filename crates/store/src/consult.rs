use crate::StoreError;
use crate::code::{hour_of, moment_of};
use crate::database::Store;
use crate::matter_list::Page;
use crate::scope::Subject;
use crate::scope_statement::{Statement, run};
use ::consult::{Entered, Official};
use org::{OrgPath, Scope};
use units::{AccountId, BeijingDay, BeijingHour, ConsultationId, Instant, OrgId};

/// A consultation (会商) as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsultationRow {
    /// Its id.
    pub id: ConsultationId,
    /// Its number for people.
    pub code: String,
    /// Its kind.
    pub kind: String,
    /// Whose it is.
    pub owner: OrgId,
    /// Where the owner stands in the tree now.
    pub owner_path: OrgPath,
    /// Its state.
    pub state: String,
    /// The issue time of the run it is about.
    pub issue: BeijingHour,
    /// Who opened it.
    pub opened_by: AccountId,
    /// When.
    pub opened_at: Instant,
    /// Until when bids are waited for.
    pub bids_until: Instant,
    /// The version of its signed conclusion; 0 for none.
    pub number: u32,
    /// When it was last changed.
    pub changed_at: Instant,
    /// Its version.
    pub version: u64,
}

/// Which consultations of those in scope a list is about; empty lists and `None` mean all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsultationFilter {
    /// States.
    pub states: Vec<String>,
    /// Kinds.
    pub kinds: Vec<String>,
    /// Of this house.
    pub owner: Option<OrgId>,
    /// About a run issued on this day.
    pub issue_day: Option<BeijingDay>,
}

/// A signed conclusion as kept (正式预报).
#[derive(Clone, Debug, PartialEq)]
pub struct OfficialRow {
    /// The room.
    pub room: ConsultationId,
    /// Its version.
    pub number: u32,
    /// `official`, or `superseded` by another version or another room.
    pub state: String,
    /// When it was signed.
    pub signed_at: Instant,
    /// What was signed.
    pub official: Official,
}

/// The consultations of [`org::Item`] in SQL, with the table called `c`.
pub(crate) const CONSULTATION: Subject = Subject {
    path: "c.owner_path",
    owner: "c.owner",
    account: Some("c.opened_by"),
    kind: "c.kind",
    secrecy: "c.secrecy",
    assigned: Some(("c.id IN (SELECT id FROM consultation_told WHERE org = ", ")")),
};

const SELECT: &str = "SELECT c.id, c.code, c.kind, c.owner, c.owner_path, c.state, c.issue, c.opened_by, c.opened_at, \
     c.bids_until, c.number, c.changed_at, c.version FROM consultation c WHERE ";

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    code: String,
    kind: String,
    owner: String,
    owner_path: String,
    state: String,
    issue: i32,
    opened_by: String,
    opened_at: i64,
    bids_until: i64,
    number: i32,
    changed_at: i64,
    version: i64,
}

impl Store {
    /// A page of the consultations in scope, the newest first; `after` is the `next` of the page before. Refuses
    /// `T-205` any other mark.
    pub async fn consultations(
        &self,
        scope: &Scope,
        filter: &ConsultationFilter,
        limit: u32,
        after: Option<&str>,
    ) -> Result<Page<ConsultationRow>, StoreError> {
        let mut statement = Statement::new(SELECT);
        CONSULTATION.seen(&mut statement, scope);
        filter.add(&mut statement);
        if let Some(mark) = after {
            let (key, id) = read_mark(mark)?;
            statement.push(" AND (c.opened_at, c.id) < (").bind(key).push(", ").bind(id).push(")");
        }
        statement.push(" ORDER BY c.opened_at DESC, c.id DESC LIMIT ").bind(i64::from(limit) + 1);
        let rows: Vec<Row> = run!(&mut self.reader().await?, query_as, statement, fetch_all)?;
        let Page { items, next } = Page::cut(rows, limit, |row| format!("{}~{}", row.opened_at, row.id));
        Ok(Page { items: items.into_iter().map(ConsultationRow::try_from).collect::<Result<_, _>>()?, next })
    }

    /// How many consultations in scope the filter keeps.
    pub async fn count_consultations(&self, scope: &Scope, filter: &ConsultationFilter) -> Result<u64, StoreError> {
        let mut statement = Statement::new("SELECT count(*) FROM consultation c WHERE ");
        CONSULTATION.seen(&mut statement, scope);
        filter.add(&mut statement);
        let count: i64 = run!(&mut self.reader().await?, query_scalar, statement, fetch_one)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// One consultation; `None` when it does not exist or lies outside the scope, which must look the same.
    pub async fn consultation(&self, scope: &Scope, id: &str) -> Result<Option<ConsultationRow>, StoreError> {
        let mut statement = Statement::new(SELECT);
        statement.push("c.id = ").bind(id).push(" AND ");
        CONSULTATION.seen(&mut statement, scope);
        let row: Option<Row> = run!(&mut self.reader().await?, query_as, statement, fetch_optional)?;
        row.map(ConsultationRow::try_from).transpose()
    }

    /// The bids of a room, each in its last version, in order of participant. Who may see them is not asked here.
    pub async fn consultation_bids(&self, room: &ConsultationId) -> Result<Vec<Entered>, StoreError> {
        let mut statement = Statement::new("SELECT bid FROM consultation_bid WHERE room = ");
        statement.bind(room.as_str()).push(" ORDER BY participant");
        let rows: Vec<String> = run!(&mut self.reader().await?, query_scalar, statement, fetch_all)?;
        rows.iter().map(|bid| serde_json::from_str(bid).map_err(|_| StoreError::unreadable("a bid", bid))).collect()
    }

    /// The signed conclusions in scope for the runs of a day, every version, the latest signed first.
    pub async fn official_forecasts(&self, scope: &Scope, day: BeijingDay) -> Result<Vec<OfficialRow>, StoreError> {
        let mut statement = Statement::new(
            "SELECT f.room, f.number, f.state, f.signed_at, f.body FROM consultation_official f \
             JOIN consultation c ON c.id = f.room WHERE f.issue_day = ",
        );
        statement.bind(i64::from(day.index())).push(" AND ");
        CONSULTATION.seen(&mut statement, scope);
        statement.push(" ORDER BY f.signed_at DESC, f.room, f.number DESC");
        let rows: Vec<(String, i32, String, i64, String)> =
            run!(&mut self.reader().await?, query_as, statement, fetch_all)?;
        rows.into_iter().map(official).collect()
    }

    /// Every signed version of one room, the newest first.
    pub async fn official_versions(&self, room: &ConsultationId) -> Result<Vec<OfficialRow>, StoreError> {
        let mut statement =
            Statement::new("SELECT room, number, state, signed_at, body FROM consultation_official WHERE room = ");
        statement.bind(room.as_str()).push(" ORDER BY number DESC");
        let rows: Vec<(String, i32, String, i64, String)> =
            run!(&mut self.reader().await?, query_as, statement, fetch_all)?;
        rows.into_iter().map(official).collect()
    }

    /// Room and id of the guest whose secret has this digest.
    pub async fn consultation_guest(&self, hash: &str) -> Result<Option<(ConsultationId, String)>, StoreError> {
        let mut statement = Statement::new("SELECT room, id FROM consultation_guest WHERE hash = ");
        statement.bind(hash);
        let row: Option<(String, String)> = run!(&mut self.reader().await?, query_as, statement, fetch_optional)?;
        row.map(|(room, id)| Ok((room.parse().map_err(|_| StoreError::unreadable("a consultation", &room))?, id)))
            .transpose()
    }
}

impl ConsultationFilter {
    fn add(&self, statement: &mut Statement) {
        if !self.states.is_empty() {
            statement.push(" AND c.state IN (").bind_list(&self.states).push(")");
        }
        if !self.kinds.is_empty() {
            statement.push(" AND c.kind IN (").bind_list(&self.kinds).push(")");
        }
        if let Some(owner) = &self.owner {
            statement.push(" AND c.owner = ").bind(owner.as_str());
        }
        if let Some(day) = self.issue_day {
            statement.push(" AND c.issue_day = ").bind(i64::from(day.index()));
        }
    }
}

fn read_mark(mark: &str) -> Result<(i64, String), StoreError> {
    let parts = mark.split_once('~').and_then(|(key, id)| {
        let id: ConsultationId = id.parse().ok()?;
        Some((key.parse().ok()?, id.to_string()))
    });
    parts.ok_or_else(|| StoreError::BadMark { mark: mark.to_string() })
}

fn official(
    (room, number, state, signed_at, body): (String, i32, String, i64, String),
) -> Result<OfficialRow, StoreError> {
    Ok(OfficialRow {
        room: room.parse().map_err(|_| StoreError::unreadable("a consultation", &room))?,
        number: number.unsigned_abs(),
        state,
        signed_at: moment_of(signed_at)?,
        official: serde_json::from_str(&body).map_err(|_| StoreError::unreadable("a conclusion", &body))?,
    })
}

impl TryFrom<Row> for ConsultationRow {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<ConsultationRow, StoreError> {
        let organisation = |id: &str| id.parse::<OrgId>().map_err(|_| StoreError::unreadable("an organisation", id));
        Ok(ConsultationRow {
            id: row.id.parse().map_err(|_| StoreError::unreadable("a consultation", &row.id))?,
            owner: organisation(&row.owner)?,
            owner_path: row.owner_path.parse().map_err(|_| StoreError::unreadable("a path", &row.owner_path))?,
            issue: hour_of(row.issue),
            opened_by: row.opened_by.parse().map_err(|_| StoreError::unreadable("an account", &row.opened_by))?,
            opened_at: moment_of(row.opened_at)?,
            bids_until: moment_of(row.bids_until)?,
            number: row.number.unsigned_abs(),
            changed_at: moment_of(row.changed_at)?,
            version: u64::try_from(row.version).map_err(|_| StoreError::unreadable("a version", row.version))?,
            code: row.code,
            kind: row.kind,
            state: row.state,
        })
    }
}
