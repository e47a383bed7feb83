-- replies that a site's people put forward, in an order under each story; only public ones
CREATE TABLE featured (
    reply_id UUID NOT NULL PRIMARY KEY REFERENCES replies (id),
    site_id UUID NOT NULL REFERENCES sites (id),
    story_id UUID NOT NULL REFERENCES stories (id),
    -- its place among those of the story; no two have the same
    position INTEGER NOT NULL CHECK (position >= 1),
    label TEXT,
    featured_by UUID NOT NULL REFERENCES accounts (id),
    featured_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX featured_by_story ON featured (story_id, position);
CREATE INDEX featured_by_site ON featured (site_id, featured_at, reply_id);

-- more values, whatever other migrations have added
DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, '''export_log''::text', '''export_log''::text, ''feature''::text, '
        || '''unfeature''::text, ''arrange_featured''::text');
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'story_changes'::regclass AND conname = 'story_changes_kind_check';
    EXECUTE 'ALTER TABLE story_changes DROP CONSTRAINT story_changes_kind_check, '
        || 'ADD CONSTRAINT story_changes_kind_check '
        || replace(allowed, '''recommended''::text', '''recommended''::text, ''featured''::text');
END $$;
