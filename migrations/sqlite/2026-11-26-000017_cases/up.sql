-- a reader may report a reply more than once: another text of it, or for something else; nothing is overwritten
CREATE TABLE new_reports (
    id BLOB NOT NULL PRIMARY KEY,
    reply_id BLOB NOT NULL REFERENCES replies (id),
    reporter_id BLOB NOT NULL REFERENCES accounts (id),
    reason TEXT NOT NULL CHECK (reason IN ('spam', 'abuse', 'off_topic', 'misinformation', 'illegal', 'other')),
    note TEXT,
    -- of the text that was reported
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    closed_at INTEGER,
    -- what the reporter's word counted, in hundredths
    weight INTEGER NOT NULL DEFAULT 100 CHECK (weight > 0),
    -- what came of it; nothing while it is open, and of what was closed before this was kept
    outcome TEXT CHECK (outcome IN ('upheld', 'dismissed', 'moot', 'held_back'))
) STRICT;
INSERT INTO new_reports (id, reply_id, reporter_id, reason, note, revision, created_at, closed_at)
    SELECT id, reply_id, reporter_id, reason, note, revision, created_at, closed_at FROM reports;
DROP TABLE reports;
ALTER TABLE new_reports RENAME TO reports;
CREATE INDEX reports_by_reply ON reports (reply_id, created_at, id);
CREATE INDEX reports_of_reader ON reports (reply_id, reporter_id, created_at, id);
-- one of a reader and reply is open at a time
CREATE UNIQUE INDEX reports_open ON reports (reply_id, reporter_id) WHERE closed_at IS NULL;
CREATE INDEX reports_by_reporter ON reports (reporter_id, created_at, id);

-- all reports of a reply together
CREATE TABLE cases (
    reply_id BLOB NOT NULL PRIMARY KEY REFERENCES replies (id),
    site_id BLOB NOT NULL REFERENCES sites (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'upheld', 'dismissed', 'moot')),
    -- of its reports that are open, and of those that were held back since it was dismissed, in hundredths
    weight INTEGER NOT NULL,
    held_back INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER,
    closed_by BLOB REFERENCES accounts (id),
    -- how often it was opened again
    reopened INTEGER NOT NULL,
    -- the last time that a person dismissed it: which text, and what the reports were for, names with a blank around each
    dismissed_at INTEGER,
    dismissed_revision INTEGER,
    dismissed_reasons TEXT NOT NULL,
    CHECK ((state = 'open') = (closed_at IS NULL))
) STRICT;
CREATE INDEX cases_by_site ON cases (site_id, state, opened_at, reply_id);

-- what came of somebody's reports on a site
CREATE TABLE reporter_counters (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    site_id BLOB NOT NULL REFERENCES sites (id),
    upheld INTEGER NOT NULL,
    dismissed INTEGER NOT NULL,
    PRIMARY KEY (account_id, site_id)
) STRICT;

INSERT INTO cases (reply_id, site_id, state, weight, held_back, opened_at, closed_at, reopened, dismissed_reasons)
SELECT r.id, r.site_id,
    CASE WHEN p.open > 0 THEN 'open' WHEN r.state = 'approved' OR r.state = 'pending' THEN 'dismissed'
        WHEN r.state = 'withdrawn' THEN 'moot' ELSE 'upheld' END,
    p.open * 100, 0, p.opened_at, CASE WHEN p.open > 0 THEN NULL ELSE p.closed_at END, 0, ' '
FROM (SELECT reply_id, count(CASE WHEN closed_at IS NULL THEN 1 END) AS open, min(created_at) AS opened_at,
        max(closed_at) AS closed_at FROM reports GROUP BY reply_id) AS p
    JOIN replies r ON r.id = p.reply_id;

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''bulk''', '''bulk'', ''hold''')
    WHERE type = 'table' AND name = 'decisions';
PRAGMA writable_schema = RESET;
