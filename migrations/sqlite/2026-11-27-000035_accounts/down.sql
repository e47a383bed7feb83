PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ', ''unproven''', '') WHERE type = 'table' AND name = 'verdicts';
UPDATE sqlite_schema SET sql = replace(sql, ', ''end_sessions''', '') WHERE type = 'table' AND name = 'decisions';
PRAGMA writable_schema = RESET;

DROP TABLE former_emails;
DROP TABLE codes;
DROP INDEX sessions_live;
ALTER TABLE sessions DROP COLUMN place;
ALTER TABLE sites DROP COLUMN unproven_accounts;
ALTER TABLE accounts DROP COLUMN claimed_email;
