-- accounts that are to be closed, and what their owners chose; kept when that is done, as what was promised stays promised
CREATE TABLE closings (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id),
    -- whether their texts stay without a name
    texts TEXT NOT NULL CHECK (texts IN ('keep', 'remove')),
    asked_at INTEGER NOT NULL,
    -- until then it can be undone
    closes_at INTEGER NOT NULL,
    -- which does it; gone once all is erased
    job_id BLOB NOT NULL,
    closed_at INTEGER,
    erased_at INTEGER
) STRICT;

-- copies of all that is kept of somebody, one of an account, and their bytes in pieces
CREATE TABLE data_exports (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'ready', 'failed')),
    job_id BLOB NOT NULL,
    asked_at INTEGER NOT NULL,
    ended_at INTEGER,
    byte_count INTEGER NOT NULL CHECK (byte_count >= 0)
) STRICT;
CREATE INDEX data_exports_by_end ON data_exports (ended_at);
CREATE TABLE data_export_pieces (
    account_id BLOB NOT NULL REFERENCES data_exports (account_id),
    number INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (account_id, number)
) STRICT;

-- spam whose text is still there, by its age
CREATE INDEX replies_of_spam ON replies (state_changed_at, id) WHERE state = 'spam' AND body_source <> '';
CREATE INDEX notices_by_account ON notices (account_id, id) WHERE account_id IS NOT NULL;

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''tell_outside''', '''tell_outside'', ''close_account'', ''export_data'', ''forget_texts''')
    WHERE type = 'table' AND name = 'jobs';
PRAGMA writable_schema = RESET;
