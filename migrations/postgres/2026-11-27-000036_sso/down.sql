DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, ', ''change_issuer''::text, ''delete_issuer''::text', '');
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'sessions'::regclass AND conname = 'sessions_end_reason_check';
    EXECUTE 'ALTER TABLE sessions DROP CONSTRAINT sessions_end_reason_check, ADD CONSTRAINT sessions_end_reason_check '
        || replace(allowed, ', ''identity_removed''::text', '');
END $$;

DROP INDEX sessions_by_identity;
ALTER TABLE sessions DROP COLUMN identity_id;
DROP TABLE spent_tokens;
DROP TABLE identity_grants;
DROP TABLE identities;
DROP TABLE sso_issuers;
