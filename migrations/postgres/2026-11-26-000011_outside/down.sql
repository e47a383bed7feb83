DROP TABLE outside_checks;
ALTER TABLE sites DROP COLUMN outside_version;
ALTER TABLE sites DROP COLUMN asks_outside;
