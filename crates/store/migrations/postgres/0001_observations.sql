-- Hours are counted since 1970-01-01 00:00 Beijing time and named by their end; values are picograms per
-- cubic metre; moments are microseconds UTC. The small numbers in state, why and flag are listed in src/code.rs.

CREATE TABLE site (
    code TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    city TEXT,
    lon  DOUBLE PRECISION,
    lat  DOUBLE PRECISION,
    kind TEXT NOT NULL
);

CREATE TABLE import_journal (
    id             INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    file           TEXT NOT NULL,
    sha256         TEXT NOT NULL,
    format         TEXT NOT NULL,
    source         TEXT COLLATE "C" NOT NULL,
    repeat_of      INTEGER REFERENCES import_journal (id),
    rows_read      BIGINT NOT NULL DEFAULT 0,
    kept           BIGINT NOT NULL DEFAULT 0,
    missing        BIGINT NOT NULL DEFAULT 0,
    duplicates     BIGINT NOT NULL DEFAULT 0,
    flagged        BIGINT NOT NULL DEFAULT 0,
    refused        BIGINT NOT NULL DEFAULT 0,
    count_new       BIGINT NOT NULL DEFAULT 0,
    count_changed   BIGINT NOT NULL DEFAULT 0,
    count_unchanged BIGINT NOT NULL DEFAULT 0,
    notes          TEXT NOT NULL DEFAULT '[]',
    imported_at    BIGINT NOT NULL,
    duration_ms    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX import_journal_sha256 ON import_journal (sha256);

CREATE TABLE refused_row (
    import_id INTEGER NOT NULL REFERENCES import_journal (id),
    number    INTEGER NOT NULL,
    line      BIGINT NOT NULL,
    field     TEXT,
    reason    TEXT NOT NULL,
    content   TEXT NOT NULL,
    PRIMARY KEY (import_id, number)
);

-- first_hour, last_hour and hours are kept by each import in its own transaction, so that a list of
-- series never has to count millions of rows.
CREATE TABLE series (
    id         INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site       TEXT COLLATE "C" NOT NULL,
    pollutant  TEXT COLLATE "C" NOT NULL,
    source     TEXT COLLATE "C" NOT NULL,
    first_hour INTEGER,
    last_hour  INTEGER,
    hours      BIGINT NOT NULL DEFAULT 0,
    UNIQUE (site, pollutant, source)
);

-- No foreign keys here: each would cost a look-up a row, and only the import writes this table, with ids it
-- has just made or read.
CREATE TABLE observation (
    series_id INTEGER NOT NULL,
    hour      INTEGER NOT NULL,
    value     BIGINT,
    state     SMALLINT NOT NULL,
    why       SMALLINT NOT NULL,
    flag      SMALLINT NOT NULL DEFAULT 0,
    import_id INTEGER NOT NULL,
    PRIMARY KEY (series_id, hour)
);
CREATE INDEX observation_marked ON observation (hour) WHERE flag <> 0 OR state IN (1, 2);

CREATE TABLE observation_history (
    id            INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    series_id     INTEGER NOT NULL,
    hour          INTEGER NOT NULL,
    value         BIGINT,
    state         SMALLINT NOT NULL,
    why           SMALLINT NOT NULL,
    flag          SMALLINT NOT NULL,
    import_id     INTEGER NOT NULL,
    superseded_by INTEGER NOT NULL
);
CREATE INDEX observation_history_key ON observation_history (series_id, hour);
