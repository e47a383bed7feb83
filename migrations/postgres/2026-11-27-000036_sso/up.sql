-- who issues tokens by which a site signs its readers on
CREATE TABLE sso_issuers (
    id UUID NOT NULL PRIMARY KEY,
    site_id UUID NOT NULL REFERENCES sites (id),
    -- its name in addresses
    key TEXT NOT NULL,
    -- raised by each change
    version BIGINT NOT NULL CHECK (version >= 1),
    -- as its tokens name it, and whom they are for
    iss TEXT NOT NULL,
    aud TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('secret', 'keys', 'keys_url')),
    -- encrypted, as is the one that it took the place of
    secret TEXT,
    former_secret TEXT,
    -- a JSON Web Key Set, or where it is
    keys TEXT,
    keys_url TEXT,
    joins_by_verified_email BOOLEAN NOT NULL,
    -- a JSON array of the roles that it may give
    gives_roles TEXT NOT NULL,
    gives_badges BOOLEAN NOT NULL,
    -- who made it so
    author_id UUID NOT NULL REFERENCES accounts (id),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    UNIQUE (site_id, key),
    UNIQUE (site_id, iss)
);

-- who somebody is to an issuer
CREATE TABLE identities (
    id UUID NOT NULL PRIMARY KEY,
    issuer_id UUID NOT NULL REFERENCES sso_issuers (id),
    sub TEXT NOT NULL,
    account_id UUID NOT NULL REFERENCES accounts (id),
    -- whether the account was made by it, and the name that the account has of it
    is_origin BOOLEAN NOT NULL,
    name TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ NOT NULL,
    UNIQUE (issuer_id, sub)
);
CREATE INDEX identities_by_account ON identities (account_id, id);

-- what somebody has by a token: roles and badges, by their names
CREATE TABLE identity_grants (
    identity_id UUID NOT NULL REFERENCES identities (id),
    kind TEXT NOT NULL CHECK (kind IN ('role', 'badge')),
    name TEXT NOT NULL,
    issuer_id UUID NOT NULL REFERENCES sso_issuers (id),
    PRIMARY KEY (identity_id, kind, name)
);
CREATE INDEX identity_grants_by_issuer ON identity_grants (issuer_id, kind, name, identity_id);

-- tokens that were used, by a hash of who issued them and of their id; until nobody takes them any more
CREATE TABLE spent_tokens (
    site_id UUID NOT NULL REFERENCES sites (id),
    hash BYTEA NOT NULL,
    useless_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (site_id, hash)
);
CREATE INDEX spent_tokens_by_time ON spent_tokens (useless_at);

-- by which identity it began, which may be gone
ALTER TABLE sessions ADD COLUMN identity_id UUID;
CREATE INDEX sessions_by_identity ON sessions (identity_id) WHERE identity_id IS NOT NULL AND ended_at IS NULL;

-- more reasons and actions, whatever other migrations have added
DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'sessions'::regclass AND conname = 'sessions_end_reason_check';
    EXECUTE 'ALTER TABLE sessions DROP CONSTRAINT sessions_end_reason_check, ADD CONSTRAINT sessions_end_reason_check '
        || replace(allowed, '''account_closed''::text', '''account_closed''::text, ''identity_removed''::text');
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, '''export_log''::text',
            '''export_log''::text, ''change_issuer''::text, ''delete_issuer''::text');
END $$;
