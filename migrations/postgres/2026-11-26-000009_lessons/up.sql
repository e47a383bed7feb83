-- how many lessons there are, and how many of them are in the sums
ALTER TABLE site_counters ADD COLUMN lessons BIGINT NOT NULL DEFAULT 0 CHECK (lessons >= 0);
ALTER TABLE site_counters ADD COLUMN lessons_summed BIGINT NOT NULL DEFAULT 0 CHECK (lessons_summed >= 0);

-- what the classifier learnt of people's decisions, and what it took back
CREATE TABLE lessons (
    site_id UUID NOT NULL REFERENCES sites (id),
    -- from 1, in the order of their commits
    number BIGINT NOT NULL CHECK (number >= 1),
    reply_id UUID NOT NULL REFERENCES replies (id),
    -- the reply's version that the decision made
    reply_version INTEGER NOT NULL,
    -- of the text
    revision INTEGER NOT NULL,
    -- the month that it counts in, from year 0; of what is taken back, the one in which it was learnt
    month INTEGER NOT NULL,
    is_bad BOOLEAN NOT NULL,
    -- the lesson that this one takes back
    takes_back BIGINT,
    -- what the classifier said before it learnt, in millionths; none while it was quiet
    score INTEGER,
    -- slots of the text's features, in order: gaps as LEB128
    slots BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (site_id, number)
);
CREATE INDEX lessons_by_reply ON lessons (reply_id, number);

-- the first lessons of a site, added up by month, so that nobody has to go through all of them
CREATE TABLE lesson_sums (
    site_id UUID NOT NULL REFERENCES sites (id),
    month INTEGER NOT NULL,
    good BIGINT NOT NULL CHECK (good >= 0),
    bad BIGINT NOT NULL CHECK (bad >= 0),
    -- of each slot in order: its gap, good and bad ones as LEB128
    counts BYTEA NOT NULL,
    PRIMARY KEY (site_id, month)
);

-- the same of all sites together
CREATE TABLE shared_lesson_sums (
    month INTEGER NOT NULL PRIMARY KEY,
    good BIGINT NOT NULL CHECK (good >= 0),
    bad BIGINT NOT NULL CHECK (bad >= 0),
    counts BYTEA NOT NULL
);
