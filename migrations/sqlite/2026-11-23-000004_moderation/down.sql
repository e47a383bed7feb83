DROP TABLE decisions;
DROP TABLE reports;
