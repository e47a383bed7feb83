DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, ', ''warn''::text, ''premoderate''::text, ''slow''::text, ''ban''::text, ''lift_sanction''::text', '');
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'verdicts'::regclass AND conname = 'verdicts_decided_by_check';
    EXECUTE 'ALTER TABLE verdicts DROP CONSTRAINT verdicts_decided_by_check, ADD CONSTRAINT verdicts_decided_by_check '
        || replace(allowed, ', ''sanction''::text', '');
END $$;
DROP VIEW suspensions;
CREATE TABLE suspensions (
    id UUID NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES accounts (id),
    site_id UUID REFERENCES sites (id),
    reason TEXT NOT NULL,
    until TIMESTAMPTZ,
    created_by UUID REFERENCES accounts (id),
    created_at TIMESTAMPTZ NOT NULL,
    lifted_by UUID REFERENCES accounts (id),
    lifted_at TIMESTAMPTZ
);
INSERT INTO suspensions SELECT id, account_id, site_id, reason, until, created_by, created_at, lifted_by, lifted_at
    FROM sanctions WHERE kind IN ('suspend', 'ban');
CREATE INDEX suspensions_by_account ON suspensions (account_id, created_at, id);
DROP TABLE sanctions;
