-- when recommendations last raised the version: they do so once a second at most
ALTER TABLE stories ADD COLUMN recommendations_shown_at INTEGER;

-- when it was given up; it stays to be looked at
ALTER TABLE jobs ADD COLUMN dead_at INTEGER;

-- raised by each change of the numbers
ALTER TABLE site_counters ADD COLUMN version INTEGER NOT NULL DEFAULT 0;

-- recommendations of replies, given less taken back, that no version of the story shows yet
CREATE TABLE waiting_recommendations (
    story_id BLOB NOT NULL REFERENCES stories (id),
    reply_id BLOB NOT NULL REFERENCES replies (id),
    delta INTEGER NOT NULL,
    PRIMARY KEY (story_id, reply_id)
) STRICT, WITHOUT ROWID;

-- what made the last versions of a story, for those who follow it; older ones are dropped
CREATE TABLE story_changes (
    story_id BLOB NOT NULL REFERENCES stories (id),
    version INTEGER NOT NULL,
    -- several things may make one version
    position INTEGER NOT NULL CHECK (position >= 0),
    kind TEXT NOT NULL CHECK (kind IN ('published', 'edited', 'removed', 'restored', 'recommended', 'story')),
    -- none: the story itself
    reply_id BLOB REFERENCES replies (id),
    CHECK ((kind = 'story') = (reply_id IS NULL)),
    PRIMARY KEY (story_id, version, position)
) STRICT, WITHOUT ROWID;
