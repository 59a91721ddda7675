-- Consultations as lists read them: a projection of their events. owner_path is the path of the owner now. `issue` is
-- the hour of the run, `issue_day` the day whose official forecast the room may become.

CREATE TABLE consultation (
    id           TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    code         TEXT NOT NULL,
    kind         TEXT COLLATE "C" NOT NULL,
    owner        TEXT COLLATE "C" NOT NULL,
    owner_path   TEXT COLLATE "C" NOT NULL,
    state        TEXT COLLATE "C" NOT NULL,
    issue        INTEGER NOT NULL,
    issue_day    INTEGER NOT NULL,
    opened_by    TEXT COLLATE "C" NOT NULL,
    opened_at    BIGINT NOT NULL,
    bids_until   BIGINT NOT NULL,
    number       INTEGER NOT NULL,
    secrecy      SMALLINT NOT NULL,
    changed_at   BIGINT NOT NULL,
    version      BIGINT NOT NULL
);
CREATE INDEX consultation_by_opening ON consultation (opened_at, id);
CREATE INDEX consultation_by_issue ON consultation (issue_day, state);
CREATE INDEX consultation_by_path ON consultation (owner_path);

-- Organisations that a signed conclusion was given to.
CREATE TABLE consultation_told (
    org TEXT COLLATE "C" NOT NULL,
    id  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (org, id)
);
CREATE INDEX consultation_told_by_room ON consultation_told (id);

-- The last version of each participant's bid; earlier ones stand in the events.
CREATE TABLE consultation_bid (
    room        TEXT COLLATE "C" NOT NULL,
    participant TEXT COLLATE "C" NOT NULL,
    number      INTEGER NOT NULL,
    entered_at  BIGINT NOT NULL,
    bid         TEXT NOT NULL,
    PRIMARY KEY (room, participant)
);

-- Signed conclusions, every version. `state` is `official` or `superseded`.
CREATE TABLE consultation_official (
    room      TEXT COLLATE "C" NOT NULL,
    number    INTEGER NOT NULL,
    issue_day INTEGER NOT NULL,
    state     TEXT COLLATE "C" NOT NULL,
    signed_at BIGINT NOT NULL,
    body      TEXT NOT NULL,
    PRIMARY KEY (room, number)
);
CREATE INDEX consultation_official_by_day ON consultation_official (issue_day);

-- Links of guests by the digest of their secret.
CREATE TABLE consultation_guest (
    hash TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    room TEXT COLLATE "C" NOT NULL,
    id   TEXT COLLATE "C" NOT NULL
);
CREATE INDEX consultation_guest_by_room ON consultation_guest (room);
