DELETE FROM jobs WHERE kind = 'index_words';
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ', ''index_words''', '') WHERE type = 'table' AND name = 'jobs';
PRAGMA writable_schema = RESET;
DROP TABLE __search_words;
DROP TABLE search_documents;
