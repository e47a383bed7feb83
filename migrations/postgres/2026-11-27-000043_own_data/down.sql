DROP INDEX notices_by_account;
DROP INDEX replies_of_spam;
DROP TABLE data_export_pieces;
DROP TABLE data_exports;
DROP TABLE closings;
DELETE FROM jobs WHERE kind IN ('close_account', 'export_data', 'forget_texts');
DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'jobs'::regclass AND conname = 'jobs_kind_check';
    EXECUTE 'ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check, ADD CONSTRAINT jobs_kind_check '
        || replace(allowed, ', ''close_account''::text, ''export_data''::text, ''forget_texts''::text', '');
END $$;
