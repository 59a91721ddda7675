CREATE TABLE model (
    id            TEXT PRIMARY KEY NOT NULL,
    trained_until INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    body          BLOB NOT NULL
);

CREATE TABLE run (
    issue         INTEGER NOT NULL,
    model         TEXT NOT NULL,
    trained_until INTEGER NOT NULL,
    state         TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    body          BLOB NOT NULL,
    PRIMARY KEY (issue, model)
);

CREATE TABLE setting (
    key   TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) WITHOUT ROWID;
