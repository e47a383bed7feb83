PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ', ''reset_second_factor''', '')
    WHERE type = 'table' AND name = 'decisions';
UPDATE sqlite_schema SET sql = replace(sql, ', ''second_factor_changed''', '')
    WHERE type = 'table' AND name = 'sessions';
PRAGMA writable_schema = RESET;

ALTER TABLE sessions DROP COLUMN factor_at;
DROP TABLE recovery_codes;
DROP TABLE second_factors;
ALTER TABLE accounts DROP COLUMN second_factor_at;
