PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ', ''put_story'', ''save_queue'', ''delete_queue''', '')
    WHERE type = 'table' AND name = 'decisions';
PRAGMA writable_schema = RESET;
