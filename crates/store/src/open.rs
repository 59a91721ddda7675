use crate::database::{Both, SqlitePools, Store};
use crate::error::{StoreError, reason};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

static SQLITE_SCHEMA: Migrator = sqlx::migrate!("./migrations/sqlite");
static POSTGRES_SCHEMA: Migrator = sqlx::migrate!("./migrations/postgres");

/// How long a writer queues behind a running import before it is told that the database is busy.
const WRITE_PATIENCE: Duration = Duration::from_secs(120);
/// How long SQLite itself retries against another process.
const LOCK_PATIENCE: Duration = Duration::from_secs(10);
const READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 10;
const MEMORY: &str = ":memory:";

impl Store {
    /// Opens a database, makes it if need be, and brings its schema up to date.
    ///
    /// `address` is a file path, `sqlite:PATH` or `postgres://user@host/database`. Folders on the way to an
    /// SQLite file are made. Refuses `T-101` a place that cannot be written, `T-102` a schema newer than this
    /// program, `T-103` a file that is no database, `T-105` one of another program, `T-108` any other
    /// address, `T-109` a server that does not answer; the database is left as it is in each case.
    pub async fn open(address: &str) -> Result<Store, StoreError> {
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            return open_postgres(address).await;
        }
        let path = address.strip_prefix("sqlite://").or_else(|| address.strip_prefix("sqlite:")).unwrap_or(address);
        // A database in memory is private to each connection, so the readers would see an empty one.
        if path.trim().is_empty() || path.contains("://") || path == MEMORY {
            let address = address.rsplit('@').next().unwrap_or_default().to_string();
            return Err(StoreError::BadAddress { address });
        }
        open_sqlite(path).await
    }
}

async fn open_sqlite(path: &str) -> Result<Store, StoreError> {
    make_folder(path)?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(LOCK_PATIENCE)
        .foreign_keys(true)
        .pragma("cache_size", "-65536")
        .pragma("journal_size_limit", "67108864");
    let at = |error| StoreError::at(path, error);
    let writer = SqlitePoolOptions::new().max_connections(1).acquire_timeout(WRITE_PATIENCE);
    let writer = writer.connect_with(options.clone()).await.map_err(at)?;
    prepare_sqlite(&writer, path).await?;
    let readers = SqlitePoolOptions::new().max_connections(READERS);
    let readers = readers.connect_with(options.read_only(true).create_if_missing(false)).await.map_err(at)?;
    Ok(Store { pools: Both::Sqlite(SqlitePools { writer, readers }), place: path.to_string(), turn: Arc::default() })
}

fn make_folder(path: &str) -> Result<(), StoreError> {
    let Some(folder) = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty()) else {
        return Ok(());
    };
    std::fs::create_dir_all(folder)
        .map_err(|error| StoreError::Unwritable { path: folder.display().to_string(), reason: error.to_string() })
}

async fn prepare_sqlite(writer: &SqlitePool, path: &str) -> Result<(), StoreError> {
    let at = |error| StoreError::at(path, error);
    let count = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND ($1 IS NULL OR name = $1)";
    let tables: i64 = sqlx::query_scalar(count).bind(None::<&str>).fetch_one(writer).await.map_err(at)?;
    let ours: i64 = sqlx::query_scalar(count).bind("_sqlx_migrations").fetch_one(writer).await.map_err(at)?;
    if tables > 0 && ours == 0 {
        return Err(StoreError::OtherProgram { path: path.to_string() });
    }
    if ours > 0 {
        let version = sqlx::query_scalar(VERSION).fetch_one(writer).await.map_err(at)?;
        refuse_newer(path, version, &SQLITE_SCHEMA)?;
    }
    refuse_read_only(writer, path).await?;
    SQLITE_SCHEMA.run(writer).await.map_err(|error| migration(path, error))
}

/// SQLite opens a read-only file without a word and fails at the first write, so the lock for one is tried now.
async fn refuse_read_only(writer: &SqlitePool, path: &str) -> Result<(), StoreError> {
    let at = |error| StoreError::at(path, error);
    sqlx::query("PRAGMA busy_timeout = 0").execute(writer).await.map_err(at)?;
    match writer.begin_with("BEGIN IMMEDIATE").await.map_err(at) {
        Ok(probe) => probe.rollback().await.map_err(at)?,
        // Another process is writing, which it could not do to a read-only file.
        Err(StoreError::Busy { .. }) => {}
        Err(error) => return Err(error),
    }
    let patience = AssertSqlSafe(format!("PRAGMA busy_timeout = {}", LOCK_PATIENCE.as_millis()));
    sqlx::query(patience).execute(writer).await.map_err(at).map(drop)
}

async fn open_postgres(address: &str) -> Result<Store, StoreError> {
    let bad = |_| StoreError::BadAddress { address: address.rsplit('@').next().unwrap_or_default().to_string() };
    let options: PgConnectOptions = address.parse().map_err(bad)?;
    let options = options.application_name("qingkong");
    let database = options.get_database().unwrap_or(options.get_username());
    let place = format!("postgres://{}:{}/{database}", options.get_host(), options.get_port());
    let unreachable = |error| StoreError::Unreachable { place: place.clone(), reason: reason(&error) };
    // The pool would try a refused connection again and again; one of our own says at once what is wrong.
    let first = PgConnection::connect_with(&options).await.map_err(unreachable)?;
    first.close().await?;
    let pool = PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).acquire_timeout(WRITE_PATIENCE);
    let pool = pool.connect_lazy_with(options);
    prepare_postgres(&pool, &place).await?;
    Ok(Store { pools: Both::Postgres(pool), place, turn: Arc::default() })
}

async fn prepare_postgres(pool: &PgPool, place: &str) -> Result<(), StoreError> {
    let ours = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL";
    if sqlx::query_scalar(ours).fetch_one(pool).await? {
        let version = sqlx::query_scalar(VERSION).fetch_one(pool).await?;
        refuse_newer(place, version, &POSTGRES_SCHEMA)?;
    }
    POSTGRES_SCHEMA.run(pool).await.map_err(|error| migration(place, error))
}

const VERSION: &str = "SELECT max(version) FROM _sqlx_migrations";

fn refuse_newer(place: &str, found: Option<i64>, schema: &Migrator) -> Result<(), StoreError> {
    let known = schema.iter().map(|migration| migration.version).max().unwrap_or_default();
    match found {
        Some(found) if found > known => Err(StoreError::Newer { place: place.to_string(), found, known }),
        _ => Ok(()),
    }
}

fn migration(place: &str, error: MigrateError) -> StoreError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)
            if error.as_database_error().is_none() =>
        {
            error.into()
        }
        error => StoreError::Migration { place: place.to_string(), reason: error.to_string() },
    }
}
