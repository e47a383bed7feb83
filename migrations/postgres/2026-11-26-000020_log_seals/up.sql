-- the request that did it, by the id in its answer's headers; none of what no request did, and of rows of before
ALTER TABLE decisions ADD COLUMN request_id TEXT;

-- the log as it is sealed: each site's rows in a chain of their own, and those of no site under the id of zeros. What
-- stands here refers to the log without the database's seeing to it, since looking at each row of the log would cost what
-- sealing must not; `check` looks.
CREATE TABLE log_rows (
    chain UUID NOT NULL,
    place BIGINT NOT NULL CHECK (place >= 1),
    decision_id UUID NOT NULL UNIQUE,
    -- makes a digest together with the row's texts, and goes with them
    salt BYTEA,
    -- of texts that were erased
    digest BYTEA,
    PRIMARY KEY (chain, place),
    CHECK (salt IS NULL OR digest IS NULL)
);

CREATE TABLE log_seals (
    chain UUID NOT NULL,
    number BIGINT NOT NULL CHECK (number >= 1),
    -- the rows that it seals: from this place on, so many
    first_place BIGINT NOT NULL CHECK (first_place >= 1),
    row_count INTEGER NOT NULL CHECK (row_count >= 1),
    oldest_at TIMESTAMPTZ NOT NULL,
    newest_at TIMESTAMPTZ NOT NULL,
    rows_hash BYTEA NOT NULL,
    -- of the seal before
    former_hash BYTEA,
    hash BYTEA NOT NULL,
    sealed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (chain, number),
    UNIQUE (chain, first_place),
    CHECK ((number = 1) = (former_hash IS NULL))
);

CREATE TRIGGER log_seals_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON log_seals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_log();
CREATE TRIGGER log_rows_never_go BEFORE DELETE OR TRUNCATE ON log_rows
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_log();
-- but that a salt gives way to a digest, and then the texts go
CREATE FUNCTION refuse_change_of_log_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.salt IS NULL OR NEW.salt IS NOT NULL OR length(NEW.digest) IS DISTINCT FROM 32
        OR (NEW.chain, NEW.place, NEW.decision_id) IS DISTINCT FROM (OLD.chain, OLD.place, OLD.decision_id) THEN
        RAISE EXCEPTION 'the log is append-only';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER log_rows_never_change BEFORE UPDATE ON log_rows
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_log_row();
CREATE FUNCTION refuse_change_of_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE erased decisions := OLD;
BEGIN
    erased.note := NULL;
    erased.message := NULL;
    erased.details := NULL;
    IF NEW IS DISTINCT FROM erased
        OR NOT EXISTS (SELECT 1 FROM log_rows WHERE decision_id = OLD.id AND digest IS NOT NULL) THEN
        RAISE EXCEPTION 'the log is append-only';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER decisions_never_change ON decisions;
CREATE TRIGGER decisions_never_go BEFORE DELETE OR TRUNCATE ON decisions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_log();
CREATE TRIGGER decisions_never_change BEFORE UPDATE ON decisions
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_decision();

-- one more action, whatever other migrations have added
DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, '''change_outside_check''::text', '''change_outside_check''::text, ''export_log''::text');
END $$;
