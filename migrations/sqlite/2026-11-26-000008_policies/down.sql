PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ', ''change_policy'', ''judge'', ''run_policy'', ''cancel_run'', ''undo'', ''change_outside_check''', '') WHERE type = 'table' AND name = 'decisions';
UPDATE sqlite_schema SET sql = replace(sql, ', ''run_policy'', ''sum_lessons'', ''ask_outside'', ''tell_outside''', '')
    WHERE type = 'table' AND name = 'jobs';
PRAGMA writable_schema = RESET;
DROP TABLE verdicts;
ALTER TABLE site_counters DROP COLUMN flagged;
DROP INDEX replies_flagged;
ALTER TABLE replies DROP COLUMN flagged_at;
DROP TABLE policies;
ALTER TABLE sites DROP COLUMN moderators_change_policy;
ALTER TABLE sites DROP COLUMN policy_version;
