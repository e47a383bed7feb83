DROP TABLE story_changes;
DROP TABLE waiting_recommendations;
ALTER TABLE jobs DROP COLUMN dead_at;
ALTER TABLE site_counters DROP COLUMN version;
ALTER TABLE stories DROP COLUMN recommendations_shown_at;
