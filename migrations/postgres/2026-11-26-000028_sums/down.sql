DROP INDEX reports_by_time;
DROP INDEX reports_by_closing;
DROP INDEX appeals_by_time;
DROP INDEX appeals_by_closing;
DROP INDEX notices_by_time;
DROP INDEX notices_by_decision;
DELETE FROM settings WHERE name = 'day_counts_counted_to';
DELETE FROM jobs WHERE kind = 'mend_sums';
DELETE FROM day_counts WHERE measure IN ('lapsed', 'noticed');
DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'day_counts'::regclass AND conname = 'day_counts_measure_check';
    EXECUTE 'ALTER TABLE day_counts DROP CONSTRAINT day_counts_measure_check, ADD CONSTRAINT day_counts_measure_check '
        || replace(allowed, ', ''lapsed''::text, ''noticed''::text', '');
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'jobs'::regclass AND conname = 'jobs_kind_check';
    EXECUTE 'ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check, ADD CONSTRAINT jobs_kind_check '
        || replace(allowed, ', ''mend_sums''::text', '');
END $$;
