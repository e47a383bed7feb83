DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, ', ''receive_notice''::text, ''decide_notice''::text', '');
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'jobs'::regclass AND conname = 'jobs_kind_check';
    EXECUTE 'ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check, ADD CONSTRAINT jobs_kind_check '
        || replace(allowed, ', ''send_mail''::text', '');
END $$;
DROP TABLE notice_days;
DROP TABLE notice_queue;
DROP TABLE notices;
DROP TABLE notice_decisions;
