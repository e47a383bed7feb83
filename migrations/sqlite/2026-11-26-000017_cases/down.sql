PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ', ''hold''', '') WHERE type = 'table' AND name = 'decisions';
PRAGMA writable_schema = RESET;
DROP TABLE reporter_counters;
DROP TABLE cases;
CREATE TABLE new_reports (
    id BLOB NOT NULL PRIMARY KEY,
    reply_id BLOB NOT NULL REFERENCES replies (id),
    reporter_id BLOB NOT NULL REFERENCES accounts (id),
    reason TEXT NOT NULL CHECK (reason IN ('spam', 'abuse', 'off_topic', 'misinformation', 'illegal', 'other')),
    note TEXT,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    closed_at INTEGER,
    UNIQUE (reply_id, reporter_id)
) STRICT;
-- the latest of each reader
INSERT INTO new_reports SELECT id, reply_id, reporter_id, reason, note, revision, created_at, closed_at FROM reports p
    WHERE NOT EXISTS (SELECT 1 FROM reports q WHERE q.reply_id = p.reply_id AND q.reporter_id = p.reporter_id
        AND (q.created_at, q.id) > (p.created_at, p.id));
DROP TABLE reports;
ALTER TABLE new_reports RENAME TO reports;
CREATE INDEX reports_by_reply ON reports (reply_id, created_at, id);
