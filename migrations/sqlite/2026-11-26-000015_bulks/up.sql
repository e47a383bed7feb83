-- one decision about many replies, or its being undone
CREATE TABLE bulks (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    -- nothing where another is undone
    action TEXT CHECK (action IN ('approve', 'reject', 'spam', 'restore')),
    undoes BLOB REFERENCES bulks (id),
    reason TEXT CHECK (reason IN ('spam', 'abuse', 'off_topic', 'misinformation', 'illegal', 'other')),
    note TEXT,
    message TEXT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'cancelled', 'failed')),
    -- what was asked for, JSON, until its items are known
    request TEXT NOT NULL,
    -- items that were come to, and how many there are
    done INTEGER NOT NULL,
    total INTEGER,
    -- what came of them so far, JSON
    result TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    cancelled_at INTEGER,
    finished_at INTEGER,
    CHECK ((action IS NULL) <> (undoes IS NULL))
) STRICT;
CREATE INDEX bulks_by_account ON bulks (account_id, created_at, id);
CREATE INDEX bulks_undone ON bulks (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX bulks_finished ON bulks (finished_at) WHERE finished_at IS NOT NULL;

-- replies of a bulk, each with the version that was looked at
CREATE TABLE bulk_items (
    bulk_id BLOB NOT NULL REFERENCES bulks (id),
    position INTEGER NOT NULL,
    reply_id BLOB NOT NULL,
    reply_version INTEGER NOT NULL,
    -- nothing before it was come to
    outcome TEXT CHECK (outcome IN ('done', 'conflict', 'forbidden', 'gone')),
    -- the version that was made, and how the reply stood before, JSON
    made_version INTEGER,
    former TEXT,
    PRIMARY KEY (bulk_id, position)
) STRICT;

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''change_outside_check''', '''change_outside_check'', ''bulk''')
    WHERE type = 'table' AND name = 'decisions';
UPDATE sqlite_schema SET sql = replace(sql, '''tell_outside''', '''tell_outside'', ''run_bulk''')
    WHERE type = 'table' AND name = 'jobs';
PRAGMA writable_schema = RESET;
