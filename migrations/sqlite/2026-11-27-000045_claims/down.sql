DELETE FROM jobs WHERE kind = 'claim_author';
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ', ''claim_author''', '')
    WHERE type = 'table' AND name IN ('jobs', 'decisions');
PRAGMA writable_schema = RESET;

DROP INDEX mutes_by_muted;
DROP INDEX imported_authors_by_email;
DROP TABLE claimed_authors;
