CREATE TABLE model (
    id            TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    trained_until INTEGER NOT NULL,
    created_at    BIGINT NOT NULL,
    body          BYTEA NOT NULL
);

CREATE TABLE run (
    issue         INTEGER NOT NULL,
    model         TEXT COLLATE "C" NOT NULL,
    trained_until INTEGER NOT NULL,
    state         TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    body          BYTEA NOT NULL,
    PRIMARY KEY (issue, model)
);

CREATE TABLE setting (
    key   TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);
