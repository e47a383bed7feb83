CREATE TABLE stories (
    id UUID NOT NULL PRIMARY KEY,
    site_id UUID NOT NULL REFERENCES sites (id),
    external_id TEXT NOT NULL,
    headline TEXT NOT NULL,
    source_name TEXT,
    source_url TEXT,
    excerpt TEXT,
    published_at TIMESTAMPTZ NOT NULL,
    -- none: the site's
    moderation_mode TEXT CHECK (moderation_mode IN ('pre', 'post', 'trusted')),
    -- a closing time of its own; none: the site's rule
    closes_at TIMESTAMPTZ,
    -- closed by hand
    closed_at TIMESTAMPTZ,
    -- reopened by hand: the site's rule no longer closes it
    is_kept_open BOOLEAN NOT NULL,
    -- raised by each change of what front ends set
    revision BIGINT NOT NULL,
    -- raised by each change of what readers see
    version BIGINT NOT NULL,
    -- the last sequence number given to a reply
    last_seq INTEGER NOT NULL CHECK (last_seq >= 0),
    -- public replies
    replies BIGINT NOT NULL CHECK (replies >= 0),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    UNIQUE (site_id, external_id)
);
CREATE INDEX stories_by_site ON stories (site_id, published_at, id);

CREATE TABLE story_urls (
    site_id UUID NOT NULL REFERENCES sites (id),
    url_key TEXT NOT NULL,
    story_id UUID NOT NULL REFERENCES stories (id),
    -- 0 is the canonical one
    position INTEGER NOT NULL CHECK (position >= 0),
    url TEXT NOT NULL,
    PRIMARY KEY (site_id, url_key)
);
CREATE INDEX story_urls_by_story ON story_urls (story_id, position);

CREATE TABLE commentaries (
    story_id UUID NOT NULL PRIMARY KEY REFERENCES stories (id),
    label TEXT NOT NULL,
    author_name TEXT NOT NULL,
    body_source TEXT NOT NULL,
    body_html TEXT NOT NULL
);
