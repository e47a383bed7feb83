-- a reply may be with its author again, to be changed, and the author of a refused one may appeal
-- whatever other migrations have added to these lists
DO $$
DECLARE edited record; allowed text;
BEGIN
    FOR edited IN SELECT * FROM (VALUES
        ('replies', 'state', '''withdrawn''::text', '''returned''::text'),
        ('decisions', 'from_state', '''withdrawn''::text', '''returned''::text'),
        ('decisions', 'to_state', '''withdrawn''::text', '''returned''::text'),
        ('decisions', 'action', '''restore''::text',
            '''return''::text, ''appeal''::text, ''uphold_appeal''::text, ''overturn_appeal''::text, ''drop_appeal''::text'),
        ('bulks', 'action', '''restore''::text', '''return''::text'),
        ('jobs', 'kind', '''prune''::text', '''end_waits''::text')
    ) AS edits (of_table, of_column, behind, added)
    LOOP
        SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
            WHERE conrelid = edited.of_table::regclass AND conname = edited.of_table || '_' || edited.of_column || '_check';
        EXECUTE format('ALTER TABLE %1$I DROP CONSTRAINT %2$I, ADD CONSTRAINT %2$I ', edited.of_table,
            edited.of_table || '_' || edited.of_column || '_check')
            || replace(allowed, edited.behind, edited.behind || ', ' || edited.added);
    END LOOP;
END $$;

ALTER TABLE site_counters ADD COLUMN returned BIGINT NOT NULL DEFAULT 0 CHECK (returned >= 0);
ALTER TABLE site_counters ADD COLUMN appeals BIGINT NOT NULL DEFAULT 0 CHECK (appeals >= 0);
ALTER TABLE author_counters ADD COLUMN returned BIGINT NOT NULL DEFAULT 0 CHECK (returned >= 0);

-- since when an appeal about it waits
ALTER TABLE replies ADD COLUMN appealed_at TIMESTAMPTZ;
CREATE INDEX replies_appealed ON replies (site_id, created_at, id) WHERE appealed_at IS NOT NULL;

ALTER TABLE queue_items ADD COLUMN is_appealed BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX queue_items_appeals_due ON queue_items (site_id, due_at, reply_id) WHERE is_appealed;
CREATE INDEX queue_items_appeals_since ON queue_items (site_id, since, reply_id) WHERE is_appealed;
DO $$
DECLARE named text;
BEGIN
    SELECT conname INTO named FROM pg_constraint WHERE conrelid = 'queue_items'::regclass AND contype = 'c'
        AND pg_get_constraintdef(oid) LIKE '%is_pending OR is_reported OR is_flagged%';
    EXECUTE format('ALTER TABLE queue_items DROP CONSTRAINT %1$I, ADD CONSTRAINT %1$I '
        'CHECK (is_pending OR is_reported OR is_flagged OR is_appealed)', named);
END $$;

-- the last time that a reply went back to its author
CREATE TABLE returns (
    reply_id UUID NOT NULL PRIMARY KEY REFERENCES replies (id),
    -- of the text that was returned
    revision INTEGER NOT NULL,
    returned_by UUID NOT NULL REFERENCES accounts (id),
    message TEXT NOT NULL,
    returned_at TIMESTAMPTZ NOT NULL,
    -- until when its author may change it; none once it is not there any more
    due_at TIMESTAMPTZ
);
CREATE INDEX returns_due ON returns (due_at, reply_id) WHERE due_at IS NOT NULL;

-- what an author is told of a refusal, beside the row of the log and the verdict of the same version
CREATE TABLE statements (
    reply_id UUID NOT NULL REFERENCES replies (id),
    reply_version INTEGER NOT NULL,
    -- of the text that was refused
    revision INTEGER NOT NULL,
    -- what the site said to such a refusal then
    words TEXT,
    appeal_until TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (reply_id, reply_version)
);

CREATE TABLE appeals (
    id UUID NOT NULL PRIMARY KEY,
    reply_id UUID NOT NULL REFERENCES replies (id),
    site_id UUID NOT NULL REFERENCES sites (id),
    author_id UUID NOT NULL REFERENCES accounts (id),
    -- the reply's version that refused it, and who did; none where rules did
    refused_version INTEGER NOT NULL,
    refused_by UUID REFERENCES accounts (id),
    text TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'upheld', 'overturned', 'moot')),
    created_at TIMESTAMPTZ NOT NULL,
    closed_at TIMESTAMPTZ,
    closed_by UUID REFERENCES accounts (id),
    -- for the author
    reasons TEXT,
    CHECK ((state = 'open') = (closed_at IS NULL))
);
CREATE INDEX appeals_by_reply ON appeals (reply_id, created_at, id);
-- one of a reply is decided about
CREATE UNIQUE INDEX appeals_once ON appeals (reply_id) WHERE state <> 'moot';
CREATE INDEX appeals_open ON appeals (id) WHERE state = 'open';

-- what is refused already, by who refused it last
INSERT INTO statements (reply_id, reply_version, revision, appeal_until)
SELECT r.id, d.reply_version, r.revision, d.created_at + interval '14 days'
FROM replies r JOIN decisions d ON d.reply_id = r.id
WHERE r.state IN ('rejected', 'spam') AND d.action IN ('post', 'edit', 'judge', 'reject', 'spam') AND d.to_state = r.state
    AND NOT EXISTS (SELECT 1 FROM decisions e WHERE e.reply_id = r.id AND e.reply_version > d.reply_version
        AND e.action IN ('post', 'edit', 'judge', 'reject', 'spam') AND e.to_state = r.state);
