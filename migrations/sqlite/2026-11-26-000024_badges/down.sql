PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ', ''change_badge'', ''delete_badge'', ''grant_badge'', ''revoke_badge''', '')
    WHERE type = 'table' AND name = 'decisions';
PRAGMA writable_schema = RESET;
DROP TABLE badge_holders;
DROP TABLE site_badges;
