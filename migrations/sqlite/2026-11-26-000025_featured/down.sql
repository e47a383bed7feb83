PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ', ''featured''', '') WHERE type = 'table' AND name = 'story_changes';
UPDATE sqlite_schema SET sql = replace(sql, ', ''feature'', ''unfeature'', ''arrange_featured''', '')
    WHERE type = 'table' AND name = 'decisions';
PRAGMA writable_schema = RESET;
DROP TABLE featured;
