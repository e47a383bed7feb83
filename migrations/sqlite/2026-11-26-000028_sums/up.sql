-- two more measures, and a kind of job
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''sanctioned''', '''sanctioned'', ''lapsed'', ''noticed''')
    WHERE type = 'table' AND name = 'day_counts';
UPDATE sqlite_schema SET sql = replace(sql, '''tell_outside''', '''tell_outside'', ''mend_sums''')
    WHERE type = 'table' AND name = 'jobs';
PRAGMA writable_schema = RESET;

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
