-- Tables of people. The first four are projections: rebuilt from the events, they come out the same. The others hold
-- secrets and sessions, which never go into an event. Moments are microseconds UTC, days are counted since 1970-01-01.

CREATE TABLE organisation (
    id      TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    parent  TEXT COLLATE "C",
    path    TEXT COLLATE "C" NOT NULL,
    kind    TEXT NOT NULL,
    active  BOOLEAN NOT NULL,
    search  TEXT NOT NULL
);
CREATE INDEX organisation_by_path ON organisation (path);

CREATE TABLE account (
    id           TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    login        TEXT COLLATE "C" NOT NULL UNIQUE,
    organisation TEXT COLLATE "C" NOT NULL,
    active       BOOLEAN NOT NULL,
    search       TEXT NOT NULL
);
CREATE INDEX account_by_organisation ON account (organisation);

CREATE TABLE role_grant (
    id           TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    account      TEXT COLLATE "C" NOT NULL,
    role         TEXT NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    state        TEXT NOT NULL
);
CREATE INDEX role_grant_by_account ON role_grant (account, state);
CREATE INDEX role_grant_by_role ON role_grant (role, account);

CREATE TABLE delegation (
    id           TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    from_account TEXT COLLATE "C" NOT NULL,
    to_account   TEXT COLLATE "C" NOT NULL,
    ended        BOOLEAN NOT NULL
);
CREATE INDEX delegation_by_from ON delegation (from_account);
CREATE INDEX delegation_by_to ON delegation (to_account);

CREATE TABLE credential (
    account      TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    password     TEXT NOT NULL,
    changed_at   BIGINT NOT NULL,
    totp_secret  TEXT,
    totp_pending TEXT,
    totp_step    BIGINT NOT NULL DEFAULT -1
);

CREATE TABLE session (
    id               TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    account          TEXT COLLATE "C" NOT NULL,
    csrf             TEXT NOT NULL,
    created_at       BIGINT NOT NULL,
    last_seen_at     BIGINT NOT NULL,
    expires_at       BIGINT NOT NULL,
    absolute_expires BIGINT NOT NULL,
    address          TEXT NOT NULL,
    agent            TEXT NOT NULL,
    acting           TEXT,
    revoked_at       BIGINT
);
CREATE INDEX session_by_account ON session (account);
CREATE INDEX session_by_end ON session (absolute_expires);

CREATE TABLE token (
    hash       TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    id         TEXT COLLATE "C" NOT NULL UNIQUE,
    account    TEXT COLLATE "C" NOT NULL,
    name       TEXT NOT NULL,
    rights     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used  BIGINT,
    revoked_at BIGINT
);
CREATE INDEX token_by_account ON token (account);
