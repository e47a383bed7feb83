-- Since when the account's present e-mail is confirmed, and since when its owner is somebody who is known: by a confirmed
-- e-mail or by a site's sign-on. Of accounts from before nothing is known.
ALTER TABLE accounts ADD COLUMN email_verified_at TIMESTAMPTZ;
ALTER TABLE accounts ADD COLUMN proven_at TIMESTAMPTZ;

-- From what device, in words; how it began; when its owner last showed who he is, null: as it began.
ALTER TABLE sessions ADD COLUMN device TEXT;
ALTER TABLE sessions ADD COLUMN way TEXT NOT NULL DEFAULT 'password' CHECK (way IN ('password', 'sso', 'oidc'));
ALTER TABLE sessions ADD COLUMN proven_at TIMESTAMPTZ;

DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'sessions'::regclass AND conname = 'sessions_end_reason_check';
    EXECUTE 'ALTER TABLE sessions DROP CONSTRAINT sessions_end_reason_check, ADD CONSTRAINT sessions_end_reason_check '
        || replace(allowed, '''account_closed''::text', '''account_closed''::text, ''ended_by_owner''::text, '
            || '''ended_by_admin''::text, ''password_reset''::text, ''email_restored''::text');
END $$;
