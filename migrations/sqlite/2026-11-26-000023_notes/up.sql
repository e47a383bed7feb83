-- what moderators note about an account or a reply, for each other
CREATE TABLE notes (
    id BLOB NOT NULL PRIMARY KEY,
    -- none: about an account, for admins
    site_id BLOB REFERENCES sites (id),
    account_id BLOB REFERENCES accounts (id),
    reply_id BLOB REFERENCES replies (id),
    author_id BLOB NOT NULL REFERENCES accounts (id),
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    CHECK ((account_id IS NULL) <> (reply_id IS NULL)),
    CHECK (reply_id IS NULL OR site_id IS NOT NULL)
) STRICT;
CREATE INDEX notes_by_account ON notes (account_id, created_at, id) WHERE account_id IS NOT NULL;
CREATE INDEX notes_by_reply ON notes (reply_id, created_at, id) WHERE reply_id IS NOT NULL;

-- who is named in a note, and when he read it
CREATE TABLE mentions (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    note_id BLOB NOT NULL REFERENCES notes (id),
    created_at INTEGER NOT NULL,
    read_at INTEGER,
    PRIMARY KEY (account_id, note_id)
) STRICT;
CREATE INDEX mentions_by_note ON mentions (note_id);
CREATE INDEX mentions_by_account ON mentions (account_id, created_at, note_id);
CREATE INDEX mentions_unread ON mentions (account_id, created_at, note_id) WHERE read_at IS NULL;

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''export_log''',
        '''export_log'', ''add_note'', ''delete_note''')
    WHERE type = 'table' AND name = 'decisions';
PRAGMA writable_schema = RESET;
