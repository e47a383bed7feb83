DROP TABLE recommendations;
DROP TABLE revisions;
DROP TABLE replies;
