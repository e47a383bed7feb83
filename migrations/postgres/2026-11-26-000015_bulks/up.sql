-- one decision about many replies, or its being undone
CREATE TABLE bulks (
    id UUID NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES accounts (id),
    -- nothing where another is undone
    action TEXT CHECK (action IN ('approve', 'reject', 'spam', 'restore')),
    undoes UUID REFERENCES bulks (id),
    reason TEXT CHECK (reason IN ('spam', 'abuse', 'off_topic', 'misinformation', 'illegal', 'other')),
    note TEXT,
    message TEXT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'cancelled', 'failed')),
    -- what was asked for, JSON, until its items are known
    request TEXT NOT NULL,
    -- items that were come to, and how many there are
    done BIGINT NOT NULL,
    total BIGINT,
    -- what came of them so far, JSON
    result TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    cancelled_at TIMESTAMPTZ,
    finished_at TIMESTAMPTZ,
    CHECK ((action IS NULL) <> (undoes IS NULL))
);
CREATE INDEX bulks_by_account ON bulks (account_id, created_at, id);
CREATE INDEX bulks_undone ON bulks (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX bulks_finished ON bulks (finished_at) WHERE finished_at IS NOT NULL;

-- replies of a bulk, each with the version that was looked at
CREATE TABLE bulk_items (
    bulk_id UUID NOT NULL REFERENCES bulks (id),
    position INTEGER NOT NULL,
    reply_id UUID NOT NULL,
    reply_version INTEGER NOT NULL,
    -- nothing before it was come to
    outcome TEXT CHECK (outcome IN ('done', 'conflict', 'forbidden', 'gone')),
    -- the version that was made, and how the reply stood before, JSON
    made_version INTEGER,
    former TEXT,
    PRIMARY KEY (bulk_id, position)
);

ALTER TABLE decisions DROP CONSTRAINT decisions_action_check;
ALTER TABLE decisions ADD CONSTRAINT decisions_action_check CHECK (action IN ('post', 'edit', 'withdraw', 'approve',
    'reject', 'spam', 'restore', 'import', 'suspend', 'lift_suspension', 'grant_role', 'revoke_role', 'create_site',
    'change_site', 'close_story', 'reopen_story', 'change_policy', 'judge', 'run_policy', 'cancel_run', 'undo',
    'change_outside_check', 'bulk'));
ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check;
ALTER TABLE jobs ADD CONSTRAINT jobs_kind_check CHECK (kind IN ('prune', 'run_policy', 'sum_lessons', 'ask_outside',
    'tell_outside', 'rank_queues', 'index_words', 'run_bulk'));
