-- The event log and what follows from it. Moments are microseconds UTC. Keys and ids compare by bytes.

-- One row per event, never changed. `record` is the canonical JSON that `hash` covers together with the hash before;
-- the columns beside it repeat it for queries and are checked against it by every verification.
CREATE TABLE event (
    seq          BIGINT PRIMARY KEY NOT NULL,
    stream_kind  TEXT COLLATE "C" NOT NULL,
    stream_id    TEXT COLLATE "C" NOT NULL,
    version      BIGINT NOT NULL,
    name         TEXT COLLATE "C" NOT NULL,
    account      TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    at           BIGINT NOT NULL,
    record       TEXT NOT NULL,
    hash         TEXT COLLATE "C" NOT NULL,
    UNIQUE (stream_kind, stream_id, version)
);
CREATE INDEX event_by_account ON event (account, seq);
CREATE INDEX event_by_organisation ON event (organisation, seq);
CREATE INDEX event_by_time ON event (at);

-- Stops accidents and programs with ordinary rights. Who owns the database can drop a trigger: that is what the hash
-- chain and the signed roots outside the database are for.
CREATE FUNCTION event_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are never changed or deleted';
END;
$$;
CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION event_is_for_ever();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION event_is_for_ever();

-- The end of the chain. Its one row is locked by every command, which makes the chain linear and without gaps.
CREATE TABLE event_head (
    id       SMALLINT PRIMARY KEY NOT NULL CHECK (id = 1),
    last_seq BIGINT NOT NULL,
    hash     TEXT NOT NULL,
    digest   TEXT NOT NULL
);
INSERT INTO event_head (id, last_seq, hash, digest)
VALUES (1, 0, 'sha256:0000000000000000000000000000000000000000000000000000000000000000', 'sha256');

-- The present state of everything that has a history.
CREATE TABLE stream (
    kind    TEXT COLLATE "C" NOT NULL,
    id      TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    state   TEXT NOT NULL,
    PRIMARY KEY (kind, id)
);

-- Commands that carried a key, with what came of them, so that a repeated one is answered and not repeated.
CREATE TABLE command (
    account TEXT COLLATE "C" NOT NULL,
    key     TEXT COLLATE "C" NOT NULL,
    digest  TEXT NOT NULL,
    outcome TEXT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (account, key)
);
CREATE INDEX command_by_time ON command (at);

-- Phones, addresses, numbers of papers: events carry only the id, so that erasing a value leaves the chain whole.
CREATE TABLE personal (
    id        TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    account   TEXT COLLATE "C" NOT NULL,
    kind      TEXT NOT NULL,
    value     TEXT,
    erased_at BIGINT
);
CREATE INDEX personal_by_account ON personal (account);

-- state: 0 waiting, 1 done, 2 dead, 3 cancelled.
CREATE TABLE timer (
    key           TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    due           BIGINT NOT NULL,
    action        TEXT NOT NULL,
    payload       TEXT NOT NULL,
    state         SMALLINT NOT NULL,
    attempts      INTEGER NOT NULL,
    run_after     BIGINT NOT NULL,
    claimed_by    TEXT,
    claimed_until BIGINT,
    last_error    TEXT
);
CREATE INDEX timer_by_due ON timer (state, due, key);

-- state: 0 pending, 1 done, 2 dead.
CREATE TABLE job (
    id            TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    key           TEXT COLLATE "C" NOT NULL UNIQUE,
    kind          TEXT NOT NULL,
    payload       TEXT NOT NULL,
    state         SMALLINT NOT NULL,
    attempts      INTEGER NOT NULL,
    created       BIGINT NOT NULL,
    run_after     BIGINT NOT NULL,
    claimed_by    TEXT,
    claimed_until BIGINT,
    last_error    TEXT
);
CREATE INDEX job_by_turn ON job (state, run_after, id);

-- What people are to be told, before it is known by which way.
CREATE TABLE outbox (
    id         TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    key        TEXT COLLATE "C" NOT NULL UNIQUE,
    recipient  TEXT NOT NULL,
    template   TEXT NOT NULL,
    content    TEXT NOT NULL,
    urgency    TEXT NOT NULL,
    created    BIGINT NOT NULL,
    expanded   BIGINT
);
CREATE INDEX outbox_by_turn ON outbox (id) WHERE expanded IS NULL;
