PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ', ''export_log''', '') WHERE type = 'table' AND name = 'decisions';
PRAGMA writable_schema = RESET;
DROP TRIGGER decisions_never_change;
DROP TABLE log_seals;
DROP TABLE log_rows;
ALTER TABLE decisions DROP COLUMN request_id;
CREATE TRIGGER decisions_never_change BEFORE UPDATE ON decisions
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
