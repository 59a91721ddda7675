-- The event log and what follows from it. Moments are microseconds UTC.

-- One row per event, never changed. `record` is the canonical JSON that `hash` covers together with the hash before;
-- the columns beside it repeat it for queries and are checked against it by every verification.
CREATE TABLE event (
    seq          INTEGER PRIMARY KEY NOT NULL,
    stream_kind  TEXT NOT NULL,
    stream_id    TEXT NOT NULL,
    version      INTEGER NOT NULL,
    name         TEXT NOT NULL,
    account      TEXT NOT NULL,
    organisation TEXT NOT NULL,
    at           INTEGER NOT NULL,
    record       TEXT NOT NULL,
    hash         TEXT NOT NULL,
    UNIQUE (stream_kind, stream_id, version)
);
CREATE INDEX event_by_account ON event (account, seq);
CREATE INDEX event_by_organisation ON event (organisation, seq);
CREATE INDEX event_by_time ON event (at);

-- Stops accidents and programs with ordinary rights. Who owns the database can drop a trigger: that is what the hash
-- chain and the signed roots outside the database are for.
CREATE TRIGGER event_no_change BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END;

-- The end of the chain. The one writer of SQLite makes the chain linear and without gaps.
CREATE TABLE event_head (
    id       INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    last_seq INTEGER NOT NULL,
    hash     TEXT NOT NULL,
    digest   TEXT NOT NULL
);
INSERT INTO event_head (id, last_seq, hash, digest)
VALUES (1, 0, 'sha256:0000000000000000000000000000000000000000000000000000000000000000', 'sha256');

-- The present state of everything that has a history.
CREATE TABLE stream (
    kind    TEXT NOT NULL,
    id      TEXT NOT NULL,
    version INTEGER NOT NULL,
    state   TEXT NOT NULL,
    PRIMARY KEY (kind, id)
);

-- Commands that carried a key, with what came of them, so that a repeated one is answered and not repeated.
CREATE TABLE command (
    account TEXT NOT NULL,
    key     TEXT NOT NULL,
    digest  TEXT NOT NULL,
    outcome TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (account, key)
);
CREATE INDEX command_by_time ON command (at);

-- Phones, addresses, numbers of papers: events carry only the id, so that erasing a value leaves the chain whole.
CREATE TABLE personal (
    id        TEXT PRIMARY KEY NOT NULL,
    account   TEXT NOT NULL,
    kind      TEXT NOT NULL,
    value     TEXT,
    erased_at INTEGER
);
CREATE INDEX personal_by_account ON personal (account);

-- state: 0 waiting, 1 done, 2 dead, 3 cancelled.
CREATE TABLE timer (
    key           TEXT PRIMARY KEY NOT NULL,
    due           INTEGER NOT NULL,
    action        TEXT NOT NULL,
    payload       TEXT NOT NULL,
    state         INTEGER NOT NULL,
    attempts      INTEGER NOT NULL,
    run_after     INTEGER NOT NULL,
    claimed_by    TEXT,
    claimed_until INTEGER,
    last_error    TEXT
);
CREATE INDEX timer_by_due ON timer (state, due, key);

-- state: 0 pending, 1 done, 2 dead.
CREATE TABLE job (
    id            TEXT PRIMARY KEY NOT NULL,
    key           TEXT NOT NULL UNIQUE,
    kind          TEXT NOT NULL,
    payload       TEXT NOT NULL,
    state         INTEGER NOT NULL,
    attempts      INTEGER NOT NULL,
    created       INTEGER NOT NULL,
    run_after     INTEGER NOT NULL,
    claimed_by    TEXT,
    claimed_until INTEGER,
    last_error    TEXT
);
CREATE INDEX job_by_turn ON job (state, run_after, id);

-- What people are to be told, before it is known by which way.
CREATE TABLE outbox (
    id         TEXT PRIMARY KEY NOT NULL,
    key        TEXT NOT NULL UNIQUE,
    recipient  TEXT NOT NULL,
    template   TEXT NOT NULL,
    content    TEXT NOT NULL,
    urgency    TEXT NOT NULL,
    created    INTEGER NOT NULL,
    expanded   INTEGER
);
CREATE INDEX outbox_by_turn ON outbox (id) WHERE expanded IS NULL;
