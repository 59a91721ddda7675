use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, Executor};
use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use store::{Counts, Import, ImportFile, ImportReport, Row, Store};
use units::{BeijingHour, Concentration, Instant, Pollutant, Reading, SiteCode};

/// An address of a database of the test's own, empty at the start.
#[derive(Clone)]
pub struct Place {
    pub address: String,
}

pub fn on_sqlite<F: Future<Output = ()> + Send + 'static>(test: fn(Place) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", folder.path().join("qingkong.db").display());
    run(test(Place { address })).unwrap();
}

pub fn on_postgres<F: Future<Output = ()> + Send + 'static>(test: fn(Place) -> F) {
    let server = std::env::var("QINGKONG_TEST_PG").expect(
        "QINGKONG_TEST_PG is not set: run `cargo xtask test`, which starts PostgreSQL, \
         or give the postgres:// address of a server where databases may be made",
    );
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("qk_store_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let options: PgConnectOptions = server.parse().unwrap();
    let on_server = |sql: String| {
        let options = options.clone();
        run(async move {
            let mut connection = PgConnection::connect_with(&options).await.unwrap();
            connection.execute(AssertSqlSafe(sql)).await.unwrap();
            connection.close().await.unwrap();
        })
        .unwrap();
    };
    on_server(format!("CREATE DATABASE {name}"));
    let address = with_database(&server, &name);
    let outcome = run(test(Place { address }));
    on_server(format!("DROP DATABASE {name} WITH (FORCE)"));
    outcome.unwrap();
}

/// Puts another database name into an address: `postgres://host/old?x=1` to `postgres://host/new?x=1`.
fn with_database(server: &str, name: &str) -> String {
    let (base, options) = server.split_once('?').map_or((server, String::new()), |(b, o)| (b, format!("?{o}")));
    let (scheme, rest) = base.split_once("://").unwrap();
    let host = rest.split('/').next().unwrap();
    format!("{scheme}://{host}/{name}{options}")
}

/// Runs to the end; a panic of the test comes back as an error, so that its database can be dropped.
fn run<F: Future<Output = ()> + Send + 'static>(test: F) -> Result<(), tokio::task::JoinError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async { tokio::spawn(test).await })
}

impl Place {
    pub async fn open(&self) -> Store {
        Store::open(&self.address).await.unwrap()
    }

    /// Runs a statement behind the store's back.
    pub async fn execute(&self, sql: &str) {
        self.try_execute(sql).await.unwrap();
    }

    /// Runs a statement behind the store's back, which the database may refuse.
    pub async fn try_execute(&self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_string());
        if let Some(path) = self.address.strip_prefix("sqlite:") {
            let options = SqliteConnectOptions::new().filename(path);
            let mut connection = SqliteConnection::connect_with(&options).await?;
            connection.execute(sql).await?;
            connection.close().await
        } else {
            let mut connection = PgConnection::connect(&self.address).await?;
            connection.execute(sql).await?;
            connection.close().await
        }
    }
}

pub const NANJING: &str = "320100";
pub const XUZHOU: &str = "320300";

pub fn site(code: &str) -> SiteCode {
    code.parse().unwrap()
}

/// The hour that ends at `label` o'clock of 2018-01-13, or of a later day beyond 24.
pub fn hour(label: i64) -> BeijingHour {
    "2018-01-13T00:00:00+08:00".parse::<BeijingHour>().unwrap() + label
}

pub fn moment() -> Instant {
    "2018-01-13T20:00:00.123456+08:00".parse().unwrap()
}

pub fn valid(micrograms: i64) -> Reading {
    Reading::Valid(Concentration::micrograms(micrograms))
}

pub fn row(code: &str, pollutant: Pollutant, label: i64, reading: Reading) -> Row {
    Row { site: site(code), pollutant, hour: hour(label), reading }
}

/// PM2.5 of Nanjing at labels 1, 2, 3….
pub fn nanjing(micrograms: &[i64]) -> Vec<Row> {
    (1..).zip(micrograms).map(|(label, value)| row(NANJING, Pollutant::Pm25, label, valid(*value))).collect()
}

pub fn file(name: &str, source: &str) -> ImportFile {
    let (file, sha256) = (format!("{name}.csv"), format!("sha of {name}"));
    ImportFile { file, sha256, format: "city-day".into(), source: source.into(), at: moment() }
}

pub async fn begin(store: &Store, name: &str, rows: &[Row]) -> Import {
    let mut import = store.import(file(name, "cnemc-city")).await.unwrap();
    import.observations(rows).await.unwrap();
    import
}

pub async fn import(store: &Store, name: &str, rows: &[Row]) -> Counts {
    begin(store, name, rows).await.finish(&ImportReport::default()).await.unwrap()
}

/// Everything the store holds of Nanjing and Xuzhou.
pub async fn all_rows(store: &Store) -> Vec<Row> {
    store.hours(&[site(NANJING), site(XUZHOU)], &Pollutant::ALL, hour(-1_000_000), hour(1_000_000)).await.unwrap()
}

/// More rows than one batch, so that an import has written to the database before it ends.
pub fn many() -> Vec<Row> {
    (0..300_000).map(|n| row(XUZHOU, Pollutant::ALL[n as usize % 6], n / 6, valid(n % 500))).collect()
}
