-- keys by which a site's own servers call
CREATE TABLE api_keys (
    id BLOB NOT NULL PRIMARY KEY,
    site_id BLOB NOT NULL REFERENCES sites (id),
    -- nobody's account, closed from its beginning: under it stands what the key does
    account_id BLOB NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    -- a JSON array of what it may
    scopes TEXT NOT NULL,
    -- of its present secret, by which people know it
    beginning TEXT NOT NULL,
    -- raised by each new secret
    version INTEGER NOT NULL CHECK (version >= 1),
    expires_at INTEGER,
    -- to the minute
    last_used_at INTEGER,
    created_by BLOB NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    revoked_by BLOB REFERENCES accounts (id),
    revoked_at INTEGER
) STRICT;
CREATE INDEX api_keys_by_site ON api_keys (site_id, id);
CREATE INDEX api_keys_by_end ON api_keys (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX api_keys_by_expiry ON api_keys (expires_at) WHERE expires_at IS NOT NULL;

-- what is taken for a key: its secret, and for a while the one before
CREATE TABLE api_key_secrets (
    hash BLOB NOT NULL PRIMARY KEY,
    key_id BLOB NOT NULL REFERENCES api_keys (id),
    created_at INTEGER NOT NULL,
    -- until when it is taken; null: as long as the key
    ends_at INTEGER
) STRICT;
CREATE INDEX api_key_secrets_by_key ON api_key_secrets (key_id);
CREATE INDEX api_key_secrets_by_end ON api_key_secrets (ends_at) WHERE ends_at IS NOT NULL;

-- the log tells of keys, and of what they do
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(sql, '''admin'', ''system''', '''admin'', ''key'', ''system'''),
    '''export_log''', '''export_log'', ''create_key'', ''rotate_key'', ''revoke_key''')
    WHERE type = 'table' AND name = 'decisions';
PRAGMA writable_schema = RESET;
