-- the log also tells what front ends put of stories, and of saved queues; more actions, whatever other migrations have added
DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, '''export_log''::text',
            '''export_log''::text, ''put_story''::text, ''save_queue''::text, ''delete_queue''::text');
END $$;
