-- Tables of people. The first four are projections: rebuilt from the events, they come out the same. The others hold
-- secrets and sessions, which never go into an event. Moments are microseconds UTC, days are counted since 1970-01-01.

CREATE TABLE organisation (
    id      TEXT PRIMARY KEY NOT NULL,
    parent  TEXT,
    path    TEXT NOT NULL,
    kind    TEXT NOT NULL,
    active  BOOLEAN NOT NULL,
    search  TEXT NOT NULL
);
CREATE INDEX organisation_by_path ON organisation (path);

CREATE TABLE account (
    id           TEXT PRIMARY KEY NOT NULL,
    login        TEXT NOT NULL UNIQUE,
    organisation TEXT NOT NULL,
    active       BOOLEAN NOT NULL,
    search       TEXT NOT NULL
);
CREATE INDEX account_by_organisation ON account (organisation);

CREATE TABLE role_grant (
    id           TEXT PRIMARY KEY NOT NULL,
    account      TEXT NOT NULL,
    role         TEXT NOT NULL,
    organisation TEXT NOT NULL,
    state        TEXT NOT NULL
);
CREATE INDEX role_grant_by_account ON role_grant (account, state);
CREATE INDEX role_grant_by_role ON role_grant (role, account);

CREATE TABLE delegation (
    id           TEXT PRIMARY KEY NOT NULL,
    from_account TEXT NOT NULL,
    to_account   TEXT NOT NULL,
    ended        BOOLEAN NOT NULL
);
CREATE INDEX delegation_by_from ON delegation (from_account);
CREATE INDEX delegation_by_to ON delegation (to_account);

CREATE TABLE credential (
    account      TEXT PRIMARY KEY NOT NULL,
    password     TEXT NOT NULL,
    changed_at   INTEGER NOT NULL,
    totp_secret  TEXT,
    totp_pending TEXT,
    totp_step    INTEGER NOT NULL DEFAULT -1
);

CREATE TABLE session (
    id               TEXT PRIMARY KEY NOT NULL,
    account          TEXT NOT NULL,
    csrf             TEXT NOT NULL,
    created_at       INTEGER NOT NULL,
    last_seen_at     INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    absolute_expires INTEGER NOT NULL,
    address          TEXT NOT NULL,
    agent            TEXT NOT NULL,
    acting           TEXT,
    revoked_at       INTEGER
);
CREATE INDEX session_by_account ON session (account);
CREATE INDEX session_by_end ON session (absolute_expires);

CREATE TABLE token (
    hash       TEXT PRIMARY KEY NOT NULL,
    id         TEXT NOT NULL UNIQUE,
    account    TEXT NOT NULL,
    name       TEXT NOT NULL,
    rights     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    last_used  INTEGER,
    revoked_at INTEGER
);
CREATE INDEX token_by_account ON token (account);
