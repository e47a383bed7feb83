-- raised by each change of the site's policy; 0: the one that every site begins with, which stands in no row
ALTER TABLE sites ADD COLUMN policy_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sites ADD COLUMN moderators_change_policy BOOLEAN NOT NULL DEFAULT false;

-- every version that a site's policy ever had
CREATE TABLE policies (
    site_id UUID NOT NULL REFERENCES sites (id),
    version BIGINT NOT NULL CHECK (version >= 1),
    -- JSON
    body TEXT NOT NULL,
    author_id UUID REFERENCES accounts (id),
    created_at TIMESTAMPTZ NOT NULL,
    -- the former version that it was made of
    restored_from BIGINT,
    PRIMARY KEY (site_id, version)
);

-- since when a public reply waits to be looked at; none once a moderator saw it
ALTER TABLE replies ADD COLUMN flagged_at TIMESTAMPTZ;
CREATE INDEX replies_flagged ON replies (site_id, created_at, id) WHERE flagged_at IS NOT NULL;
ALTER TABLE site_counters ADD COLUMN flagged BIGINT NOT NULL DEFAULT 0 CHECK (flagged >= 0);

-- what the rules said of a reply's text; the row of the log with the same version says what came of it
CREATE TABLE verdicts (
    reply_id UUID NOT NULL REFERENCES replies (id),
    reply_version INTEGER NOT NULL CHECK (reply_version >= 1),
    -- of the text
    revision INTEGER NOT NULL CHECK (revision >= 1),
    policy_version BIGINT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('pass', 'flag', 'hold', 'spam')),
    -- what the reply's state follows from
    decided_by TEXT NOT NULL CHECK (decided_by IN ('rules', 'not_run', 'changed', 'mode', 'staff', 'waiting', 'import', 'outside')),
    -- JSON
    findings TEXT NOT NULL,
    micros BIGINT NOT NULL,
    PRIMARY KEY (reply_id, reply_version)
);

ALTER TABLE decisions DROP CONSTRAINT decisions_action_check;
ALTER TABLE decisions ADD CONSTRAINT decisions_action_check CHECK (action IN ('post', 'edit', 'withdraw', 'approve',
    'reject', 'spam', 'restore', 'import', 'suspend', 'lift_suspension', 'grant_role', 'revoke_role', 'create_site',
    'change_site', 'close_story', 'reopen_story', 'change_policy', 'judge', 'run_policy',
    'cancel_run', 'undo', 'change_outside_check'));
ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check;
ALTER TABLE jobs ADD CONSTRAINT jobs_kind_check CHECK (kind IN ('prune', 'run_policy', 'sum_lessons', 'ask_outside',
    'tell_outside'));
