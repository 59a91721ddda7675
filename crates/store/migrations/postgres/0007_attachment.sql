-- Files added to matters: a projection of their events. The content lies in a folder under its digest; `withdrawn` is the
-- reason, for an entry that stands no more. Nothing is ever deleted here but by a rebuild, which fills it again.

CREATE TABLE attachment (
    id        TEXT PRIMARY KEY NOT NULL,
    matter    TEXT NOT NULL,
    digest    TEXT NOT NULL,
    name      TEXT NOT NULL,
    kind      TEXT NOT NULL,
    bytes     BIGINT NOT NULL,
    taken_at  BIGINT,
    lon       DOUBLE PRECISION,
    lat       DOUBLE PRECISION,
    added_by  TEXT NOT NULL,
    added_at  BIGINT NOT NULL,
    withdrawn TEXT,
    version   BIGINT NOT NULL
);
CREATE INDEX attachment_by_matter ON attachment (matter, added_at, id);
