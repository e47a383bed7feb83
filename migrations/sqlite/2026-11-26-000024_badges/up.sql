-- badges that a site gives to people, beside what their roles show
CREATE TABLE site_badges (
    site_id BLOB NOT NULL REFERENCES sites (id),
    key TEXT NOT NULL,
    label TEXT NOT NULL,
    -- raised by each change
    version INTEGER NOT NULL CHECK (version >= 1),
    PRIMARY KEY (site_id, key)
) STRICT;
-- every site has these
INSERT INTO site_badges SELECT id, 'staff', 'Staff', 1 FROM sites;
INSERT INTO site_badges SELECT id, 'verified', 'Verified', 1 FROM sites;

CREATE TABLE badge_holders (
    site_id BLOB NOT NULL REFERENCES sites (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    key TEXT NOT NULL,
    granted_by BLOB NOT NULL REFERENCES accounts (id),
    granted_at INTEGER NOT NULL,
    PRIMARY KEY (site_id, account_id, key),
    FOREIGN KEY (site_id, key) REFERENCES site_badges (site_id, key)
) STRICT;
CREATE INDEX badge_holders_by_badge ON badge_holders (site_id, key, account_id);
CREATE INDEX badge_holders_by_account ON badge_holders (account_id);

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''export_log''',
        '''export_log'', ''change_badge'', ''delete_badge'', ''grant_badge'', ''revoke_badge''')
    WHERE type = 'table' AND name = 'decisions';
PRAGMA writable_schema = RESET;
