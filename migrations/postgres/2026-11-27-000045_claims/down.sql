DELETE FROM jobs WHERE kind = 'claim_author';
DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'jobs'::regclass AND conname = 'jobs_kind_check';
    EXECUTE 'ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check, ADD CONSTRAINT jobs_kind_check '
        || replace(allowed, ', ''claim_author''::text', '');
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, ', ''claim_author''::text', '');
END $$;

DROP INDEX mutes_by_muted;
DROP INDEX imported_authors_by_email;
DROP TABLE claimed_authors;
