-- raised by each change of the site's policy; 0: the one that every site begins with, which stands in no row
ALTER TABLE sites ADD COLUMN policy_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sites ADD COLUMN moderators_change_policy INTEGER NOT NULL DEFAULT 0 CHECK (moderators_change_policy IN (0, 1));

-- every version that a site's policy ever had
CREATE TABLE policies (
    site_id BLOB NOT NULL REFERENCES sites (id),
    version INTEGER NOT NULL CHECK (version >= 1),
    -- JSON
    body TEXT NOT NULL,
    author_id BLOB REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    -- the former version that it was made of
    restored_from INTEGER,
    PRIMARY KEY (site_id, version)
) STRICT;

-- since when a public reply waits to be looked at; none once a moderator saw it
ALTER TABLE replies ADD COLUMN flagged_at INTEGER;
CREATE INDEX replies_flagged ON replies (site_id, created_at, id) WHERE flagged_at IS NOT NULL;
ALTER TABLE site_counters ADD COLUMN flagged INTEGER NOT NULL DEFAULT 0 CHECK (flagged >= 0);

-- what the rules said of a reply's text; the row of the log with the same version says what came of it
CREATE TABLE verdicts (
    reply_id BLOB NOT NULL REFERENCES replies (id),
    reply_version INTEGER NOT NULL CHECK (reply_version >= 1),
    -- of the text
    revision INTEGER NOT NULL CHECK (revision >= 1),
    policy_version INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('pass', 'flag', 'hold', 'spam')),
    -- what the reply's state follows from
    decided_by TEXT NOT NULL CHECK (decided_by IN ('rules', 'not_run', 'changed', 'mode', 'staff', 'waiting', 'import', 'outside')),
    -- JSON
    findings TEXT NOT NULL,
    micros INTEGER NOT NULL,
    PRIMARY KEY (reply_id, reply_version)
) STRICT, WITHOUT ROWID;

-- SQLite has no statement that changes a CHECK. As long as nothing stored changes, the table's own text may be edited:
-- "Making Other Kinds Of Table Schema Changes", sqlite.org/lang_altertable.html
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''reopen_story''', '''reopen_story'', ''change_policy'', ''judge'', ''run_policy'', ''cancel_run'', ''undo'', ''change_outside_check''')
    WHERE type = 'table' AND name = 'decisions';
UPDATE sqlite_schema SET sql = replace(sql, '(''prune'')', '(''prune'', ''run_policy'', ''sum_lessons'', ''ask_outside'', ''tell_outside'')')
    WHERE type = 'table' AND name = 'jobs';
PRAGMA writable_schema = RESET;
