DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'story_changes'::regclass AND conname = 'story_changes_kind_check';
    EXECUTE 'ALTER TABLE story_changes DROP CONSTRAINT story_changes_kind_check, '
        || 'ADD CONSTRAINT story_changes_kind_check ' || replace(allowed, ', ''featured''::text', '');
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, ', ''feature''::text, ''unfeature''::text, ''arrange_featured''::text', '');
END $$;
DROP TABLE featured;
