DROP TABLE day_counts;
