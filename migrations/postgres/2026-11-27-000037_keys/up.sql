-- keys by which a site's own servers call
CREATE TABLE api_keys (
    id UUID NOT NULL PRIMARY KEY,
    site_id UUID NOT NULL REFERENCES sites (id),
    -- nobody's account, closed from its beginning: under it stands what the key does
    account_id UUID NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    -- a JSON array of what it may
    scopes TEXT NOT NULL,
    -- of its present secret, by which people know it
    beginning TEXT NOT NULL,
    -- raised by each new secret
    version BIGINT NOT NULL CHECK (version >= 1),
    expires_at TIMESTAMPTZ,
    -- to the minute
    last_used_at TIMESTAMPTZ,
    created_by UUID NOT NULL REFERENCES accounts (id),
    created_at TIMESTAMPTZ NOT NULL,
    revoked_by UUID REFERENCES accounts (id),
    revoked_at TIMESTAMPTZ
);
CREATE INDEX api_keys_by_site ON api_keys (site_id, id);
CREATE INDEX api_keys_by_end ON api_keys (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX api_keys_by_expiry ON api_keys (expires_at) WHERE expires_at IS NOT NULL;

-- what is taken for a key: its secret, and for a while the one before
CREATE TABLE api_key_secrets (
    hash BYTEA NOT NULL PRIMARY KEY,
    key_id UUID NOT NULL REFERENCES api_keys (id),
    created_at TIMESTAMPTZ NOT NULL,
    -- until when it is taken; null: as long as the key
    ends_at TIMESTAMPTZ
);
CREATE INDEX api_key_secrets_by_key ON api_key_secrets (key_id);
CREATE INDEX api_key_secrets_by_end ON api_key_secrets (ends_at) WHERE ends_at IS NOT NULL;

-- the log tells of keys, and of what they do
DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, '''export_log''::text',
            '''export_log''::text, ''create_key''::text, ''rotate_key''::text, ''revoke_key''::text');
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_actor_kind_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_actor_kind_check, ADD CONSTRAINT decisions_actor_kind_check '
        || replace(allowed, '''system''::text', '''key''::text, ''system''::text');
END $$;
