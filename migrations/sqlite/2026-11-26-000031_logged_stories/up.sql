-- the log also tells what front ends put of stories, and of saved queues
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''export_log''', '''export_log'', ''put_story'', ''save_queue'', ''delete_queue''')
    WHERE type = 'table' AND name = 'decisions';
PRAGMA writable_schema = RESET;
