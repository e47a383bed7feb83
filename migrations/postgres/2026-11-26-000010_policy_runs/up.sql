-- policies tried on former replies, waiting replies judged anew, and the undoing of that
CREATE TABLE policy_runs (
    id UUID NOT NULL PRIMARY KEY,
    site_id UUID NOT NULL REFERENCES sites (id),
    kind TEXT NOT NULL CHECK (kind IN ('simulate', 'rerun', 'undo')),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'cancelled', 'failed')),
    -- what was asked for, JSON
    request TEXT NOT NULL,
    -- the run that this one undoes
    undoes UUID REFERENCES policy_runs (id),
    -- replies looked at, and how many there were to look at
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    -- what came of it, JSON
    result TEXT,
    author_id UUID REFERENCES accounts (id),
    created_at TIMESTAMPTZ NOT NULL,
    -- when somebody wanted it to end
    cancelled_at TIMESTAMPTZ,
    finished_at TIMESTAMPTZ
);
CREATE INDEX policy_runs_by_site ON policy_runs (site_id, created_at, id);
CREATE INDEX policy_runs_undone ON policy_runs (undoes) WHERE undoes IS NOT NULL;

-- replies that a run released, with the version that it made
CREATE TABLE policy_run_items (
    run_id UUID NOT NULL REFERENCES policy_runs (id),
    reply_id UUID NOT NULL REFERENCES replies (id),
    reply_version INTEGER NOT NULL,
    PRIMARY KEY (run_id, reply_id)
);
