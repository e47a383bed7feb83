-- codes that a page gets tokens for, once, when somebody comes back from a provider of OpenID Connect; by their hashes
CREATE TABLE oidc_codes (
    hash BLOB NOT NULL PRIMARY KEY,
    -- who came back, by which identity, which may be gone
    account_id BLOB NOT NULL REFERENCES accounts (id),
    identity_id BLOB NOT NULL,
    -- what the page shows the origin of
    challenge TEXT NOT NULL,
    useless_at INTEGER NOT NULL
) STRICT;
CREATE INDEX oidc_codes_by_time ON oidc_codes (useless_at);
CREATE INDEX oidc_codes_by_account ON oidc_codes (account_id);
CREATE INDEX oidc_codes_by_identity ON oidc_codes (identity_id);

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''keys_url''', '''keys_url'', ''oidc''')
    WHERE type = 'table' AND name = 'sso_issuers';
PRAGMA writable_schema = RESET;
