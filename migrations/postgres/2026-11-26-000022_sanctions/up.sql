-- what moderators do about people; suspensions were the only kind before
CREATE TABLE sanctions (
    id UUID NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES accounts (id),
    -- none: everywhere
    site_id UUID REFERENCES sites (id),
    -- said by who knows no other kind
    kind TEXT NOT NULL DEFAULT 'suspend' CHECK (kind IN ('warn', 'premoderate', 'slow', 'suspend', 'ban')),
    -- for those who moderate, and for the person
    reason TEXT NOT NULL,
    message TEXT,
    -- the reply that it came of
    reply_id UUID REFERENCES replies (id),
    -- none: for good
    until TIMESTAMPTZ,
    -- replies that may be posted in a day
    per_day INTEGER CHECK (per_day BETWEEN 1 AND 100),
    created_by UUID REFERENCES accounts (id),
    created_at TIMESTAMPTZ NOT NULL,
    lifted_by UUID REFERENCES accounts (id),
    lifted_at TIMESTAMPTZ,
    -- what was decided with it about the person's replies
    bulk_id UUID REFERENCES bulks (id),
    -- when the person read the warning
    read_at TIMESTAMPTZ,
    CHECK ((kind = 'slow') = (per_day IS NOT NULL)),
    CHECK (read_at IS NULL OR kind = 'warn')
);
INSERT INTO sanctions (id, account_id, site_id, kind, reason, until, created_by, created_at, lifted_by, lifted_at)
    SELECT id, account_id, site_id, CASE WHEN until IS NULL THEN 'ban' ELSE 'suspend' END, reason, until, created_by,
        created_at, lifted_by, lifted_at FROM suspensions;
DROP TABLE suspensions;
-- of a kind that somebody has twice at a place, the one that ends last is enough
UPDATE sanctions SET lifted_at = now() WHERE lifted_at IS NULL AND (until IS NULL OR until > now())
    AND EXISTS (SELECT 1 FROM sanctions o WHERE o.account_id = sanctions.account_id AND o.kind = sanctions.kind
        AND o.site_id IS NOT DISTINCT FROM sanctions.site_id AND o.lifted_at IS NULL
        AND (coalesce(o.until, o.created_at), o.id) > (coalesce(sanctions.until, sanctions.created_at), sanctions.id));
CREATE INDEX sanctions_by_account ON sanctions (account_id, created_at, id);
CREATE INDEX sanctions_by_reply ON sanctions (reply_id) WHERE reply_id IS NOT NULL;
-- for older programs that run beside
CREATE VIEW suspensions AS SELECT id, account_id, site_id, reason, until, created_by, created_at, lifted_by, lifted_at
    FROM sanctions WHERE kind IN ('suspend', 'ban');

DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, '''suspend''::text',
            '''suspend''::text, ''warn''::text, ''premoderate''::text, ''slow''::text, ''ban''::text, ''lift_sanction''::text');
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'verdicts'::regclass AND conname = 'verdicts_decided_by_check';
    EXECUTE 'ALTER TABLE verdicts DROP CONSTRAINT verdicts_decided_by_check, ADD CONSTRAINT verdicts_decided_by_check '
        || replace(allowed, '''mode''::text', '''mode''::text, ''sanction''::text');
END $$;
