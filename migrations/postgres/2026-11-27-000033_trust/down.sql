DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'sessions'::regclass AND conname = 'sessions_end_reason_check';
    EXECUTE 'ALTER TABLE sessions DROP CONSTRAINT sessions_end_reason_check, ADD CONSTRAINT sessions_end_reason_check '
        || replace(allowed, ', ''ended_by_owner''::text, ''ended_by_admin''::text, ''password_reset''::text, '
            || '''email_restored''::text', '');
END $$;

ALTER TABLE sessions DROP COLUMN proven_at;
ALTER TABLE sessions DROP COLUMN way;
ALTER TABLE sessions DROP COLUMN device;
ALTER TABLE accounts DROP COLUMN proven_at;
ALTER TABLE accounts DROP COLUMN email_verified_at;
