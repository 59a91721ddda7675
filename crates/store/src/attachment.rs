//! Entries of files added to matters. The content lies in a folder, which the server keeps.

use crate::StoreError;
use crate::code::{count, moment_number, moment_of, text};
use crate::database::{Store, Writer, on};
use crate::event_log::Projected;
use crate::matter::MATTER;
use crate::scope_statement::{Statement, act, run};
use ::attachment::{Attachment, Entry, Event, File, Kind, Position};
use org::Scope;
use units::{AccountId, Instant, MatterId};

/// An entry (附件) as lists show it.
#[derive(Clone, Debug, PartialEq)]
pub struct AttachmentRow {
    /// Its id.
    pub id: String,
    /// The matter it belongs to; whoever sees that sees this.
    pub matter: MatterId,
    /// Digest of the content, with the name of the function.
    pub digest: String,
    /// The name it is listed and sent under.
    pub name: String,
    /// What the content is.
    pub kind: Kind,
    /// Size.
    pub bytes: u64,
    /// When the photo says it was taken.
    pub taken_at: Option<Instant>,
    /// Where the photo says it was taken.
    pub position: Option<Position>,
    /// Who added it.
    pub added_by: AccountId,
    /// When it was added.
    pub added_at: Instant,
    /// Why it was withdrawn; `None` while it stands.
    pub withdrawn: Option<String>,
    /// Its version.
    pub version: u64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    matter: String,
    digest: String,
    name: String,
    kind: String,
    bytes: i64,
    taken_at: Option<i64>,
    lon: Option<f64>,
    lat: Option<f64>,
    added_by: String,
    added_at: i64,
    withdrawn: Option<String>,
    version: i64,
}

const SELECT: &str = "SELECT a.id, a.matter, a.digest, a.name, a.kind, a.bytes, a.taken_at, a.lon, a.lat, a.added_by, \
     a.added_at, a.withdrawn, a.version FROM attachment a JOIN matter m ON m.id = a.matter WHERE ";

impl Store {
    /// One entry; `None` when it does not exist or its matter lies outside the scope, which must look the same.
    pub async fn attachment(&self, scope: &Scope, id: &str) -> Result<Option<AttachmentRow>, StoreError> {
        let mut statement = Statement::new(SELECT);
        statement.push("a.id = ").bind(id).push(" AND ");
        MATTER.seen(&mut statement, scope);
        let mut reader = self.reader().await?;
        let row: Option<Row> = run!(&mut reader, query_as, statement, fetch_optional)?;
        row.map(AttachmentRow::try_from).transpose()
    }

    /// All entries of a matter, oldest first, withdrawn ones included; none when the matter lies outside the scope.
    pub async fn attachments(&self, scope: &Scope, matter: &str) -> Result<Vec<AttachmentRow>, StoreError> {
        let mut statement = Statement::new(SELECT);
        statement.push("a.matter = ").bind(matter).push(" AND ");
        MATTER.seen(&mut statement, scope);
        statement.push(" ORDER BY a.added_at, a.id");
        let mut reader = self.reader().await?;
        let rows: Vec<Row> = run!(&mut reader, query_as, statement, fetch_all)?;
        rows.into_iter().map(AttachmentRow::try_from).collect()
    }
}

impl Projected for Attachment {
    const TABLES: &'static [&'static str] = &["attachment"];

    async fn project(
        writer: &mut Writer,
        id: &str,
        event: &Event,
        _before: &Entry,
        _after: &Entry,
        version: u64,
        at: Instant,
    ) -> Result<(), StoreError> {
        match event {
            Event::Added(file) => add(writer, id, file, version, at).await,
            Event::Withdrawn { reason } => {
                let mut statement = Statement::new("UPDATE attachment SET withdrawn = ");
                statement.bind(reason).push(", version = ").bind(count(version)).push(" WHERE id = ").bind(id);
                act!(writer, statement).map(drop)
            }
        }
    }
}

async fn add(writer: &mut Writer, id: &str, file: &File, version: u64, at: Instant) -> Result<(), StoreError> {
    let sql = "INSERT INTO attachment (id, matter, digest, name, kind, bytes, taken_at, lon, lat, added_by, added_at, \
         withdrawn, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, $12)";
    let position = file.position.as_ref();
    let added_by = file.added_by.as_ref().map_or("", AccountId::as_str);
    on!(writer, c => sqlx::query(sql).bind(id).bind(file.matter.as_str()).bind(&file.digest).bind(text(&file.name))
        .bind(file.kind.code()).bind(count(file.bytes)).bind(file.taken_at.map(moment_number))
        .bind(position.map(|position| position.lon)).bind(position.map(|position| position.lat))
        .bind(added_by).bind(moment_number(at)).bind(count(version)).execute(c).await.map(drop))?;
    Ok(())
}

impl TryFrom<Row> for AttachmentRow {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<AttachmentRow, StoreError> {
        let id_of = |what, text: &str| StoreError::unreadable(what, text);
        Ok(AttachmentRow {
            matter: row.matter.parse().map_err(|_| id_of("a matter", &row.matter))?,
            kind: Kind::from_code(&row.kind).ok_or_else(|| id_of("a kind of file", &row.kind))?,
            added_by: row.added_by.parse().map_err(|_| id_of("an account", &row.added_by))?,
            taken_at: row.taken_at.map(moment_of).transpose()?,
            position: row.lon.zip(row.lat).map(|(lon, lat)| Position { lon, lat }),
            added_at: moment_of(row.added_at)?,
            bytes: row.bytes.unsigned_abs(),
            version: row.version.unsigned_abs(),
            id: row.id,
            digest: row.digest,
            name: row.name,
            withdrawn: row.withdrawn,
        })
    }
}
