-- replies that a site's people put forward, in an order under each story; only public ones
CREATE TABLE featured (
    reply_id BLOB NOT NULL PRIMARY KEY REFERENCES replies (id),
    site_id BLOB NOT NULL REFERENCES sites (id),
    story_id BLOB NOT NULL REFERENCES stories (id),
    -- its place among those of the story; no two have the same
    position INTEGER NOT NULL CHECK (position >= 1),
    label TEXT,
    featured_by BLOB NOT NULL REFERENCES accounts (id),
    featured_at INTEGER NOT NULL
) STRICT;
CREATE INDEX featured_by_story ON featured (story_id, position);
CREATE INDEX featured_by_site ON featured (site_id, featured_at, reply_id);

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''export_log''', '''export_log'', ''feature'', ''unfeature'', ''arrange_featured''')
    WHERE type = 'table' AND name = 'decisions';
UPDATE sqlite_schema SET sql = replace(sql, '''recommended''', '''recommended'', ''featured''')
    WHERE type = 'table' AND name = 'story_changes';
PRAGMA writable_schema = RESET;
