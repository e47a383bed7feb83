DROP INDEX decisions_by_story;

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ', ''cancel_bulk''', '')
    WHERE type = 'table' AND name = 'decisions';
PRAGMA writable_schema = RESET;
