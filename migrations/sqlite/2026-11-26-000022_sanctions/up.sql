-- what moderators do about people; suspensions were the only kind before
CREATE TABLE sanctions (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    -- none: everywhere
    site_id BLOB REFERENCES sites (id),
    -- said by who knows no other kind
    kind TEXT NOT NULL DEFAULT 'suspend' CHECK (kind IN ('warn', 'premoderate', 'slow', 'suspend', 'ban')),
    -- for those who moderate, and for the person
    reason TEXT NOT NULL,
    message TEXT,
    -- the reply that it came of
    reply_id BLOB REFERENCES replies (id),
    -- none: for good
    until INTEGER,
    -- replies that may be posted in a day
    per_day INTEGER CHECK (per_day BETWEEN 1 AND 100),
    created_by BLOB REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    lifted_by BLOB REFERENCES accounts (id),
    lifted_at INTEGER,
    -- what was decided with it about the person's replies
    bulk_id BLOB REFERENCES bulks (id),
    -- when the person read the warning
    read_at INTEGER,
    CHECK ((kind = 'slow') = (per_day IS NOT NULL)),
    CHECK (read_at IS NULL OR kind = 'warn')
) STRICT;
INSERT INTO sanctions (id, account_id, site_id, kind, reason, until, created_by, created_at, lifted_by, lifted_at)
    SELECT id, account_id, site_id, CASE WHEN until IS NULL THEN 'ban' ELSE 'suspend' END, reason, until, created_by,
        created_at, lifted_by, lifted_at FROM suspensions;
DROP TABLE suspensions;
-- of a kind that somebody has twice at a place, the one that ends last is enough
UPDATE sanctions SET lifted_at = CAST(unixepoch('subsec') * 1000000 AS INTEGER) WHERE lifted_at IS NULL AND (until IS NULL OR until > CAST(unixepoch('subsec') * 1000000 AS INTEGER))
    AND EXISTS (SELECT 1 FROM sanctions o WHERE o.account_id = sanctions.account_id AND o.kind = sanctions.kind
        AND o.site_id IS NOT DISTINCT FROM sanctions.site_id AND o.lifted_at IS NULL
        AND (coalesce(o.until, o.created_at), o.id) > (coalesce(sanctions.until, sanctions.created_at), sanctions.id));
CREATE INDEX sanctions_by_account ON sanctions (account_id, created_at, id);
CREATE INDEX sanctions_by_reply ON sanctions (reply_id) WHERE reply_id IS NOT NULL;

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''suspend''',
        '''suspend'', ''warn'', ''premoderate'', ''slow'', ''ban'', ''lift_sanction''')
    WHERE type = 'table' AND name = 'decisions';
UPDATE sqlite_schema SET sql = replace(sql, '''mode''', '''mode'', ''sanction''')
    WHERE type = 'table' AND name = 'verdicts';
PRAGMA writable_schema = RESET;
