-- codes that a page gets tokens for, once, when somebody comes back from a provider of OpenID Connect; by their hashes
CREATE TABLE oidc_codes (
    hash BYTEA NOT NULL PRIMARY KEY,
    -- who came back, by which identity, which may be gone
    account_id UUID NOT NULL REFERENCES accounts (id),
    identity_id UUID NOT NULL,
    -- what the page shows the origin of
    challenge TEXT NOT NULL,
    useless_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX oidc_codes_by_time ON oidc_codes (useless_at);
CREATE INDEX oidc_codes_by_account ON oidc_codes (account_id);
CREATE INDEX oidc_codes_by_identity ON oidc_codes (identity_id);

DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'sso_issuers'::regclass AND conname = 'sso_issuers_kind_check';
    EXECUTE 'ALTER TABLE sso_issuers DROP CONSTRAINT sso_issuers_kind_check, ADD CONSTRAINT sso_issuers_kind_check '
        || replace(allowed, '''keys_url''::text', '''keys_url''::text, ''oidc''::text');
END $$;
