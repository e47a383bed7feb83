PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql,
        ', ''warn'', ''premoderate'', ''slow'', ''ban'', ''lift_sanction''', '')
    WHERE type = 'table' AND name = 'decisions';
UPDATE sqlite_schema SET sql = replace(sql, ', ''sanction''', '') WHERE type = 'table' AND name = 'verdicts';
PRAGMA writable_schema = RESET;
CREATE TABLE suspensions (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    site_id BLOB REFERENCES sites (id),
    reason TEXT NOT NULL,
    until INTEGER,
    created_by BLOB REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    lifted_by BLOB REFERENCES accounts (id),
    lifted_at INTEGER
) STRICT;
INSERT INTO suspensions SELECT id, account_id, site_id, reason, until, created_by, created_at, lifted_by, lifted_at
    FROM sanctions WHERE kind IN ('suspend', 'ban');
CREATE INDEX suspensions_by_account ON suspensions (account_id, created_at, id);
DROP TABLE sanctions;
