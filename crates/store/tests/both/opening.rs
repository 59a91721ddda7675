use crate::harness::{Place, all_rows, import, nanjing};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, Executor};
use std::path::Path;
use std::time::{Duration, Instant};
use store::{Store, StoreError};

both![opening_again_keeps_everything, a_newer_schema_is_refused_and_left_alone, a_changed_migration_is_refused];

async fn opening_again_keeps_everything(place: Place) {
    let store = place.open().await;
    import(&store, "a", &nanjing(&[35])).await;
    store.close().await;
    assert!(matches!(store.series().await, Err(StoreError::Database(_))));
    assert_eq!(all_rows(&place.open().await).await, nanjing(&[35]));
}

async fn a_newer_schema_is_refused_and_left_alone(place: Place) {
    place.open().await.close().await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         SELECT 9017, description, success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1";
    place.execute(newer).await;
    let error = Store::open(&place.address).await.unwrap_err();
    let StoreError::Newer { found: 9017, known, .. } = error else { panic!("{error}") };
    assert!((1..9017).contains(&known), "{known}");
    let text = error.to_string();
    assert!(text.starts_with("T-102") && text.contains("version 9017"), "{text}");
    assert!(text.contains(&format!("up to {known};")), "{text}");
    place.execute("DELETE FROM _sqlx_migrations WHERE version = 9017").await;
    assert_eq!(place.open().await.imports().await.unwrap(), []);
}

async fn a_changed_migration_is_refused(place: Place) {
    place.open().await.close().await;
    place
        .execute("UPDATE _sqlx_migrations SET checksum = (SELECT checksum FROM _sqlx_migrations WHERE version = 2)")
        .await;
    let error = Store::open(&place.address).await.unwrap_err();
    assert!(matches!(error, StoreError::Migration { .. }) && error.to_string().starts_with("T-107"), "{error}");
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test]
async fn folders_on_the_way_are_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("数据/2018/qingkong.db");
    Store::open(text(&path)).await.unwrap().close().await;
    assert!(path.is_file());
}

/// Permission bits do not stop an administrator, a file where a folder should be stops everybody.
#[tokio::test]
async fn a_place_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("not-a-folder");
    std::fs::write(&file, "x").unwrap();
    for path in [file.join("qingkong.db"), folder.path().to_path_buf()] {
        let error = Store::open(text(&path)).await.unwrap_err();
        let named = path.parent().unwrap();
        assert!(matches!(error, StoreError::Unwritable { .. }) && error.to_string().contains(text(named)), "{error}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    let content = "time,PM2_5\n".repeat(1000);
    std::fs::write(&path, &content).unwrap();
    let error = Store::open(text(&path)).await.unwrap_err();
    assert!(matches!(error, StoreError::NotADatabase { .. }) && error.to_string().contains("notes.txt"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
}

#[tokio::test]
async fn the_database_of_another_program_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("photos.db");
    let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let mut other = SqliteConnection::connect_with(&options).await.unwrap();
    other.execute("CREATE TABLE photo (id INTEGER)").await.unwrap();
    let error = Store::open(text(&path)).await.unwrap_err();
    assert!(matches!(error, StoreError::OtherProgram { .. }) && error.to_string().contains("photos.db"), "{error}");
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_master").fetch_one(&mut other).await.unwrap();
    assert_eq!(tables, 1);
}

#[tokio::test]
async fn addresses_of_nothing_are_refused_without_the_password() {
    for address in
        ["", "sqlite:", ":memory:", "sqlite::memory:", "mysql://me:secret@host/db", "postgres://me:secret@host:port/db"]
    {
        let error = Store::open(address).await.unwrap_err();
        assert!(matches!(error, StoreError::BadAddress { .. }) && !error.to_string().contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_at_once_and_without_the_password() {
    let start = Instant::now();
    let error = Store::open("postgres://me:secret@127.0.0.1:1/air").await.unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("T-109") && text.contains("127.0.0.1:1/air") && !text.contains("secret"), "{text}");
    assert!(start.elapsed() < Duration::from_secs(60), "a refused connection must not be tried for minutes");
}

/// Another process may be importing for a while: opening and reading go on, a write gives up with a clear word.
#[tokio::test]
async fn while_another_process_writes_reading_goes_on_and_writing_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("qingkong.db");
    Store::open(text(&path)).await.unwrap().close().await;
    let mut other = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&path)).await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let store = Store::open(text(&path)).await.unwrap();
    assert_eq!(store.imports().await.unwrap(), []);
    let error = store.set_setting("demo", "true").await.unwrap_err();
    assert!(matches!(error, StoreError::Busy { .. }) && error.to_string().starts_with("T-104"), "{error}");
    other.execute("ROLLBACK").await.unwrap();
    store.set_setting("demo", "true").await.unwrap();
}
