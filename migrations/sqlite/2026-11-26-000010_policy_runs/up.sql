-- policies tried on former replies, waiting replies judged anew, and the undoing of that
CREATE TABLE policy_runs (
    id BLOB NOT NULL PRIMARY KEY,
    site_id BLOB NOT NULL REFERENCES sites (id),
    kind TEXT NOT NULL CHECK (kind IN ('simulate', 'rerun', 'undo')),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'cancelled', 'failed')),
    -- what was asked for, JSON
    request TEXT NOT NULL,
    -- the run that this one undoes
    undoes BLOB REFERENCES policy_runs (id),
    -- replies looked at, and how many there were to look at
    done INTEGER NOT NULL,
    total INTEGER NOT NULL,
    -- what came of it, JSON
    result TEXT,
    author_id BLOB REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    -- when somebody wanted it to end
    cancelled_at INTEGER,
    finished_at INTEGER
) STRICT;
CREATE INDEX policy_runs_by_site ON policy_runs (site_id, created_at, id);
CREATE INDEX policy_runs_undone ON policy_runs (undoes) WHERE undoes IS NOT NULL;

-- replies that a run released, with the version that it made
CREATE TABLE policy_run_items (
    run_id BLOB NOT NULL REFERENCES policy_runs (id),
    reply_id BLOB NOT NULL REFERENCES replies (id),
    reply_version INTEGER NOT NULL,
    PRIMARY KEY (run_id, reply_id)
) STRICT, WITHOUT ROWID;
