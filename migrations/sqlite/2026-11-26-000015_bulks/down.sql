DELETE FROM jobs WHERE kind = 'run_bulk';
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ', ''run_bulk''', '') WHERE type = 'table' AND name = 'jobs';
UPDATE sqlite_schema SET sql = replace(sql, ', ''bulk''', '') WHERE type = 'table' AND name = 'decisions';
PRAGMA writable_schema = RESET;
DROP TABLE bulk_items;
DROP TABLE bulks;
