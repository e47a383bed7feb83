DROP TABLE shared_lesson_sums;
DROP TABLE lesson_sums;
DROP TABLE lessons;
ALTER TABLE site_counters DROP COLUMN lessons_summed;
ALTER TABLE site_counters DROP COLUMN lessons;
