/// Why the store could not do what was asked. Each text begins with a code that is never reused.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The data folder or the file in it cannot be written.
    #[error("T-101 cannot write {path}: {reason}; nothing was stored. Name a data folder this account may write to")]
    Unwritable {
        /// The file or folder.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// The database was made by a newer program.
    #[error(
        "T-102 {place} has schema version {found}, this program knows versions up to {known}; \
         the database was left as it is. Start the newer program, or name another database"
    )]
    Newer {
        /// File or server, without credentials.
        place: String,
        /// The version found in the database.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// The file is something else, or damaged.
    #[error("T-103 {path} is not an SQLite database or is damaged ({reason}); the file was left as it is")]
    NotADatabase {
        /// The file.
        path: String,
        /// What SQLite said.
        reason: String,
    },
    /// Another process or a long import holds the write lock.
    #[error("T-104 the database is busy with another write ({reason}); nothing of this step was stored. Try again")]
    Busy {
        /// What the database said.
        reason: String,
    },
    /// A sound SQLite file with the tables of another program.
    #[error("T-105 {path} is an SQLite database of another program; the file was left as it is. Name another file")]
    OtherProgram {
        /// The file.
        path: String,
    },
    /// No space left.
    #[error("T-106 no space left for the database ({reason}); nothing of this step was stored")]
    Full {
        /// What the database said.
        reason: String,
    },
    /// A schema change failed or does not match what was applied before.
    #[error("T-107 cannot bring the schema of {place} up to date: {reason}; stored data is unchanged")]
    Migration {
        /// File or server, without credentials.
        place: String,
        /// What went wrong.
        reason: String,
    },
    /// The address names no database this program can use.
    #[error("T-108 not a database address: {address:?}; expected a file path, sqlite:PATH or postgres://…")]
    BadAddress {
        /// The address as given, without anything before an `@`.
        address: String,
    },
    /// PostgreSQL cannot be reached or refuses the account.
    #[error("T-109 cannot connect to {place}: {reason}")]
    Unreachable {
        /// Server, port and database, without credentials.
        place: String,
        /// What the driver said.
        reason: String,
    },
    /// Any other failure of the database.
    #[error("T-110 the database failed: {0}; nothing of this step was stored")]
    Database(#[source] sqlx::Error),
    /// A stored value this program cannot read back.
    #[error("T-201 cannot read {what} from the database: {text:?}; was it changed by hand?")]
    Unreadable {
        /// What it should have been.
        what: &'static str,
        /// What it is.
        text: String,
    },
    /// An hour outside the calendar.
    #[error("T-202 hour {0} since 1970 is outside the calendar (about 245,000 years each way); nothing was stored")]
    HourOutOfRange(i64),
    /// The import failed before and cannot be finished.
    #[error("T-203 the import of {file:?} failed at an earlier step and cannot be finished; nothing of it was stored")]
    ImportBroken {
        /// The file under import.
        file: String,
    },
    /// A dense read that would not fit into memory.
    #[error("T-204 {cells} values are too many for one dense read (at most {limit}); ask for fewer series or hours")]
    TooMany {
        /// Series times hours asked for.
        cells: u128,
        /// The most one read gives.
        limit: u128,
    },
    /// A mark of a page that no page gave.
    #[error("T-205 not a mark of a page: {mark:?}; start from the first page")]
    BadMark {
        /// The mark as given.
        mark: String,
    },
    /// What a decision had looked at was changed by somebody else before it could be stored.
    #[error("T-206 {what} {name} was changed meanwhile; nothing was stored. Look again and repeat")]
    Changed {
        /// What.
        what: &'static str,
        /// Which.
        name: String,
    },
    /// Somebody else took a name that may be given once, before this could be stored.
    #[error("T-207 {what} {name:?} was taken meanwhile; nothing was stored. Take another and repeat")]
    Taken {
        /// What.
        what: &'static str,
        /// Which.
        name: String,
    },
    /// The log does not hold, so nothing more is built on it.
    #[error(
        "T-301 the event log does not hold ({fault}); nothing was signed. Keep the database as it is and find out why"
    )]
    ChainBroken {
        /// The first thing that is wrong.
        fault: event::Fault,
    },
    /// A record of a kind that has no tables here.
    #[error("T-302 record {seq} is of kind {kind:?}, which this program does not know; nothing was changed")]
    UnknownKind {
        /// Its place in the log.
        seq: i64,
        /// Its kind.
        kind: String,
    },
    /// Records of one thing that do not follow each other.
    #[error(
        "T-303 record {seq} should be version {expected} of {kind} {id}; nothing was changed. \
         Run `qingkong audit verify`"
    )]
    OutOfStep {
        /// Its place in the log.
        seq: i64,
        /// The kind of thing.
        kind: String,
        /// Its id.
        id: String,
        /// The version that is due.
        expected: u64,
    },
    /// A file of keys or anchors that cannot be used.
    #[error("T-304 cannot use {path}: {reason}; it was left as it is")]
    KeyFile {
        /// The file.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// An event, a hash or a key that cannot be used.
    #[error(transparent)]
    Event(#[from] event::EventError),
}

/// Primary result codes of SQLite that have an answer of their own.
mod sqlite {
    pub const BUSY: i32 = 5;
    pub const LOCKED: i32 = 6;
    pub const READONLY: i32 = 8;
    pub const CORRUPT: i32 = 11;
    pub const FULL: i32 = 13;
    pub const CANTOPEN: i32 = 14;
    pub const NOTADB: i32 = 26;
}

impl StoreError {
    /// An SQLite failure with the file it happened in.
    pub(crate) fn at(path: &str, error: sqlx::Error) -> Self {
        let (path, reason) = (path.to_string(), reason(&error));
        match sqlite_code(&error) {
            Some(sqlite::READONLY | sqlite::CANTOPEN) => StoreError::Unwritable { path, reason },
            Some(sqlite::NOTADB | sqlite::CORRUPT) => StoreError::NotADatabase { path, reason },
            _ => error.into(),
        }
    }

    pub(crate) fn not_json(error: serde_json::Error) -> Self {
        StoreError::Event(event::EventError::NotJson { reason: error.to_string() })
    }

    pub(crate) fn unreadable(what: &'static str, text: impl ToString) -> Self {
        StoreError::Unreadable { what, text: text.to_string() }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let reason = reason(&error);
        match (&error, sqlite_code(&error), postgres_code(&error).as_deref()) {
            (sqlx::Error::PoolTimedOut, ..) | (_, Some(sqlite::BUSY | sqlite::LOCKED), _) => {
                StoreError::Busy { reason }
            }
            (_, Some(sqlite::FULL), _) | (_, _, Some("53100")) => StoreError::Full { reason },
            _ => StoreError::Database(error),
        }
    }
}

/// The database's own words, without the driver's preface.
pub(crate) fn reason(error: &sqlx::Error) -> String {
    error.as_database_error().map_or_else(|| error.to_string(), |inner| inner.message().to_string())
}

/// The primary code: SQLite reports the extended one, whose low byte it is.
fn sqlite_code(error: &sqlx::Error) -> Option<i32> {
    let inner = error.as_database_error()?.try_downcast_ref::<sqlx::sqlite::SqliteError>()?;
    let code = sqlx::error::DatabaseError::code(inner)?;
    code.parse::<i32>().ok().map(|extended| extended & 0xff)
}

fn postgres_code(error: &sqlx::Error) -> Option<String> {
    let inner = error.as_database_error()?.try_downcast_ref::<sqlx::postgres::PgDatabaseError>()?;
    Some(inner.code().to_string())
}
