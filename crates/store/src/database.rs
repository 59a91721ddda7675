use crate::StoreError;
use sqlx::Transaction;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgPool, Postgres};
use sqlx::sqlite::{Sqlite, SqlitePool};
use std::sync::Arc;
use tokio::sync::Mutex;

/// The open database (存储): SQLite or PostgreSQL behind one set of calls.
///
/// Cheap to clone; all clones share the same connections. Opened by [`Store::open`].
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) pools: Both<SqlitePools, PgPool>,
    pub(crate) place: String,
    /// The turn to give a command. Commands follow one another in any case; waiting here, they hold no connection.
    pub(crate) turn: Arc<Mutex<()>>,
}

/// One thing per database. [`on!`] runs the same code on either side.
#[derive(Clone, Debug)]
pub enum Both<S, P> {
    /// The embedded one.
    Sqlite(S),
    /// The one for production.
    Postgres(P),
}

/// SQLite knows one writer at a time; giving it one connection turns lock errors into an orderly queue.
#[derive(Clone, Debug)]
pub(crate) struct SqlitePools {
    pub writer: SqlitePool,
    pub readers: SqlitePool,
}

pub(crate) type Reader = Both<PoolConnection<Sqlite>, PoolConnection<Postgres>>;

/// A write transaction; dropped without a commit it leaves nothing behind. Projections write through it.
pub type Writer = Both<Transaction<'static, Sqlite>, Transaction<'static, Postgres>>;

/// `on!(&mut reader_or_writer, c => code)`: `c` is the plain connection of whichever database it is.
macro_rules! on {
    ($both:expr, $c:ident => $body:expr) => {
        match $both {
            $crate::database::Both::Sqlite(held) => {
                let $c = &mut **held;
                $body
            }
            $crate::database::Both::Postgres(held) => {
                let $c = &mut **held;
                $body
            }
        }
    };
}
pub(crate) use on;

impl<S, P> Both<S, P> {
    /// The one of two spellings that this database understands.
    pub(crate) fn pick<T>(&self, sqlite: T, postgres: T) -> T {
        match self {
            Both::Sqlite(_) => sqlite,
            Both::Postgres(_) => postgres,
        }
    }
}

impl Store {
    /// Where the data is: the file, or the server and database, never with credentials.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Waits for running statements and closes all connections.
    pub async fn close(&self) {
        match &self.pools {
            Both::Sqlite(pools) => {
                pools.readers.close().await;
                pools.writer.close().await;
            }
            Both::Postgres(pool) => pool.close().await,
        }
    }

    pub(crate) async fn reader(&self) -> Result<Reader, StoreError> {
        Ok(match &self.pools {
            Both::Sqlite(pools) => Both::Sqlite(pools.readers.acquire().await?),
            Both::Postgres(pool) => Both::Postgres(pool.acquire().await?),
        })
    }

    /// A write transaction; dropped without [`commit`] it leaves nothing behind.
    ///
    /// SQLite takes its write lock at once, because upgrading a read lock later can fail half-way.
    pub(crate) async fn writer(&self) -> Result<Writer, StoreError> {
        Ok(match &self.pools {
            Both::Sqlite(pools) => Both::Sqlite(pools.writer.begin_with("BEGIN IMMEDIATE").await?),
            Both::Postgres(pool) => Both::Postgres(pool.begin().await?),
        })
    }
}

pub(crate) async fn commit(writer: Writer) -> Result<(), StoreError> {
    match writer {
        Both::Sqlite(transaction) => transaction.commit().await?,
        Both::Postgres(transaction) => transaction.commit().await?,
    }
    Ok(())
}
