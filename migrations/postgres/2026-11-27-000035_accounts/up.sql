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
    account_id UUID NOT NULL REFERENCES accounts (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('confirm_email', 'reset_password')),
    -- where it was sent, and the same folded
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    link_hash BYTEA NOT NULL UNIQUE,
    digits_hash BYTEA NOT NULL,
    tries_left INTEGER NOT NULL CHECK (tries_left >= 0),
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, purpose)
);
CREATE INDEX codes_by_email ON codes (email_key);
CREATE INDEX codes_by_expiry ON codes (expires_at);

-- addresses that accounts had, to which their owners find back by a link
CREATE TABLE former_emails (
    id UUID NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES accounts (id),
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    link_hash BYTEA NOT NULL UNIQUE,
    given_up_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX former_emails_by_account ON former_emails (account_id, given_up_at);
CREATE INDEX former_emails_by_email ON former_emails (email_key, given_up_at, id);
CREATE INDEX former_emails_by_expiry ON former_emails (expires_at);

-- one more action and decider, whatever other migrations have added
DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, '''export_log''::text', '''export_log''::text, ''end_sessions''::text');
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'verdicts'::regclass AND conname = 'verdicts_decided_by_check';
    EXECUTE 'ALTER TABLE verdicts DROP CONSTRAINT verdicts_decided_by_check, ADD CONSTRAINT verdicts_decided_by_check '
        || replace(allowed, '''mode''::text', '''mode''::text, ''unproven''::text');
END $$;
