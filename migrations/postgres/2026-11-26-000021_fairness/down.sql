DELETE FROM jobs WHERE kind = 'end_waits';
DROP TABLE appeals;
DROP TABLE statements;
DROP TABLE returns;
DELETE FROM queue_items WHERE is_appealed;
DROP INDEX queue_items_appeals_due;
DROP INDEX queue_items_appeals_since;
DO $$
DECLARE named text;
BEGIN
    SELECT conname INTO named FROM pg_constraint WHERE conrelid = 'queue_items'::regclass AND contype = 'c'
        AND pg_get_constraintdef(oid) LIKE '%is_pending OR is_reported OR is_flagged%';
    EXECUTE format('ALTER TABLE queue_items DROP CONSTRAINT %1$I, ADD CONSTRAINT %1$I '
        'CHECK (is_pending OR is_reported OR is_flagged)', named);
END $$;
ALTER TABLE queue_items DROP COLUMN is_appealed;
DROP INDEX replies_appealed;
ALTER TABLE replies DROP COLUMN appealed_at;
ALTER TABLE author_counters DROP COLUMN returned;
ALTER TABLE site_counters DROP COLUMN appeals;
ALTER TABLE site_counters DROP COLUMN returned;
DO $$
DECLARE edited record; allowed text;
BEGIN
    FOR edited IN SELECT * FROM (VALUES
        ('replies', 'state', '''returned''::text'),
        ('decisions', 'from_state', '''returned''::text'),
        ('decisions', 'to_state', '''returned''::text'),
        ('decisions', 'action', '''return''::text, ''appeal''::text, ''uphold_appeal''::text, ''overturn_appeal''::text, ''drop_appeal''::text'),
        ('bulks', 'action', '''return''::text'),
        ('jobs', 'kind', '''end_waits''::text')
    ) AS edits (of_table, of_column, added)
    LOOP
        SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
            WHERE conrelid = edited.of_table::regclass AND conname = edited.of_table || '_' || edited.of_column || '_check';
        EXECUTE format('ALTER TABLE %1$I DROP CONSTRAINT %2$I, ADD CONSTRAINT %2$I ', edited.of_table,
            edited.of_table || '_' || edited.of_column || '_check')
            || replace(allowed, ', ' || edited.added, '');
    END LOOP;
END $$;
