-- Warnings as lists read them: a projection of their events. owner_path is the path of the owner now. `terms` is what
-- holds or held last, else what is proposed; `change`, `gate` and `assessed_by` belong to the draft under way and are
-- empty without one; `document` is the last one issued.

CREATE TABLE warning (
    id            TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    code          TEXT NOT NULL,
    owner         TEXT COLLATE "C" NOT NULL,
    owner_path    TEXT COLLATE "C" NOT NULL,
    state         TEXT COLLATE "C" NOT NULL,
    exercise      BOOLEAN NOT NULL,
    demonstration BOOLEAN NOT NULL,
    late          BOOLEAN NOT NULL,
    terms         TEXT NOT NULL,
    change        TEXT NOT NULL,
    gate          TEXT NOT NULL,
    assessed_by   TEXT COLLATE "C" NOT NULL,
    document      TEXT NOT NULL,
    proposed_by   TEXT COLLATE "C" NOT NULL,
    proposed_at   BIGINT NOT NULL,
    issued_at     BIGINT,
    secrecy       SMALLINT NOT NULL,
    changed_at    BIGINT NOT NULL,
    version       BIGINT NOT NULL
);
CREATE INDEX warning_by_proposal ON warning (proposed_at, id);
CREATE INDEX warning_by_state ON warning (state);
CREATE INDEX warning_by_path ON warning (owner_path);

-- Cities of `terms`.
CREATE TABLE warning_city (
    city TEXT COLLATE "C" NOT NULL,
    id   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (city, id)
);
CREATE INDEX warning_city_by_warning ON warning_city (id);

-- Organisations that a document was given to.
CREATE TABLE warning_told (
    org TEXT COLLATE "C" NOT NULL,
    id  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (org, id)
);
CREATE INDEX warning_told_by_warning ON warning_told (id);

-- Every document, by its number.
CREATE TABLE warning_issued (
    warning   TEXT COLLATE "C" NOT NULL,
    number    SMALLINT NOT NULL,
    document  TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    PRIMARY KEY (warning, number)
);
CREATE INDEX warning_issued_by_document ON warning_issued (document);

-- What went out and what came back.
CREATE TABLE warning_delivery (
    warning   TEXT COLLATE "C" NOT NULL,
    document  TEXT NOT NULL,
    channel   TEXT NOT NULL,
    recipient TEXT NOT NULL,
    sent      BIGINT NOT NULL,
    receipt   BIGINT,
    PRIMARY KEY (warning, document, channel, recipient)
);
