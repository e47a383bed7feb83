PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ', ''add_note'', ''delete_note''', '')
    WHERE type = 'table' AND name = 'decisions';
PRAGMA writable_schema = RESET;
DROP TABLE mentions;
DROP TABLE notes;
