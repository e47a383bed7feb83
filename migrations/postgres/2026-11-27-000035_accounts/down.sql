DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'verdicts'::regclass AND conname = 'verdicts_decided_by_check';
    EXECUTE 'ALTER TABLE verdicts DROP CONSTRAINT verdicts_decided_by_check, ADD CONSTRAINT verdicts_decided_by_check '
        || replace(allowed, ', ''unproven''::text', '');
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, ', ''end_sessions''::text', '');
END $$;

DROP TABLE former_emails;
DROP TABLE codes;
DROP INDEX sessions_live;
ALTER TABLE sessions DROP COLUMN place;
ALTER TABLE sites DROP COLUMN unproven_accounts;
ALTER TABLE accounts DROP COLUMN claimed_email;
