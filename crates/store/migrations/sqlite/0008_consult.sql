-- Consultations as lists read them: a projection of their events. owner_path is the path of the owner now. `issue` is
-- the hour of the run, `issue_day` the day whose official forecast the room may become.

CREATE TABLE consultation (
    id           TEXT PRIMARY KEY NOT NULL,
    code         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    owner        TEXT NOT NULL,
    owner_path   TEXT NOT NULL,
    state        TEXT NOT NULL,
    issue        INTEGER NOT NULL,
    issue_day    INTEGER NOT NULL,
    opened_by    TEXT NOT NULL,
    opened_at    INTEGER NOT NULL,
    bids_until   INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    secrecy      INTEGER NOT NULL,
    changed_at   INTEGER NOT NULL,
    version      INTEGER NOT NULL
);
CREATE INDEX consultation_by_opening ON consultation (opened_at, id);
CREATE INDEX consultation_by_issue ON consultation (issue_day, state);
CREATE INDEX consultation_by_path ON consultation (owner_path);

-- Organisations that a signed conclusion was given to.
CREATE TABLE consultation_told (
    org TEXT NOT NULL,
    id  TEXT NOT NULL,
    PRIMARY KEY (org, id)
) WITHOUT ROWID;
CREATE INDEX consultation_told_by_room ON consultation_told (id);

-- The last version of each participant's bid; earlier ones stand in the events.
CREATE TABLE consultation_bid (
    room        TEXT NOT NULL,
    participant TEXT NOT NULL,
    number      INTEGER NOT NULL,
    entered_at  INTEGER NOT NULL,
    bid         TEXT NOT NULL,
    PRIMARY KEY (room, participant)
) WITHOUT ROWID;

-- Signed conclusions, every version. `state` is `official` or `superseded`.
CREATE TABLE consultation_official (
    room      TEXT NOT NULL,
    number    INTEGER NOT NULL,
    issue_day INTEGER NOT NULL,
    state     TEXT NOT NULL,
    signed_at INTEGER NOT NULL,
    body      TEXT NOT NULL,
    PRIMARY KEY (room, number)
) WITHOUT ROWID;
CREATE INDEX consultation_official_by_day ON consultation_official (issue_day);

-- Links of guests by the digest of their secret.
CREATE TABLE consultation_guest (
    hash TEXT PRIMARY KEY NOT NULL,
    room TEXT NOT NULL,
    id   TEXT NOT NULL
);
CREATE INDEX consultation_guest_by_room ON consultation_guest (room);
