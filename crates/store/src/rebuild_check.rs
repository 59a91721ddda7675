//! Comparing tables with themselves before a rebuild, inside one transaction that is rolled back. Names of tables
//! come from the program's own list, names of columns from the database.

use crate::StoreError;
use crate::database::{Both, Writer, on};
use crate::rebuild::Difference;
use sqlx::AssertSqlSafe;

/// Keeps a copy of the table for the comparison.
pub(crate) async fn remember(writer: &mut Writer, table: &str) -> Result<(), StoreError> {
    let sql = format!("CREATE TEMPORARY TABLE live_{table} AS SELECT * FROM {table}");
    on!(writer, c => sqlx::query(AssertSqlSafe(sql)).execute(c).await.map(drop))?;
    Ok(())
}

/// The first row that differs between the copy and the table.
pub(crate) async fn compare(writer: &mut Writer, table: &str) -> Result<Option<Difference>, StoreError> {
    let live = first_only_in(writer, table, &format!("live_{table}"), table).await?;
    let rebuilt = first_only_in(writer, table, table, &format!("live_{table}")).await?;
    let differs = live.is_some() || rebuilt.is_some();
    Ok(differs.then(|| Difference { table: table.to_string(), live, rebuilt }))
}

/// Rolls everything back and waits for it, so that the copies are gone when the connection is used again.
pub(crate) async fn undo(writer: Writer) -> Result<(), StoreError> {
    match writer {
        Both::Sqlite(transaction) => transaction.rollback().await?,
        Both::Postgres(transaction) => transaction.rollback().await?,
    }
    Ok(())
}

/// All rows of a table as text, sorted.
pub(crate) async fn rows(writer: &mut Writer, table: &str) -> Result<Vec<String>, StoreError> {
    let row = row_as_text(writer, table).await?;
    let sql = format!("SELECT '{table}: ' || {row} FROM {table} t");
    let mut rows: Vec<String> = on!(writer, c => sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(c).await)?;
    rows.sort();
    Ok(rows)
}

async fn first_only_in(
    writer: &mut Writer,
    table: &str,
    these: &str,
    those: &str,
) -> Result<Option<String>, StoreError> {
    let row = row_as_text(writer, table).await?;
    let sql = format!(
        "SELECT {row} AS line FROM (SELECT * FROM {these} EXCEPT SELECT * FROM {those}) t ORDER BY line LIMIT 1"
    );
    Ok(on!(writer, c => sqlx::query_scalar(AssertSqlSafe(sql)).fetch_optional(c).await)?)
}

/// An expression that writes a whole row `t` as text.
async fn row_as_text(writer: &mut Writer, table: &str) -> Result<String, StoreError> {
    let Both::Sqlite(held) = writer else { return Ok("t::text".to_string()) };
    let sql = "SELECT group_concat('quote(\"' || name || '\")', ' || '','' || ') FROM pragma_table_info($1)";
    Ok(sqlx::query_scalar(sql).bind(table).fetch_one(&mut **held).await?)
}
