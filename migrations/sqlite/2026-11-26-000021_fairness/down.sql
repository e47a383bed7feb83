DELETE FROM jobs WHERE kind = 'end_waits';
DROP TABLE appeals;
DROP TABLE statements;
DROP TABLE returns;
DELETE FROM queue_items WHERE is_appealed;
DROP INDEX queue_items_appeals_due;
DROP INDEX queue_items_appeals_since;
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ' OR is_appealed', '') WHERE type = 'table' AND name = 'queue_items';
PRAGMA writable_schema = RESET;
ALTER TABLE queue_items DROP COLUMN is_appealed;
DROP INDEX replies_appealed;
ALTER TABLE replies DROP COLUMN appealed_at;
ALTER TABLE author_counters DROP COLUMN returned;
ALTER TABLE site_counters DROP COLUMN appeals;
ALTER TABLE site_counters DROP COLUMN returned;
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ', ''end_waits''', '') WHERE type = 'table' AND name = 'jobs';
UPDATE sqlite_schema SET sql = replace(sql, ', ''return''', '') WHERE type = 'table' AND name = 'bulks';
UPDATE sqlite_schema SET sql = replace(sql,
    ', ''return'', ''appeal'', ''uphold_appeal'', ''overturn_appeal'', ''drop_appeal''', '')
    WHERE type = 'table' AND name = 'decisions';
UPDATE sqlite_schema SET sql = replace(sql, ', ''returned''', '')
    WHERE type = 'table' AND name IN ('replies', 'decisions');
PRAGMA writable_schema = RESET;
