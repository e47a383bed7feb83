DROP TABLE decisions;
DROP TABLE reports;
DROP FUNCTION refuse_change_of_log();
