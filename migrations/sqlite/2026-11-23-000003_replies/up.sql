CREATE TABLE replies (
    id BLOB NOT NULL PRIMARY KEY,
    site_id BLOB NOT NULL REFERENCES sites (id),
    story_id BLOB NOT NULL REFERENCES stories (id),
    author_id BLOB NOT NULL REFERENCES accounts (id),
    -- the parent in the tree; none: answers the commentary
    parent_id BLOB REFERENCES replies (id),
    root_id BLOB NOT NULL REFERENCES replies (id),
    -- the true parent where the tree is flat, past the depth limit
    in_reply_to BLOB REFERENCES replies (id),
    -- the revision of the true parent that was answered
    answered_revision INTEGER,
    -- 1 answers the commentary; 33 is the flat level
    depth INTEGER NOT NULL CHECK (depth BETWEEN 1 AND 33),
    -- the parent's path and four big-endian bytes of the story's sequence number
    path BLOB NOT NULL CHECK (length(path) = 4 * depth),
    state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'rejected', 'spam', 'withdrawn')),
    body_source TEXT NOT NULL,
    body_html TEXT NOT NULL,
    -- of the text
    revision INTEGER NOT NULL CHECK (revision >= 1),
    -- of text and state
    version INTEGER NOT NULL CHECK (version >= 1),
    created_at INTEGER NOT NULL,
    edited_at INTEGER,
    is_edited_by_staff INTEGER NOT NULL CHECK (is_edited_by_staff IN (0, 1)),
    state_changed_at INTEGER NOT NULL,
    -- when a moderator refused it, unless that was overturned; stays when its author withdraws it
    refused_at INTEGER,
    -- public replies directly below
    direct_below INTEGER NOT NULL CHECK (direct_below >= 0),
    -- public replies below, at any depth
    visible_below INTEGER NOT NULL CHECK (visible_below >= 0),
    recommendations INTEGER NOT NULL CHECK (recommendations >= 0),
    open_reports INTEGER NOT NULL CHECK (open_reports >= 0)
) STRICT;
CREATE UNIQUE INDEX replies_by_path ON replies (root_id, path);
-- what readers see, in reading order below a top-level reply
CREATE INDEX replies_shown_below ON replies (root_id, path)
    WHERE depth > 1 AND (state = 'approved' OR visible_below > 0);
-- what readers see at top level, by time and by recommendations
CREATE INDEX replies_shown_by_time ON replies (story_id, created_at, id)
    WHERE depth = 1 AND (state = 'approved' OR visible_below > 0);
CREATE INDEX replies_shown_by_recommendations ON replies (story_id, recommendations, created_at, id)
    WHERE depth = 1 AND (state = 'approved' OR visible_below > 0);
-- queues
CREATE INDEX replies_by_site ON replies (site_id, state, created_at, id);
CREATE INDEX replies_by_story ON replies (story_id, state, created_at, id);
CREATE INDEX replies_by_author ON replies (author_id, state, created_at, id);
-- who was refused lately
CREATE INDEX replies_refused ON replies (author_id, site_id, refused_at) WHERE refused_at IS NOT NULL;
CREATE INDEX replies_reported ON replies (site_id, open_reports, created_at, id)
    WHERE state = 'approved' AND open_reports > 0;
-- one's own in a story
CREATE INDEX replies_by_author_in_story ON replies (author_id, story_id, id);

-- former texts; the present one stands in `replies`
CREATE TABLE revisions (
    reply_id BLOB NOT NULL REFERENCES replies (id),
    number INTEGER NOT NULL CHECK (number >= 1),
    body_source TEXT NOT NULL,
    -- when this text came
    created_at INTEGER NOT NULL,
    -- when the next text replaced it, and who wrote that
    replaced_at INTEGER NOT NULL,
    replaced_by BLOB REFERENCES accounts (id),
    PRIMARY KEY (reply_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE recommendations (
    reply_id BLOB NOT NULL REFERENCES replies (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    story_id BLOB NOT NULL REFERENCES stories (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (reply_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX recommendations_by_account ON recommendations (account_id, story_id, reply_id);
