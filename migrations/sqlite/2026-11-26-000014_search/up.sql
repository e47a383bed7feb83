-- what is searched for, in the order in which it was stored: replies, and the names of accounts and stories
CREATE TABLE search_documents (
    seq INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('reply', 'account', 'story')),
    -- of that kind
    object_id BLOB NOT NULL UNIQUE,
    -- of the words that the index has; none: a job brings them in
    digest BLOB
) STRICT;
CREATE INDEX search_documents_waiting ON search_documents (digest, seq) WHERE digest IS NULL;

-- each database's own: the words by `seq`; they are folded and cut before they come here
CREATE VIRTUAL TABLE __search_words USING fts5 (words, content = '', contentless_delete = 1, detail = none,
    tokenize = 'ascii');
-- by the first, one that writes alone mostly waits for no merging; by the second, most of it is done before it must be
INSERT INTO __search_words (__search_words, rank) VALUES ('automerge', 16);
INSERT INTO __search_words (__search_words, rank) VALUES ('crisismerge', 64);

-- what is there already, the oldest first
INSERT INTO search_documents (kind, object_id) SELECT 'account', id FROM accounts ORDER BY id;
INSERT INTO search_documents (kind, object_id) SELECT 'story', id FROM stories ORDER BY id;
INSERT INTO search_documents (kind, object_id) SELECT 'reply', id FROM replies ORDER BY id;

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''rank_queues''', '''rank_queues'', ''index_words''')
    WHERE type = 'table' AND name = 'jobs';
PRAGMA writable_schema = RESET;
