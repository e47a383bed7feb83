-- what moderators note about an account or a reply, for each other
CREATE TABLE notes (
    id UUID NOT NULL PRIMARY KEY,
    -- none: about an account, for admins
    site_id UUID REFERENCES sites (id),
    account_id UUID REFERENCES accounts (id),
    reply_id UUID REFERENCES replies (id),
    author_id UUID NOT NULL REFERENCES accounts (id),
    body TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CHECK ((account_id IS NULL) <> (reply_id IS NULL)),
    CHECK (reply_id IS NULL OR site_id IS NOT NULL)
);
CREATE INDEX notes_by_account ON notes (account_id, created_at, id) WHERE account_id IS NOT NULL;
CREATE INDEX notes_by_reply ON notes (reply_id, created_at, id) WHERE reply_id IS NOT NULL;

-- who is named in a note, and when he read it
CREATE TABLE mentions (
    account_id UUID NOT NULL REFERENCES accounts (id),
    note_id UUID NOT NULL REFERENCES notes (id),
    created_at TIMESTAMPTZ NOT NULL,
    read_at TIMESTAMPTZ,
    PRIMARY KEY (account_id, note_id)
);
CREATE INDEX mentions_by_note ON mentions (note_id);
CREATE INDEX mentions_by_account ON mentions (account_id, created_at, note_id);
CREATE INDEX mentions_unread ON mentions (account_id, created_at, note_id) WHERE read_at IS NULL;

-- more actions, whatever other migrations have added
DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, '''export_log''::text',
            '''export_log''::text, ''add_note''::text, ''delete_note''::text');
END $$;
