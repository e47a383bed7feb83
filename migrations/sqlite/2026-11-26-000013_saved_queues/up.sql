-- where a blog puts a story, as front ends say it
ALTER TABLE stories ADD COLUMN section TEXT;
-- a JSON array
ALTER TABLE stories ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';

-- what filters of queues look at; without these a row was written by a program of before, and a job adds them
ALTER TABLE queue_items ADD COLUMN story_id BLOB REFERENCES stories (id);
ALTER TABLE queue_items ADD COLUMN author_id BLOB REFERENCES accounts (id);
-- the tag of the language that the text is written in (BCP 47), `und` where it cannot be told
ALTER TABLE queue_items ADD COLUMN language TEXT;
-- names with a blank around each: the rules that found something, what open reports are for
ALTER TABLE queue_items ADD COLUMN rules TEXT NOT NULL DEFAULT ' ';
ALTER TABLE queue_items ADD COLUMN reasons TEXT NOT NULL DEFAULT ' ';
UPDATE queue_items SET story_id = r.story_id, author_id = r.author_id FROM replies r WHERE r.id = queue_items.reply_id;

-- queues that moderators made themselves
CREATE TABLE saved_queues (
    id BLOB NOT NULL PRIMARY KEY,
    owner_id BLOB NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    -- JSON
    filter TEXT NOT NULL,
    is_shared INTEGER NOT NULL CHECK (is_shared IN (0, 1)),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX saved_queues_by_owner ON saved_queues (owner_id, id);

-- the sites that a filter names; a queue is seen by who moderates all of them
CREATE TABLE saved_queue_sites (
    queue_id BLOB NOT NULL REFERENCES saved_queues (id),
    site_id BLOB NOT NULL REFERENCES sites (id),
    PRIMARY KEY (queue_id, site_id)
) STRICT;
CREATE INDEX saved_queue_sites_by_site ON saved_queue_sites (site_id, queue_id);

-- whose work a queue is
CREATE TABLE saved_queue_assignees (
    queue_id BLOB NOT NULL REFERENCES saved_queues (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (queue_id, account_id)
) STRICT;
CREATE INDEX saved_queue_assignees_by_account ON saved_queue_assignees (account_id, queue_id);
