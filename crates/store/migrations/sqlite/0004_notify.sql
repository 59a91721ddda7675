-- Channels, and what goes out through them. Moments are microseconds UTC.

-- A projection of the events of channels.
CREATE TABLE channel (
    id           TEXT PRIMARY KEY NOT NULL,
    name         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    organisation TEXT NOT NULL,
    settings     TEXT NOT NULL,
    active       BOOLEAN NOT NULL,
    closed       BOOLEAN NOT NULL
);
CREATE INDEX channel_by_organisation ON channel (organisation);

-- Keys and passwords. They never go into an event, an answer or the log.
CREATE TABLE channel_secret (
    channel TEXT NOT NULL,
    name    TEXT NOT NULL,
    value   TEXT NOT NULL,
    PRIMARY KEY (channel, name)
);

-- How much of its limits a channel has used; open_at is when it may have room again.
CREATE TABLE channel_gate (
    channel TEXT PRIMARY KEY NOT NULL,
    state   TEXT NOT NULL,
    open_at INTEGER NOT NULL
);

-- One message through one channel. state: 0 pending, 1 sent, 2 dead. digest: 0 at once, 1 with others.
-- A row of kind in_app is a notice that could not be made at all.
CREATE TABLE delivery (
    id            TEXT PRIMARY KEY NOT NULL,
    key           TEXT NOT NULL UNIQUE,
    channel       TEXT NOT NULL,
    kind          TEXT NOT NULL,
    account       TEXT,
    digest        INTEGER NOT NULL,
    state         INTEGER NOT NULL,
    attempts      INTEGER NOT NULL,
    created       INTEGER NOT NULL,
    run_after     INTEGER NOT NULL,
    claimed_by    TEXT,
    claimed_until INTEGER,
    sent_at       INTEGER,
    receipt       TEXT,
    last_error    TEXT
);
CREATE INDEX delivery_by_turn ON delivery (state, run_after, id);
CREATE INDEX delivery_by_channel ON delivery (channel, id);

CREATE TABLE delivery_part (
    delivery TEXT NOT NULL,
    outbox   TEXT NOT NULL,
    PRIMARY KEY (delivery, outbox)
);

-- The list inside the program.
CREATE TABLE notice (
    id      TEXT PRIMARY KEY NOT NULL,
    account TEXT NOT NULL,
    outbox  TEXT NOT NULL,
    created INTEGER NOT NULL,
    read_at INTEGER,
    UNIQUE (account, outbox)
);
CREATE INDEX notice_by_account ON notice (account, id);

CREATE TABLE notice_preference (
    account TEXT PRIMARY KEY NOT NULL,
    wanted  TEXT NOT NULL
);
