-- the log also tells of decisions about many that ended early
DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, '''export_log''::text', '''export_log''::text, ''cancel_bulk''::text');
END $$;

-- what was done to a story itself, which is little; rows about the replies to it stand in none of this
CREATE INDEX decisions_by_story ON decisions (site_id, story_id, created_at, id)
    WHERE story_id IS NOT NULL AND reply_id IS NULL;
