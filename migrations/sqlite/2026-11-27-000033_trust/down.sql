PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql,
    ', ''ended_by_owner'', ''ended_by_admin'', ''password_reset'', ''email_restored''', '')
    WHERE type = 'table' AND name = 'sessions';
PRAGMA writable_schema = RESET;

ALTER TABLE sessions DROP COLUMN proven_at;
ALTER TABLE sessions DROP COLUMN way;
ALTER TABLE sessions DROP COLUMN device;
ALTER TABLE accounts DROP COLUMN proven_at;
ALTER TABLE accounts DROP COLUMN email_verified_at;
