-- a reader may report a reply more than once: another text of it, or for something else; nothing is overwritten
-- what comes meanwhile is not to be left behind in the old table
LOCK TABLE reports IN ACCESS EXCLUSIVE MODE;
CREATE TABLE new_reports (
    id UUID NOT NULL PRIMARY KEY,
    reply_id UUID NOT NULL REFERENCES replies (id),
    reporter_id UUID NOT NULL REFERENCES accounts (id),
    reason TEXT NOT NULL CHECK (reason IN ('spam', 'abuse', 'off_topic', 'misinformation', 'illegal', 'other')),
    note TEXT,
    -- of the text that was reported
    revision INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    closed_at TIMESTAMPTZ,
    -- what the reporter's word counted, in hundredths
    weight INTEGER NOT NULL DEFAULT 100 CHECK (weight > 0),
    -- what came of it; nothing while it is open, and of what was closed before this was kept
    outcome TEXT CHECK (outcome IN ('upheld', 'dismissed', 'moot', 'held_back'))
);
INSERT INTO new_reports (id, reply_id, reporter_id, reason, note, revision, created_at, closed_at)
    SELECT id, reply_id, reporter_id, reason, note, revision, created_at, closed_at FROM reports;
DROP TABLE reports;
ALTER TABLE new_reports RENAME TO reports;
ALTER TABLE reports RENAME CONSTRAINT new_reports_pkey TO reports_pkey;
ALTER TABLE reports RENAME CONSTRAINT new_reports_reply_id_fkey TO reports_reply_id_fkey;
ALTER TABLE reports RENAME CONSTRAINT new_reports_reporter_id_fkey TO reports_reporter_id_fkey;
ALTER TABLE reports RENAME CONSTRAINT new_reports_reason_check TO reports_reason_check;
ALTER TABLE reports RENAME CONSTRAINT new_reports_weight_check TO reports_weight_check;
ALTER TABLE reports RENAME CONSTRAINT new_reports_outcome_check TO reports_outcome_check;
CREATE INDEX reports_by_reply ON reports (reply_id, created_at, id);
CREATE INDEX reports_of_reader ON reports (reply_id, reporter_id, created_at, id);
-- one of a reader and reply is open at a time
CREATE UNIQUE INDEX reports_open ON reports (reply_id, reporter_id) WHERE closed_at IS NULL;
CREATE INDEX reports_by_reporter ON reports (reporter_id, created_at, id);

-- all reports of a reply together
CREATE TABLE cases (
    reply_id UUID NOT NULL PRIMARY KEY REFERENCES replies (id),
    site_id UUID NOT NULL REFERENCES sites (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'upheld', 'dismissed', 'moot')),
    -- of its reports that are open, and of those that were held back since it was dismissed, in hundredths
    weight BIGINT NOT NULL,
    held_back BIGINT NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL,
    closed_at TIMESTAMPTZ,
    closed_by UUID REFERENCES accounts (id),
    -- how often it was opened again
    reopened INTEGER NOT NULL,
    -- the last time that a person dismissed it: which text, and what the reports were for, names with a blank around each
    dismissed_at TIMESTAMPTZ,
    dismissed_revision INTEGER,
    dismissed_reasons TEXT NOT NULL,
    CHECK ((state = 'open') = (closed_at IS NULL))
);
CREATE INDEX cases_by_site ON cases (site_id, state, opened_at, reply_id);

-- what came of somebody's reports on a site
CREATE TABLE reporter_counters (
    account_id UUID NOT NULL REFERENCES accounts (id),
    site_id UUID NOT NULL REFERENCES sites (id),
    upheld BIGINT NOT NULL,
    dismissed BIGINT NOT NULL,
    PRIMARY KEY (account_id, site_id)
);

INSERT INTO cases (reply_id, site_id, state, weight, held_back, opened_at, closed_at, reopened, dismissed_reasons)
SELECT r.id, r.site_id,
    CASE WHEN p.open > 0 THEN 'open' WHEN r.state = 'approved' OR r.state = 'pending' THEN 'dismissed'
        WHEN r.state = 'withdrawn' THEN 'moot' ELSE 'upheld' END,
    p.open * 100, 0, p.opened_at, CASE WHEN p.open > 0 THEN NULL ELSE p.closed_at END, 0, ' '
FROM (SELECT reply_id, count(CASE WHEN closed_at IS NULL THEN 1 END) AS open, min(created_at) AS opened_at,
        max(closed_at) AS closed_at FROM reports GROUP BY reply_id) AS p
    JOIN replies r ON r.id = p.reply_id;

ALTER TABLE decisions DROP CONSTRAINT decisions_action_check;
ALTER TABLE decisions ADD CONSTRAINT decisions_action_check CHECK (action IN ('post', 'edit', 'withdraw', 'approve',
    'reject', 'spam', 'restore', 'import', 'suspend', 'lift_suspension', 'grant_role', 'revoke_role', 'create_site',
    'change_site', 'close_story', 'reopen_story', 'change_policy', 'judge', 'run_policy', 'cancel_run', 'undo',
    'change_outside_check', 'bulk', 'hold'));
