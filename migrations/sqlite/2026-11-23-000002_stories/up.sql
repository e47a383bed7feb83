CREATE TABLE stories (
    id BLOB NOT NULL PRIMARY KEY,
    site_id BLOB NOT NULL REFERENCES sites (id),
    external_id TEXT NOT NULL,
    headline TEXT NOT NULL,
    source_name TEXT,
    source_url TEXT,
    excerpt TEXT,
    published_at INTEGER NOT NULL,
    -- none: the site's
    moderation_mode TEXT CHECK (moderation_mode IN ('pre', 'post', 'trusted')),
    -- a closing time of its own; none: the site's rule
    closes_at INTEGER,
    -- closed by hand
    closed_at INTEGER,
    -- reopened by hand: the site's rule no longer closes it
    is_kept_open INTEGER NOT NULL CHECK (is_kept_open IN (0, 1)),
    -- raised by each change of what front ends set
    revision INTEGER NOT NULL,
    -- raised by each change of what readers see
    version INTEGER NOT NULL,
    -- the last sequence number given to a reply
    last_seq INTEGER NOT NULL CHECK (last_seq >= 0),
    -- public replies
    replies INTEGER NOT NULL CHECK (replies >= 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (site_id, external_id)
) STRICT;
CREATE INDEX stories_by_site ON stories (site_id, published_at, id);

CREATE TABLE story_urls (
    site_id BLOB NOT NULL REFERENCES sites (id),
    url_key TEXT NOT NULL,
    story_id BLOB NOT NULL REFERENCES stories (id),
    -- 0 is the canonical one
    position INTEGER NOT NULL CHECK (position >= 0),
    url TEXT NOT NULL,
    PRIMARY KEY (site_id, url_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_urls_by_story ON story_urls (story_id, position);

CREATE TABLE commentaries (
    story_id BLOB NOT NULL PRIMARY KEY REFERENCES stories (id),
    label TEXT NOT NULL,
    author_name TEXT NOT NULL,
    body_source TEXT NOT NULL,
    body_html TEXT NOT NULL
) STRICT;
