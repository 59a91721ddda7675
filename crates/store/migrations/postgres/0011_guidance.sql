-- Output of other models at the cities (指导预报): one row a model and run. `body` is the member as its crate writes it;
-- the same model and run again replaces it, `arrived_at` then says when.

CREATE TABLE guidance (
    model      TEXT COLLATE "C" NOT NULL,
    run        INTEGER NOT NULL,
    arrived_at BIGINT NOT NULL,
    file       TEXT NOT NULL,
    sha256     TEXT NOT NULL,
    body       BYTEA NOT NULL,
    PRIMARY KEY (model, run)
);
CREATE INDEX guidance_by_run ON guidance (run);
