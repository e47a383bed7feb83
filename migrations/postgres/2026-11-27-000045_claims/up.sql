-- whose an imported account was: who confirmed the address that stands in the export, and has its replies from then on
CREATE TABLE claimed_authors (
    account_id UUID NOT NULL PRIMARY KEY REFERENCES accounts (id),
    site_id UUID NOT NULL REFERENCES sites (id),
    claimed_by UUID NOT NULL REFERENCES accounts (id),
    claimed_at TIMESTAMPTZ NOT NULL,
    -- when all of it had become his
    finished_at TIMESTAMPTZ
);
CREATE INDEX claimed_authors_by_claimer ON claimed_authors (claimed_by, account_id);

CREATE INDEX imported_authors_by_email ON imported_authors (email, account_id);
CREATE INDEX mutes_by_muted ON mutes (muted_id, account_id);

DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'jobs'::regclass AND conname = 'jobs_kind_check';
    EXECUTE 'ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check, ADD CONSTRAINT jobs_kind_check '
        || replace(allowed, '''send_mail''::text', '''send_mail''::text, ''claim_author''::text');
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, '''export_log''::text', '''export_log''::text, ''claim_author''::text');
END $$;
