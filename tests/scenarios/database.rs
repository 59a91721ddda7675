//! The data folder after a call, read without the program.

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, Executor};
use std::path::Path;

/// One number from the database of a data folder; 0 where there is no database or no such table yet.
pub fn number(data: &Path, query: &'static str) -> i64 {
    let file = data.join("qingkong.db");
    if !file.exists() {
        return 0;
    }
    on(&file, async |database| match sqlx::query_scalar::<_, i64>(query).fetch_one(database).await {
        Ok(number) => number,
        Err(error) if error.to_string().contains("no such table") => 0,
        Err(error) => panic!("{query}: {error}"),
    })
}

/// Values that are stored.
pub fn stored(data: &Path) -> i64 {
    number(data, "SELECT count(*) FROM observation")
}

/// Makes the database look as if a later program had written it.
pub fn age_by_one_schema(data: &Path) {
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'of a later program', TRUE, x'00', 0)";
    on(&data.join("qingkong.db"), async |database| {
        database.execute(later).await.expect("the table of migrations takes a row");
    });
}

fn on<T>(file: &Path, work: impl AsyncFnOnce(&mut SqliteConnection) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(file);
        let mut database = SqliteConnection::connect_with(&options).await.expect("the database opens");
        let outcome = work(&mut database).await;
        database.close().await.expect("the database closes");
        outcome
    })
}
