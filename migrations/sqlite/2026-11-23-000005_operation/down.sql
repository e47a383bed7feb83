DROP TABLE imported_authors;
DROP TABLE imported_replies;
DROP TABLE settings;
DROP TABLE jobs;
DROP TABLE idempotency_keys;
