use crate::StoreError;
use crate::code::{Cell, count, count_of, hour_bound, moment_number, moment_of, text};
use crate::database::{Store, Writer, on};
use crate::import::Counts;
use serde::Serialize;
use units::{BeijingHour, Instant, Pollutant, Reading, SiteCode};

/// What is known of a file before its rows are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFile {
    /// The file's name, for people.
    pub file: String,
    /// SHA-256 of its content, hexadecimal; two imports with the same are a repeat.
    pub sha256: String,
    /// The layout it was recognised as.
    pub format: String,
    /// The id of the source its series belong to, for example `cnemc-city`.
    pub source: String,
    /// When the import began.
    pub at: Instant,
}

/// What the reader of the file had to say, kept in the journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Rows in the file.
    pub rows_read: u64,
    /// Values handed to the store.
    pub kept: u64,
    /// Of these, without a value.
    pub missing: u64,
    /// Rows that repeat another row of the file.
    pub duplicates: u64,
    /// Values in doubt or invalid.
    pub flagged: u64,
    /// Rows refused; may be more than are listed.
    pub refused: u64,
    /// The first refused rows.
    pub refusals: Vec<Refusal>,
    /// Traps met and how they were handled.
    pub notes: Vec<String>,
    /// How long it took, milliseconds.
    pub duration_ms: u64,
}

/// A row that was not imported, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Line in the file, from 1.
    pub line: u64,
    /// The column, where the reason lies in one.
    pub column: Option<String>,
    /// Why it was refused.
    pub reason: String,
    /// The row's text, for inspection; U+0000 is shown as U+FFFD.
    pub text: String,
}

/// The number of an import in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct ImportId(pub(crate) i32);

/// One line of the import journal (导入日志).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportRow {
    /// Its number.
    pub id: ImportId,
    /// The file's name.
    pub file: String,
    /// SHA-256 of its content.
    pub sha256: String,
    /// The layout.
    pub format: String,
    /// The source.
    pub source: String,
    /// The first import of the same content, if this is a repeat.
    pub repeat_of: Option<ImportId>,
    /// Rows in the file.
    pub rows_read: u64,
    /// Values handed to the store.
    pub kept: u64,
    /// Of these, without a value.
    pub missing: u64,
    /// Rows that repeat another row of the file.
    pub duplicates: u64,
    /// Values in doubt or invalid.
    pub flagged: u64,
    /// Rows refused.
    pub refused: u64,
    /// What changed in the store.
    pub counts: Counts,
    /// Traps met and how they were handled.
    pub notes: Vec<String>,
    /// When it began.
    pub at: Instant,
    /// How long it took, milliseconds.
    pub duration_ms: u64,
}

/// A value that a later import replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Superseded {
    /// What was held.
    pub reading: Reading,
    /// The import that had brought it.
    pub import: ImportId,
    /// The import that replaced it.
    pub superseded_by: ImportId,
}

#[derive(sqlx::FromRow)]
struct JournalRow {
    id: i32,
    file: String,
    sha256: String,
    format: String,
    source: String,
    repeat_of: Option<i32>,
    rows_read: i64,
    kept: i64,
    missing: i64,
    duplicates: i64,
    flagged: i64,
    refused: i64,
    count_new: i64,
    count_changed: i64,
    count_unchanged: i64,
    notes: String,
    imported_at: i64,
    duration_ms: i64,
}

impl Store {
    /// The import journal, newest first.
    pub async fn imports(&self) -> Result<Vec<ImportRow>, StoreError> {
        let sql = "SELECT id, file, sha256, format, source, repeat_of, rows_read, kept, missing, duplicates, flagged, \
             refused, count_new, count_changed, count_unchanged, notes, imported_at, duration_ms \
             FROM import_journal ORDER BY id DESC";
        let mut reader = self.reader().await?;
        let rows: Vec<JournalRow> = on!(&mut reader, c => sqlx::query_as(sql).fetch_all(c).await)?;
        rows.into_iter().map(ImportRow::try_from).collect()
    }

    /// The first import of a file with this content, if there was one.
    pub async fn imported(&self, sha256: &str) -> Result<Option<ImportId>, StoreError> {
        let mut reader = self.reader().await?;
        let id: Option<i32> = on!(&mut reader, c => sqlx::query_scalar(EARLIER).bind(sha256).fetch_optional(c).await)?;
        Ok(id.map(ImportId))
    }

    /// The refused rows kept of one import, in file order.
    pub async fn refusals(&self, import: ImportId) -> Result<Vec<Refusal>, StoreError> {
        let sql = "SELECT line, field, reason, content FROM refused_row WHERE import_id = $1 ORDER BY number";
        let mut reader = self.reader().await?;
        let rows: Vec<(i64, Option<String>, String, String)> =
            on!(&mut reader, c => sqlx::query_as(sql).bind(import.0).fetch_all(c).await)?;
        let refusal = |(line, column, reason, text)| Refusal { line: count_of(line), column, reason, text };
        Ok(rows.into_iter().map(refusal).collect())
    }

    /// The values held before for one hour, oldest first.
    pub async fn superseded(
        &self,
        site: &SiteCode,
        pollutant: Pollutant,
        hour: BeijingHour,
    ) -> Result<Vec<Superseded>, StoreError> {
        let sql = "SELECT h.value, h.state, h.why, h.flag, h.import_id, h.superseded_by FROM observation_history h \
             JOIN series s ON s.id = h.series_id \
             WHERE s.site = $1 AND s.pollutant = $2 AND h.hour = $3 ORDER BY h.id";
        let mut reader = self.reader().await?;
        let rows: Vec<(Option<i64>, i16, i16, i16, i32, i32)> = on!(&mut reader, c => sqlx::query_as(sql)
            .bind(site.as_str()).bind(pollutant.code()).bind(hour_bound(hour)).fetch_all(c).await)?;
        rows.into_iter().map(Superseded::try_from).collect()
    }
}

const EARLIER: &str = "SELECT id FROM import_journal WHERE sha256 = $1 ORDER BY id LIMIT 1";

pub(crate) async fn earlier(writer: &mut Writer, sha256: &str) -> Result<Option<ImportId>, StoreError> {
    let id: Option<i32> = on!(writer, c => sqlx::query_scalar(EARLIER).bind(text(sha256)).fetch_optional(c).await)?;
    Ok(id.map(ImportId))
}

pub(crate) async fn begin(
    writer: &mut Writer,
    file: &ImportFile,
    repeat_of: Option<ImportId>,
) -> Result<i32, StoreError> {
    let sql = "INSERT INTO import_journal (file, sha256, format, source, repeat_of, imported_at) \
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
    Ok(on!(writer, c => sqlx::query_scalar(sql).bind(text(&file.file)).bind(text(&file.sha256))
        .bind(text(&file.format)).bind(text(&file.source)).bind(repeat_of.map(|id| id.0))
        .bind(moment_number(file.at)).fetch_one(c).await)?)
}

pub(crate) async fn finish(
    writer: &mut Writer,
    import: i32,
    report: &ImportReport,
    counts: Counts,
) -> Result<(), StoreError> {
    let sql = "UPDATE import_journal SET rows_read = $2, kept = $3, missing = $4, duplicates = $5, flagged = $6, \
         refused = $7, count_new = $8, count_changed = $9, count_unchanged = $10, duration_ms = $11, notes = $12 \
         WHERE id = $1";
    let notes = serde_json::to_string(&report.notes).expect("a list of texts is always JSON");
    let ImportReport { rows_read, kept, missing, duplicates, flagged, refused, duration_ms, .. } = report;
    let numbers = [rows_read, kept, missing, duplicates, flagged, refused];
    let numbers = numbers.into_iter().chain([&counts.new, &counts.changed, &counts.unchanged, duration_ms]);
    on!(&mut *writer, c => {
        let query = numbers.fold(sqlx::query(sql).bind(import), |query, number| query.bind(count(*number)));
        query.bind(notes).execute(c).await.map(drop)
    })?;
    for (number, refusal) in (1i32..).zip(&report.refusals) {
        keep_refusal(writer, import, number, refusal).await?;
    }
    Ok(())
}

async fn keep_refusal(writer: &mut Writer, import: i32, number: i32, row: &Refusal) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO refused_row (import_id, number, line, field, reason, content) VALUES ($1, $2, $3, $4, $5, $6)";
    on!(writer, c => sqlx::query(sql).bind(import).bind(number).bind(count(row.line))
        .bind(row.column.as_deref().map(text)).bind(text(&row.reason)).bind(text(&row.text))
        .execute(c).await.map(drop))?;
    Ok(())
}

impl TryFrom<JournalRow> for ImportRow {
    type Error = StoreError;
    fn try_from(row: JournalRow) -> Result<ImportRow, StoreError> {
        let [new, changed, unchanged] = [row.count_new, row.count_changed, row.count_unchanged].map(count_of);
        Ok(ImportRow {
            id: ImportId(row.id),
            repeat_of: row.repeat_of.map(ImportId),
            rows_read: count_of(row.rows_read),
            kept: count_of(row.kept),
            missing: count_of(row.missing),
            duplicates: count_of(row.duplicates),
            flagged: count_of(row.flagged),
            refused: count_of(row.refused),
            counts: Counts { new, changed, unchanged },
            notes: serde_json::from_str(&row.notes).map_err(|_| StoreError::unreadable("notes", &row.notes))?,
            at: moment_of(row.imported_at)?,
            duration_ms: count_of(row.duration_ms),
            file: row.file,
            sha256: row.sha256,
            format: row.format,
            source: row.source,
        })
    }
}

impl TryFrom<(Option<i64>, i16, i16, i16, i32, i32)> for Superseded {
    type Error = StoreError;
    fn try_from(row: (Option<i64>, i16, i16, i16, i32, i32)) -> Result<Superseded, StoreError> {
        let (value, state, why, flag, import, by) = row;
        let reading = Cell { value, state, why }.reading(flag)?;
        Ok(Superseded { reading, import: ImportId(import), superseded_by: ImportId(by) })
    }
}
