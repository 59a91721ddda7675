-- Matters as lists read them: a projection of their events. owner_path is the path of the owner now; `account` is the
-- one whose own matter it is, empty for nobody; a matter without a due day has the last day of all, so that it sorts
-- last and a page can go on from it. `search` is code and title in lower case.

CREATE TABLE matter (
    id          TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    code        TEXT NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL,
    title       TEXT NOT NULL,
    search      TEXT NOT NULL,
    owner       TEXT COLLATE "C" NOT NULL,
    owner_path  TEXT COLLATE "C" NOT NULL,
    state       TEXT COLLATE "C" NOT NULL,
    due         INTEGER NOT NULL,
    responsible TEXT COLLATE "C",
    created_by  TEXT COLLATE "C" NOT NULL,
    account     TEXT COLLATE "C" NOT NULL,
    secrecy     SMALLINT NOT NULL,
    created_at  BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    version     BIGINT NOT NULL
);
-- Everything a filtered page or a count of one area asks for, so that neither looks at the table itself.
CREATE INDEX matter_by_area ON matter (owner_path, kind, state, due, id, secrecy, created_at);
CREATE INDEX matter_by_owner ON matter (owner, state, due, id);
CREATE INDEX matter_by_account ON matter (account, state, due, id);
CREATE INDEX matter_by_due ON matter (due, id);
CREATE INDEX matter_by_creation ON matter (created_at, id);

-- One row for each organisation that a matter is assigned to, with the columns of the matter that lists sort and filter
-- by: what is assigned to a busy bureau lies all over the table, and fetching each matter would cost more than the rest.
CREATE TABLE matter_assigned (
    org        TEXT COLLATE "C" NOT NULL,
    id         TEXT COLLATE "C" NOT NULL,
    owner      TEXT COLLATE "C" NOT NULL,
    owner_path TEXT COLLATE "C" NOT NULL,
    account    TEXT COLLATE "C" NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    secrecy    SMALLINT NOT NULL,
    state      TEXT COLLATE "C" NOT NULL,
    due        INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (org, id)
);
CREATE INDEX matter_assigned_by_matter ON matter_assigned (id);
CREATE INDEX matter_assigned_by_path ON matter_assigned (owner_path);
