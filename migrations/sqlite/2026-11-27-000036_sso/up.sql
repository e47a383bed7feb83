-- who issues tokens by which a site signs its readers on
CREATE TABLE sso_issuers (
    id BLOB NOT NULL PRIMARY KEY,
    site_id BLOB NOT NULL REFERENCES sites (id),
    -- its name in addresses
    key TEXT NOT NULL,
    -- raised by each change
    version INTEGER NOT NULL CHECK (version >= 1),
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
    joins_by_verified_email INTEGER NOT NULL CHECK (joins_by_verified_email IN (0, 1)),
    -- a JSON array of the roles that it may give
    gives_roles TEXT NOT NULL,
    gives_badges INTEGER NOT NULL CHECK (gives_badges IN (0, 1)),
    -- who made it so
    author_id BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (site_id, key),
    UNIQUE (site_id, iss)
) STRICT;

-- who somebody is to an issuer
CREATE TABLE identities (
    id BLOB NOT NULL PRIMARY KEY,
    issuer_id BLOB NOT NULL REFERENCES sso_issuers (id),
    sub TEXT NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    -- whether the account was made by it, and the name that the account has of it
    is_origin INTEGER NOT NULL CHECK (is_origin IN (0, 1)),
    name TEXT,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    UNIQUE (issuer_id, sub)
) STRICT;
CREATE INDEX identities_by_account ON identities (account_id, id);

-- what somebody has by a token: roles and badges, by their names
CREATE TABLE identity_grants (
    identity_id BLOB NOT NULL REFERENCES identities (id),
    kind TEXT NOT NULL CHECK (kind IN ('role', 'badge')),
    name TEXT NOT NULL,
    issuer_id BLOB NOT NULL REFERENCES sso_issuers (id),
    PRIMARY KEY (identity_id, kind, name)
) STRICT;
CREATE INDEX identity_grants_by_issuer ON identity_grants (issuer_id, kind, name, identity_id);

-- tokens that were used, by a hash of who issued them and of their id; until nobody takes them any more
CREATE TABLE spent_tokens (
    site_id BLOB NOT NULL REFERENCES sites (id),
    hash BLOB NOT NULL,
    useless_at INTEGER NOT NULL,
    PRIMARY KEY (site_id, hash)
) STRICT;
CREATE INDEX spent_tokens_by_time ON spent_tokens (useless_at);

-- by which identity it began, which may be gone
ALTER TABLE sessions ADD COLUMN identity_id BLOB;
CREATE INDEX sessions_by_identity ON sessions (identity_id) WHERE identity_id IS NOT NULL AND ended_at IS NULL;

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''account_closed''', '''account_closed'', ''identity_removed''')
    WHERE type = 'table' AND name = 'sessions';
UPDATE sqlite_schema SET sql = replace(sql, '''export_log''', '''export_log'', ''change_issuer'', ''delete_issuer''')
    WHERE type = 'table' AND name = 'decisions';
PRAGMA writable_schema = RESET;
