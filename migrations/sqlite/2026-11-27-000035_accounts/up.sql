-- an address that its owner gave and that is nobody's until it is confirmed, so several may give the same
ALTER TABLE accounts ADD COLUMN claimed_email TEXT CHECK (closed_at IS NULL OR claimed_email IS NULL);

-- whoever had an account before it could be proven is not held for it
UPDATE accounts SET proven_at = created_at WHERE proven_at IS NULL AND password_hash IS NOT NULL;

-- what may be done by who has proven nothing yet
ALTER TABLE sites ADD COLUMN unproven_accounts TEXT NOT NULL DEFAULT 'wait' CHECK (unproven_accounts IN ('read_and_recommend', 'wait', 'allow'));

-- where it began, in words
ALTER TABLE sessions ADD COLUMN place TEXT;
CREATE INDEX sessions_live ON sessions (account_id, id) WHERE ended_at IS NULL;

-- codes that were mailed, each good for once: by its link or by its digits
CREATE TABLE codes (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('confirm_email', 'reset_password')),
    -- where it was sent, and the same folded
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    link_hash BLOB NOT NULL UNIQUE,
    digits_hash BLOB NOT NULL,
    tries_left INTEGER NOT NULL CHECK (tries_left >= 0),
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, purpose)
) STRICT;
CREATE INDEX codes_by_email ON codes (email_key);
CREATE INDEX codes_by_expiry ON codes (expires_at);

-- addresses that accounts had, to which their owners find back by a link
CREATE TABLE former_emails (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    link_hash BLOB NOT NULL UNIQUE,
    given_up_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX former_emails_by_account ON former_emails (account_id, given_up_at);
CREATE INDEX former_emails_by_email ON former_emails (email_key, given_up_at, id);
CREATE INDEX former_emails_by_expiry ON former_emails (expires_at);

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''export_log''', '''export_log'', ''end_sessions''')
    WHERE type = 'table' AND name = 'decisions';
UPDATE sqlite_schema SET sql = replace(sql, '''mode''', '''mode'', ''unproven''')
    WHERE type = 'table' AND name = 'verdicts';
PRAGMA writable_schema = RESET;
