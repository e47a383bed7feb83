-- since when signing in takes a code as well
ALTER TABLE accounts ADD COLUMN second_factor_at INTEGER;

-- what codes are made of, encrypted, also while it is being set up; and of what time the last one was, as none is good twice
CREATE TABLE second_factors (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id),
    secret TEXT NOT NULL,
    last_step INTEGER,
    created_at INTEGER NOT NULL
) STRICT;

-- codes for who has lost the device, by their hashes; good once each
CREATE TABLE recovery_codes (
    hash BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id)
) STRICT;
CREATE INDEX recovery_codes_by_account ON recovery_codes (account_id);

-- when a code was last shown in a session; null: never
ALTER TABLE sessions ADD COLUMN factor_at INTEGER;

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''account_closed''', '''account_closed'', ''second_factor_changed''')
    WHERE type = 'table' AND name = 'sessions';
UPDATE sqlite_schema SET sql = replace(sql, '''export_log''', '''export_log'', ''reset_second_factor''')
    WHERE type = 'table' AND name = 'decisions';
PRAGMA writable_schema = RESET;
