-- a reply may be with its author again, to be changed, and the author of a refused one may appeal
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''withdrawn''', '''withdrawn'', ''returned''')
    WHERE type = 'table' AND name IN ('replies', 'decisions');
UPDATE sqlite_schema SET sql = replace(sql, '''restore''',
    '''restore'', ''return'', ''appeal'', ''uphold_appeal'', ''overturn_appeal'', ''drop_appeal''')
    WHERE type = 'table' AND name = 'decisions';
UPDATE sqlite_schema SET sql = replace(sql, '''restore''', '''restore'', ''return''')
    WHERE type = 'table' AND name = 'bulks';
UPDATE sqlite_schema SET sql = replace(sql, '''prune''', '''prune'', ''end_waits''')
    WHERE type = 'table' AND name = 'jobs';
PRAGMA writable_schema = RESET;

ALTER TABLE site_counters ADD COLUMN returned INTEGER NOT NULL DEFAULT 0 CHECK (returned >= 0);
ALTER TABLE site_counters ADD COLUMN appeals INTEGER NOT NULL DEFAULT 0 CHECK (appeals >= 0);
ALTER TABLE author_counters ADD COLUMN returned INTEGER NOT NULL DEFAULT 0 CHECK (returned >= 0);

-- since when an appeal about it waits
ALTER TABLE replies ADD COLUMN appealed_at INTEGER;
CREATE INDEX replies_appealed ON replies (site_id, created_at, id) WHERE appealed_at IS NOT NULL;

ALTER TABLE queue_items ADD COLUMN is_appealed INTEGER NOT NULL DEFAULT 0 CHECK (is_appealed IN (0, 1));
CREATE INDEX queue_items_appeals_due ON queue_items (site_id, due_at, reply_id) WHERE is_appealed;
CREATE INDEX queue_items_appeals_since ON queue_items (site_id, since, reply_id) WHERE is_appealed;
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'is_pending OR is_reported OR is_flagged', 'is_pending OR is_reported OR is_flagged OR is_appealed')
    WHERE type = 'table' AND name = 'queue_items';
PRAGMA writable_schema = RESET;

-- the last time that a reply went back to its author
CREATE TABLE returns (
    reply_id BLOB NOT NULL PRIMARY KEY REFERENCES replies (id),
    -- of the text that was returned
    revision INTEGER NOT NULL,
    returned_by BLOB NOT NULL REFERENCES accounts (id),
    message TEXT NOT NULL,
    returned_at INTEGER NOT NULL,
    -- until when its author may change it; none once it is not there any more
    due_at INTEGER
) STRICT;
CREATE INDEX returns_due ON returns (due_at, reply_id) WHERE due_at IS NOT NULL;

-- what an author is told of a refusal, beside the row of the log and the verdict of the same version
CREATE TABLE statements (
    reply_id BLOB NOT NULL REFERENCES replies (id),
    reply_version INTEGER NOT NULL,
    -- of the text that was refused
    revision INTEGER NOT NULL,
    -- what the site said to such a refusal then
    words TEXT,
    appeal_until INTEGER NOT NULL,
    PRIMARY KEY (reply_id, reply_version)
) STRICT, WITHOUT ROWID;

CREATE TABLE appeals (
    id BLOB NOT NULL PRIMARY KEY,
    reply_id BLOB NOT NULL REFERENCES replies (id),
    site_id BLOB NOT NULL REFERENCES sites (id),
    author_id BLOB NOT NULL REFERENCES accounts (id),
    -- the reply's version that refused it, and who did; none where rules did
    refused_version INTEGER NOT NULL,
    refused_by BLOB REFERENCES accounts (id),
    text TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'upheld', 'overturned', 'moot')),
    created_at INTEGER NOT NULL,
    closed_at INTEGER,
    closed_by BLOB REFERENCES accounts (id),
    -- for the author
    reasons TEXT,
    CHECK ((state = 'open') = (closed_at IS NULL))
) STRICT;
CREATE INDEX appeals_by_reply ON appeals (reply_id, created_at, id);
-- one of a reply is decided about
CREATE UNIQUE INDEX appeals_once ON appeals (reply_id) WHERE state <> 'moot';
CREATE INDEX appeals_open ON appeals (id) WHERE state = 'open';

-- what is refused already, by who refused it last
INSERT INTO statements (reply_id, reply_version, revision, appeal_until)
SELECT r.id, d.reply_version, r.revision, d.created_at + 1209600000000
FROM replies r JOIN decisions d ON d.reply_id = r.id
WHERE r.state IN ('rejected', 'spam') AND d.action IN ('post', 'edit', 'judge', 'reject', 'spam') AND d.to_state = r.state
    AND NOT EXISTS (SELECT 1 FROM decisions e WHERE e.reply_id = r.id AND e.reply_version > d.reply_version
        AND e.action IN ('post', 'edit', 'judge', 'reject', 'spam') AND e.to_state = r.state);
