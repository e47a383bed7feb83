CREATE TABLE idempotency_keys (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash BLOB NOT NULL,
    status INTEGER NOT NULL,
    location TEXT,
    object_id BLOB,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, operation, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);

-- the outbox: what an action leaves to be done after its transaction
CREATE TABLE jobs (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('prune')),
    payload TEXT NOT NULL,
    run_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    leased_until INTEGER,
    last_error TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_by_time ON jobs (run_at, id);

-- facts about this database itself
CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- what an import brought: where a reply came from, and its text as it stood there
CREATE TABLE imported_replies (
    site_id BLOB NOT NULL REFERENCES sites (id),
    external_id TEXT NOT NULL,
    reply_id BLOB NOT NULL UNIQUE REFERENCES replies (id),
    original TEXT NOT NULL,
    PRIMARY KEY (site_id, external_id)
) STRICT, WITHOUT ROWID;

-- the person behind an imported account, apart from `accounts`: it proves nothing and joins nobody
CREATE TABLE imported_authors (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id),
    site_id BLOB NOT NULL REFERENCES sites (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    UNIQUE (site_id, name, email)
) STRICT;
