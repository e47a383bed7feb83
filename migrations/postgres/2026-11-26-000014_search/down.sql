DELETE FROM jobs WHERE kind = 'index_words';
ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check;
ALTER TABLE jobs ADD CONSTRAINT jobs_kind_check CHECK (kind IN ('prune', 'run_policy', 'sum_lessons', 'ask_outside',
    'tell_outside', 'rank_queues'));
DROP TABLE __search_words;
DROP TABLE search_documents;
