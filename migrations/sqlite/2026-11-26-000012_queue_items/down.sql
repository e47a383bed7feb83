DELETE FROM jobs WHERE kind = 'rank_queues';
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ', ''rank_queues''', '') WHERE type = 'table' AND name = 'jobs';
PRAGMA writable_schema = RESET;
DROP TABLE queue_items;
