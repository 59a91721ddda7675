-- Warnings as lists read them: a projection of their events. owner_path is the path of the owner now. `terms` is what
-- holds or held last, else what is proposed; `change`, `gate` and `assessed_by` belong to the draft under way and are
-- empty without one; `document` is the last one issued.

CREATE TABLE warning (
    id            TEXT PRIMARY KEY NOT NULL,
    code          TEXT NOT NULL,
    owner         TEXT NOT NULL,
    owner_path    TEXT NOT NULL,
    state         TEXT NOT NULL,
    exercise      BOOLEAN NOT NULL,
    demonstration BOOLEAN NOT NULL,
    late          BOOLEAN NOT NULL,
    terms         TEXT NOT NULL,
    change        TEXT NOT NULL,
    gate          TEXT NOT NULL,
    assessed_by   TEXT NOT NULL,
    document      TEXT NOT NULL,
    proposed_by   TEXT NOT NULL,
    proposed_at   INTEGER NOT NULL,
    issued_at     INTEGER,
    secrecy       INTEGER NOT NULL,
    changed_at    INTEGER NOT NULL,
    version       INTEGER NOT NULL
);
CREATE INDEX warning_by_proposal ON warning (proposed_at, id);
CREATE INDEX warning_by_state ON warning (state);
CREATE INDEX warning_by_path ON warning (owner_path);

-- Cities of `terms`.
CREATE TABLE warning_city (
    city TEXT NOT NULL,
    id   TEXT NOT NULL,
    PRIMARY KEY (city, id)
) WITHOUT ROWID;
CREATE INDEX warning_city_by_warning ON warning_city (id);

-- Organisations that a document was given to.
CREATE TABLE warning_told (
    org TEXT NOT NULL,
    id  TEXT NOT NULL,
    PRIMARY KEY (org, id)
) WITHOUT ROWID;
CREATE INDEX warning_told_by_warning ON warning_told (id);

-- Every document, by its number.
CREATE TABLE warning_issued (
    warning   TEXT NOT NULL,
    number    INTEGER NOT NULL,
    document  TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    PRIMARY KEY (warning, number)
) WITHOUT ROWID;
CREATE INDEX warning_issued_by_document ON warning_issued (document);

-- What went out and what came back.
CREATE TABLE warning_delivery (
    warning   TEXT NOT NULL,
    document  TEXT NOT NULL,
    channel   TEXT NOT NULL,
    recipient TEXT NOT NULL,
    sent      INTEGER NOT NULL,
    receipt   INTEGER,
    PRIMARY KEY (warning, document, channel, recipient)
) WITHOUT ROWID;
