PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ', ''receive_notice'', ''decide_notice''', '')
    WHERE type = 'table' AND name = 'decisions';
UPDATE sqlite_schema SET sql = replace(sql, ', ''send_mail''', '') WHERE type = 'table' AND name = 'jobs';
PRAGMA writable_schema = RESET;
DROP TABLE notice_days;
DROP TABLE notice_queue;
DROP TABLE notices;
DROP TABLE notice_decisions;
