DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'sso_issuers'::regclass AND conname = 'sso_issuers_kind_check';
    EXECUTE 'ALTER TABLE sso_issuers DROP CONSTRAINT sso_issuers_kind_check, ADD CONSTRAINT sso_issuers_kind_check '
        || replace(allowed, ', ''oidc''::text', '');
END $$;

DROP TABLE oidc_codes;
