-- Hours are counted since 1970-01-01 00:00 Beijing time and named by their end; values are picograms per
-- cubic metre; moments are microseconds UTC. The small numbers in state, why and flag are listed in src/code.rs.

CREATE TABLE site (
    code TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    city TEXT,
    lon  REAL,
    lat  REAL,
    kind TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE import_journal (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    file           TEXT NOT NULL,
    sha256         TEXT NOT NULL,
    format         TEXT NOT NULL,
    source         TEXT NOT NULL,
    repeat_of      INTEGER REFERENCES import_journal (id),
    rows_read      INTEGER NOT NULL DEFAULT 0,
    kept           INTEGER NOT NULL DEFAULT 0,
    missing        INTEGER NOT NULL DEFAULT 0,
    duplicates     INTEGER NOT NULL DEFAULT 0,
    flagged        INTEGER NOT NULL DEFAULT 0,
    refused        INTEGER NOT NULL DEFAULT 0,
    count_new       INTEGER NOT NULL DEFAULT 0,
    count_changed   INTEGER NOT NULL DEFAULT 0,
    count_unchanged INTEGER NOT NULL DEFAULT 0,
    notes          TEXT NOT NULL DEFAULT '[]',
    imported_at    INTEGER NOT NULL,
    duration_ms    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX import_journal_sha256 ON import_journal (sha256);

CREATE TABLE refused_row (
    import_id INTEGER NOT NULL REFERENCES import_journal (id),
    number    INTEGER NOT NULL,
    line      INTEGER NOT NULL,
    field     TEXT,
    reason    TEXT NOT NULL,
    content   TEXT NOT NULL,
    PRIMARY KEY (import_id, number)
) WITHOUT ROWID;

-- first_hour, last_hour and hours are kept by each import in its own transaction, so that a list of
-- series never has to count millions of rows.
CREATE TABLE series (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    site       TEXT NOT NULL,
    pollutant  TEXT NOT NULL,
    source     TEXT NOT NULL,
    first_hour INTEGER,
    last_hour  INTEGER,
    hours      INTEGER NOT NULL DEFAULT 0,
    UNIQUE (site, pollutant, source)
);

-- Clustered by series and hour: a batch in this order appends to one place of the tree. No foreign keys here:
-- each would cost a look-up a row, and only the import writes this table, with ids it has just made or read.
CREATE TABLE observation (
    series_id INTEGER NOT NULL,
    hour      INTEGER NOT NULL,
    value     INTEGER,
    state     INTEGER NOT NULL,
    why       INTEGER NOT NULL,
    flag      INTEGER NOT NULL DEFAULT 0,
    import_id INTEGER NOT NULL,
    PRIMARY KEY (series_id, hour)
) WITHOUT ROWID;
CREATE INDEX observation_marked ON observation (hour) WHERE flag <> 0 OR state IN (1, 2);

CREATE TABLE observation_history (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    series_id     INTEGER NOT NULL,
    hour          INTEGER NOT NULL,
    value         INTEGER,
    state         INTEGER NOT NULL,
    why           INTEGER NOT NULL,
    flag          INTEGER NOT NULL,
    import_id     INTEGER NOT NULL,
    superseded_by INTEGER NOT NULL
);
CREATE INDEX observation_history_key ON observation_history (series_id, hour);
