-- Matters as lists read them: a projection of their events. owner_path is the path of the owner now; `account` is the
-- one whose own matter it is, empty for nobody; a matter without a due day has the last day of all, so that it sorts
-- last and a page can go on from it. `search` is code and title in lower case.

CREATE TABLE matter (
    id          TEXT PRIMARY KEY NOT NULL,
    code        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    title       TEXT NOT NULL,
    search      TEXT NOT NULL,
    owner       TEXT NOT NULL,
    owner_path  TEXT NOT NULL,
    state       TEXT NOT NULL,
    due         INTEGER NOT NULL,
    responsible TEXT,
    created_by  TEXT NOT NULL,
    account     TEXT NOT NULL,
    secrecy     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    version     INTEGER NOT NULL
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
    org        TEXT NOT NULL,
    id         TEXT NOT NULL,
    owner      TEXT NOT NULL,
    owner_path TEXT NOT NULL,
    account    TEXT NOT NULL,
    kind       TEXT NOT NULL,
    secrecy    INTEGER NOT NULL,
    state      TEXT NOT NULL,
    due        INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (org, id)
) WITHOUT ROWID;
CREATE INDEX matter_assigned_by_matter ON matter_assigned (id);
CREATE INDEX matter_assigned_by_path ON matter_assigned (owner_path);
