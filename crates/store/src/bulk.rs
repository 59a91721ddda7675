//! The bulk statements of an import, the only place where the two databases need different ways to be fast:
//! SQLite takes many rows as one `VALUES` list, PostgreSQL one array a column.

use crate::StoreError;
use crate::code::Cell;
use crate::database::{Both, Writer};
use crate::merge::{Entry, Held};
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, FromRow};

/// Rows in one `VALUES` list; SQLite allows 32,766 parameters. More than this gains nothing.
const SQLITE_ROWS: usize = 1_000;
/// Rows in one statement of PostgreSQL, so that neither side holds more than a few megabytes.
const POSTGRES_ROWS: usize = 65_536;

/// A range of hours of one series, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub series: i32,
    pub first: i32,
    pub last: i32,
}

#[derive(FromRow)]
struct HeldRow {
    series_id: i32,
    hour: i32,
    value: Option<i64>,
    state: i16,
    why: i16,
    flag: i16,
    import_id: i32,
}

/// What the table holds within the spans, in key order.
pub(crate) async fn held(writer: &mut Writer, spans: &[Span]) -> Result<Vec<Held>, StoreError> {
    let rows: Vec<HeldRow> = match writer {
        Both::Sqlite(connection) => {
            let spans: Vec<_> = spans.iter().map(|span| (span.series, span.first, span.last)).collect();
            let spans = serde_json::to_string(&spans).expect("numbers are always JSON");
            sqlx::query_as(HELD_SQLITE).bind(spans).fetch_all(&mut **connection).await?
        }
        Both::Postgres(connection) => {
            let column = |number: fn(&Span) -> i32| spans.iter().map(number).collect::<Vec<i32>>();
            let query = sqlx::query_as(HELD_POSTGRES).bind(column(|span| span.series));
            let query = query.bind(column(|span| span.first)).bind(column(|span| span.last));
            query.fetch_all(&mut **connection).await?
        }
    };
    let mut held: Vec<Held> = rows.into_iter().map(Held::from).collect();
    // The rows come in the order of the spans from every plan seen so far, which no database promises.
    held.sort_by_key(|held| held.entry.key());
    Ok(held)
}

const HELD_SQLITE: &str = "SELECT o.series_id, o.hour, o.value, o.state, o.why, o.flag, o.import_id \
     FROM json_each($1) span CROSS JOIN observation o ON o.series_id = span.value ->> 0 \
     AND o.hour BETWEEN span.value ->> 1 AND span.value ->> 2";
const HELD_POSTGRES: &str = "SELECT o.series_id, o.hour, o.value, o.state, o.why, o.flag, o.import_id \
     FROM unnest($1::integer[], $2::integer[], $3::integer[]) AS span (series, first, last) \
     JOIN observation o ON o.series_id = span.series AND o.hour BETWEEN span.first AND span.last";

impl From<HeldRow> for Held {
    fn from(row: HeldRow) -> Held {
        let cell = Cell { value: row.value, state: row.state, why: row.why };
        let entry = Entry { series: row.series_id, hour: row.hour, cell };
        Held { entry, flag: row.flag, import: row.import_id }
    }
}

/// Inserts or replaces; a replaced value loses its flag, which was about the old value.
pub(crate) async fn put(writer: &mut Writer, entries: &[Entry], import: i32) -> Result<(), StoreError> {
    match writer {
        Both::Sqlite(connection) => put_sqlite(connection, entries, import).await,
        Both::Postgres(connection) => put_postgres(connection, entries, import).await,
    }
}

const REPLACE: &str = "ON CONFLICT (series_id, hour) DO UPDATE SET value = excluded.value, \
     state = excluded.state, why = excluded.why, flag = 0, import_id = excluded.import_id";

async fn put_sqlite(connection: &mut SqliteConnection, entries: &[Entry], import: i32) -> Result<(), StoreError> {
    for rows in entries.chunks(SQLITE_ROWS) {
        let into = "INSERT INTO observation (series_id, hour, value, state, why, import_id)";
        let sql = format!("{into} {} {REPLACE}", values(&format!("(?,?,?,?,?,{import})"), rows.len()));
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for Entry { series, hour, cell } in rows {
            query = query.bind(series).bind(hour).bind(cell.value).bind(cell.state).bind(cell.why);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

fn values(row: &str, count: usize) -> String {
    format!("VALUES {}", vec![row; count].join(","))
}

async fn put_postgres(connection: &mut PgConnection, entries: &[Entry], import: i32) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO observation (series_id, hour, value, state, why, import_id) SELECT r.*, {import} \
         FROM unnest($1::integer[], $2::integer[], $3::bigint[], $4::smallint[], $5::smallint[]) AS r {REPLACE}"
    );
    for rows in entries.chunks(POSTGRES_ROWS) {
        sqlx::query(AssertSqlSafe(sql.clone()))
            .bind(rows.iter().map(|row| row.series).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.hour).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.cell.value).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.cell.state).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.cell.why).collect::<Vec<_>>())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Keeps replaced values as history.
pub(crate) async fn keep(writer: &mut Writer, superseded: &[Held], import: i32) -> Result<(), StoreError> {
    match writer {
        Both::Sqlite(connection) => keep_sqlite(connection, superseded, import).await,
        Both::Postgres(connection) => keep_postgres(connection, superseded, import).await,
    }
}

const HISTORY: &str = "INSERT INTO observation_history \
     (series_id, hour, value, state, why, flag, import_id, superseded_by)";

async fn keep_sqlite(connection: &mut SqliteConnection, superseded: &[Held], import: i32) -> Result<(), StoreError> {
    for rows in superseded.chunks(SQLITE_ROWS) {
        let sql = format!("{HISTORY} {}", values(&format!("(?,?,?,?,?,?,?,{import})"), rows.len()));
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for Held { entry: Entry { series, hour, cell }, flag, import } in rows {
            query = query.bind(series).bind(hour).bind(cell.value).bind(cell.state).bind(cell.why);
            query = query.bind(flag).bind(import);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

async fn keep_postgres(connection: &mut PgConnection, superseded: &[Held], import: i32) -> Result<(), StoreError> {
    let sql = format!(
        "{HISTORY} SELECT r.*, {import} FROM unnest($1::integer[], $2::integer[], $3::bigint[], \
         $4::smallint[], $5::smallint[], $6::smallint[], $7::integer[]) AS r"
    );
    for rows in superseded.chunks(POSTGRES_ROWS) {
        sqlx::query(AssertSqlSafe(sql.clone()))
            .bind(rows.iter().map(|row| row.entry.series).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.entry.hour).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.entry.cell.value).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.entry.cell.state).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.entry.cell.why).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.flag).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.import).collect::<Vec<_>>())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
