-- the request that did it, by the id in its answer's headers; none of what no request did, and of rows of before
ALTER TABLE decisions ADD COLUMN request_id TEXT;

-- the log as it is sealed: each site's rows in a chain of their own, and those of no site under the id of zeros. What
-- stands here refers to the log without the database's seeing to it, since looking at each row of the log would cost what
-- sealing must not; `check` looks.
CREATE TABLE log_rows (
    chain BLOB NOT NULL,
    place INTEGER NOT NULL CHECK (place >= 1),
    decision_id BLOB NOT NULL UNIQUE,
    -- makes a digest together with the row's texts, and goes with them
    salt BLOB,
    -- of texts that were erased
    digest BLOB,
    PRIMARY KEY (chain, place),
    CHECK (salt IS NULL OR digest IS NULL)
) STRICT;

CREATE TABLE log_seals (
    chain BLOB NOT NULL,
    number INTEGER NOT NULL CHECK (number >= 1),
    -- the rows that it seals: from this place on, so many
    first_place INTEGER NOT NULL CHECK (first_place >= 1),
    row_count INTEGER NOT NULL CHECK (row_count >= 1),
    oldest_at INTEGER NOT NULL,
    newest_at INTEGER NOT NULL,
    rows_hash BLOB NOT NULL,
    -- of the seal before
    former_hash BLOB,
    hash BLOB NOT NULL,
    sealed_at INTEGER NOT NULL,
    PRIMARY KEY (chain, number),
    UNIQUE (chain, first_place),
    CHECK ((number = 1) = (former_hash IS NULL))
) STRICT;

CREATE TRIGGER log_seals_never_change BEFORE UPDATE ON log_seals
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_seals_never_go BEFORE DELETE ON log_seals
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_rows_never_go BEFORE DELETE ON log_rows
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
-- but that a salt gives way to a digest, and then the texts go
CREATE TRIGGER log_rows_never_change BEFORE UPDATE ON log_rows
WHEN NOT (OLD.salt IS NOT NULL AND NEW.salt IS NULL AND length(NEW.digest) IS 32
    AND NEW.chain IS OLD.chain AND NEW.place IS OLD.place AND NEW.decision_id IS OLD.decision_id)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
DROP TRIGGER decisions_never_change;
CREATE TRIGGER decisions_never_change BEFORE UPDATE ON decisions
WHEN NOT (NEW.note IS NULL AND NEW.message IS NULL AND NEW.details IS NULL
    AND EXISTS (SELECT 1 FROM log_rows WHERE decision_id = OLD.id AND digest IS NOT NULL)
    AND NEW.id IS OLD.id AND NEW.site_id IS OLD.site_id AND NEW.reply_id IS OLD.reply_id
    AND NEW.reply_version IS OLD.reply_version AND NEW.story_id IS OLD.story_id AND NEW.account_id IS OLD.account_id
    AND NEW.actor_kind IS OLD.actor_kind AND NEW.actor_id IS OLD.actor_id AND NEW.action IS OLD.action
    AND NEW.from_state IS OLD.from_state AND NEW.to_state IS OLD.to_state AND NEW.reason IS OLD.reason
    AND NEW.created_at IS OLD.created_at AND NEW.request_id IS OLD.request_id)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''change_outside_check''', '''change_outside_check'', ''export_log''')
    WHERE type = 'table' AND name = 'decisions';
PRAGMA writable_schema = RESET;
