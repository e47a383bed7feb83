PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ', ''oidc''', '')
    WHERE type = 'table' AND name = 'sso_issuers';
PRAGMA writable_schema = RESET;

DROP TABLE oidc_codes;
