PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(sql, ', ''create_key'', ''rotate_key'', ''revoke_key''', ''),
    '''admin'', ''key'', ''system''', '''admin'', ''system''')
    WHERE type = 'table' AND name = 'decisions';
PRAGMA writable_schema = RESET;

DROP TABLE api_key_secrets;
DROP TABLE api_keys;
