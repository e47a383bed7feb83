-- what is searched for, in the order in which it was stored: replies, and the names of accounts and stories
CREATE TABLE search_documents (
    seq BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('reply', 'account', 'story')),
    -- of that kind
    object_id UUID NOT NULL UNIQUE,
    -- of the words that the index has; none: a job brings them in
    digest BYTEA
);
CREATE INDEX search_documents_waiting ON search_documents (digest, seq) WHERE digest IS NULL;
CREATE SEQUENCE search_documents_seq OWNED BY search_documents.seq;

-- each database's own: the words by `seq`; they are folded and cut before they come here
CREATE TABLE __search_words (
    seq BIGINT NOT NULL PRIMARY KEY REFERENCES search_documents (seq),
    -- of a reply: its author and its story
    author_id UUID,
    story_id UUID,
    words TSVECTOR NOT NULL
);
-- what is not yet sorted in is read by each search, and sorted in by the post that makes it too long: so it is short
CREATE INDEX __search_words_words ON __search_words USING gin (words) WITH (gin_pending_list_limit = 512);

-- what is there already, the oldest first
INSERT INTO search_documents (seq, kind, object_id)
SELECT row_number() OVER (ORDER BY o.place, o.id), o.kind, o.id
FROM (SELECT 1 AS place, 'account' AS kind, id FROM accounts UNION ALL SELECT 2, 'story', id FROM stories
    UNION ALL SELECT 3, 'reply', id FROM replies) AS o;
SELECT setval('search_documents_seq', count(*) + 1, false) FROM search_documents;

ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check;
ALTER TABLE jobs ADD CONSTRAINT jobs_kind_check CHECK (kind IN ('prune', 'run_policy', 'sum_lessons', 'ask_outside',
    'tell_outside', 'rank_queues', 'index_words'));
