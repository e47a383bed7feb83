-- whose an imported account was: who confirmed the address that stands in the export, and has its replies from then on
CREATE TABLE claimed_authors (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id),
    site_id BLOB NOT NULL REFERENCES sites (id),
    claimed_by BLOB NOT NULL REFERENCES accounts (id),
    claimed_at INTEGER NOT NULL,
    -- when all of it had become his
    finished_at INTEGER
) STRICT;
CREATE INDEX claimed_authors_by_claimer ON claimed_authors (claimed_by, account_id);

CREATE INDEX imported_authors_by_email ON imported_authors (email, account_id);
CREATE INDEX mutes_by_muted ON mutes (muted_id, account_id);

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''send_mail''', '''send_mail'', ''claim_author''')
    WHERE type = 'table' AND name = 'jobs';
UPDATE sqlite_schema SET sql = replace(sql, '''export_log''', '''export_log'', ''claim_author''')
    WHERE type = 'table' AND name = 'decisions';
PRAGMA writable_schema = RESET;
