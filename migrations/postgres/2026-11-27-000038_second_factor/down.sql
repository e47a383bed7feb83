DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, ', ''reset_second_factor''::text', '');
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'sessions'::regclass AND conname = 'sessions_end_reason_check';
    EXECUTE 'ALTER TABLE sessions DROP CONSTRAINT sessions_end_reason_check, ADD CONSTRAINT sessions_end_reason_check '
        || replace(allowed, ', ''second_factor_changed''::text', '');
END $$;

ALTER TABLE sessions DROP COLUMN factor_at;
DROP TABLE recovery_codes;
DROP TABLE second_factors;
ALTER TABLE accounts DROP COLUMN second_factor_at;
