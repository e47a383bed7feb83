PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ', ''change_issuer'', ''delete_issuer''', '')
    WHERE type = 'table' AND name = 'decisions';
UPDATE sqlite_schema SET sql = replace(sql, ', ''identity_removed''', '')
    WHERE type = 'table' AND name = 'sessions';
PRAGMA writable_schema = RESET;

DROP INDEX sessions_by_identity;
ALTER TABLE sessions DROP COLUMN identity_id;
DROP TABLE spent_tokens;
DROP TABLE identity_grants;
DROP TABLE identities;
DROP TABLE sso_issuers;
