-- since when signing in takes a code as well
ALTER TABLE accounts ADD COLUMN second_factor_at TIMESTAMPTZ;

-- what codes are made of, encrypted, also while it is being set up; and of what time the last one was, as none is good twice
CREATE TABLE second_factors (
    account_id UUID NOT NULL PRIMARY KEY REFERENCES accounts (id),
    secret TEXT NOT NULL,
    last_step BIGINT,
    created_at TIMESTAMPTZ NOT NULL
);

-- codes for who has lost the device, by their hashes; good once each
CREATE TABLE recovery_codes (
    hash BYTEA NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES accounts (id)
);
CREATE INDEX recovery_codes_by_account ON recovery_codes (account_id);

-- when a code was last shown in a session; null: never
ALTER TABLE sessions ADD COLUMN factor_at TIMESTAMPTZ;

DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'sessions'::regclass AND conname = 'sessions_end_reason_check';
    EXECUTE 'ALTER TABLE sessions DROP CONSTRAINT sessions_end_reason_check, ADD CONSTRAINT sessions_end_reason_check '
        || replace(allowed, '''account_closed''::text', '''account_closed''::text, ''second_factor_changed''::text');
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, '''export_log''::text', '''export_log''::text, ''reset_second_factor''::text');
END $$;
