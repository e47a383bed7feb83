-- accounts that are to be closed, and what their owners chose; kept when that is done, as what was promised stays promised
CREATE TABLE closings (
    account_id UUID NOT NULL PRIMARY KEY REFERENCES accounts (id),
    -- whether their texts stay without a name
    texts TEXT NOT NULL CHECK (texts IN ('keep', 'remove')),
    asked_at TIMESTAMPTZ NOT NULL,
    -- until then it can be undone
    closes_at TIMESTAMPTZ NOT NULL,
    -- which does it; gone once all is erased
    job_id UUID NOT NULL,
    closed_at TIMESTAMPTZ,
    erased_at TIMESTAMPTZ
);

-- copies of all that is kept of somebody, one of an account, and their bytes in pieces
CREATE TABLE data_exports (
    account_id UUID NOT NULL PRIMARY KEY REFERENCES accounts (id),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'ready', 'failed')),
    job_id UUID NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    byte_count BIGINT NOT NULL CHECK (byte_count >= 0)
);
CREATE INDEX data_exports_by_end ON data_exports (ended_at);
CREATE TABLE data_export_pieces (
    account_id UUID NOT NULL REFERENCES data_exports (account_id),
    number INTEGER NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (account_id, number)
);

-- spam whose text is still there, by its age
CREATE INDEX replies_of_spam ON replies (state_changed_at, id) WHERE state = 'spam' AND body_source <> '';
CREATE INDEX notices_by_account ON notices (account_id, id) WHERE account_id IS NOT NULL;

DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'jobs'::regclass AND conname = 'jobs_kind_check';
    EXECUTE 'ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check, ADD CONSTRAINT jobs_kind_check '
        || replace(allowed, '''tell_outside''::text',
            '''tell_outside''::text, ''close_account''::text, ''export_data''::text, ''forget_texts''::text');
END $$;
