CREATE TABLE reports (
    id UUID NOT NULL PRIMARY KEY,
    reply_id UUID NOT NULL REFERENCES replies (id),
    reporter_id UUID NOT NULL REFERENCES accounts (id),
    reason TEXT NOT NULL CHECK (reason IN ('spam', 'abuse', 'off_topic', 'misinformation', 'illegal', 'other')),
    note TEXT,
    -- of the text that was reported
    revision INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    closed_at TIMESTAMPTZ,
    UNIQUE (reply_id, reporter_id)
);

CREATE INDEX reports_by_reply ON reports (reply_id, created_at, id);

-- the log: append-only, as the triggers below see to
CREATE TABLE decisions (
    id UUID NOT NULL PRIMARY KEY,
    -- none: an action that belongs to no site
    site_id UUID REFERENCES sites (id),
    reply_id UUID REFERENCES replies (id),
    -- the reply's version that this row made; a reply's rows in this order are its chain
    reply_version INTEGER,
    story_id UUID REFERENCES stories (id),
    -- whom it concerns: the reply's author, the one suspended
    account_id UUID REFERENCES accounts (id),
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('reader', 'author', 'moderator', 'admin', 'system')),
    actor_id UUID REFERENCES accounts (id),
    action TEXT NOT NULL CHECK (action IN ('post', 'edit', 'withdraw', 'approve', 'reject', 'spam', 'restore',
        'import', 'suspend', 'lift_suspension', 'grant_role', 'revoke_role', 'create_site', 'change_site',
        'close_story', 'reopen_story')),
    from_state TEXT CHECK (from_state IN ('pending', 'approved', 'rejected', 'spam', 'withdrawn')),
    to_state TEXT CHECK (to_state IN ('pending', 'approved', 'rejected', 'spam', 'withdrawn')),
    reason TEXT CHECK (reason IN ('spam', 'abuse', 'off_topic', 'misinformation', 'illegal', 'other')),
    -- for the log
    note TEXT,
    -- for the author
    message TEXT,
    -- what else there is to say, a JSON object
    details TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    CHECK ((reply_id IS NULL) = (reply_version IS NULL)),
    CHECK ((reply_id IS NULL) = (to_state IS NULL))
);
CREATE UNIQUE INDEX decisions_by_reply ON decisions (reply_id, reply_version) WHERE reply_id IS NOT NULL;
CREATE INDEX decisions_by_site ON decisions (site_id, created_at, id);
CREATE INDEX decisions_by_actor ON decisions (site_id, actor_id, created_at, id);
CREATE INDEX decisions_by_account ON decisions (site_id, account_id, created_at, id);
CREATE INDEX decisions_by_action ON decisions (site_id, action, created_at, id);
CREATE FUNCTION refuse_change_of_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the log is append-only'; END $$;
CREATE TRIGGER decisions_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON decisions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_log();
