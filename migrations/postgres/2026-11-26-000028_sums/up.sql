-- two more measures, and a kind of job, whatever other migrations have added
DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'day_counts'::regclass AND conname = 'day_counts_measure_check';
    EXECUTE 'ALTER TABLE day_counts DROP CONSTRAINT day_counts_measure_check, ADD CONSTRAINT day_counts_measure_check '
        || replace(allowed, '''sanctioned''::text', '''sanctioned''::text, ''lapsed''::text, ''noticed''::text');
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'jobs'::regclass AND conname = 'jobs_kind_check';
    EXECUTE 'ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check, ADD CONSTRAINT jobs_kind_check '
        || replace(allowed, '''tell_outside''::text', '''tell_outside''::text, ''mend_sums''::text');
END $$;

-- by which the days are found that are counted again
CREATE INDEX reports_by_time ON reports (created_at);
CREATE INDEX reports_by_closing ON reports (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX appeals_by_time ON appeals (site_id, created_at);
CREATE INDEX appeals_by_closing ON appeals (site_id, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX notices_by_time ON notices (site_id, received_at) WHERE received_at IS NOT NULL;
CREATE INDEX notices_by_decision ON notices (site_id, decided_at) WHERE decided_at IS NOT NULL;

-- Numbers of notices are sums like others. How long they took is counted again from the notices, by another scale, as is all
-- that is counted otherwise than before: by the job, which has no day yet up to which it is done. The table stays as it is for
-- programs of before that run beside; nobody reads it any more.
INSERT INTO day_counts (site_id, day, measure, key, number)
    SELECT site_id, day, 'noticed', what, number FROM notice_days WHERE what NOT LIKE 'took/%';
