DROP INDEX notices_by_account;
DROP INDEX replies_of_spam;
DROP TABLE data_export_pieces;
DROP TABLE data_exports;
DROP TABLE closings;
DELETE FROM jobs WHERE kind IN ('close_account', 'export_data', 'forget_texts');
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ', ''close_account'', ''export_data'', ''forget_texts''', '')
    WHERE type = 'table' AND name = 'jobs';
PRAGMA writable_schema = RESET;
