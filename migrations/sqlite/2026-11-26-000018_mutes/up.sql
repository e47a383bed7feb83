-- whom somebody does not want to read
CREATE TABLE mutes (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    muted_id BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, muted_id)
) STRICT;
