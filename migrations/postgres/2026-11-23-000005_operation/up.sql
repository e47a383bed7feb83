CREATE TABLE idempotency_keys (
    account_id UUID NOT NULL REFERENCES accounts (id),
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash BYTEA NOT NULL,
    status INTEGER NOT NULL,
    location TEXT,
    object_id UUID,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, operation, key)
);
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);

-- the outbox: what an action leaves to be done after its transaction
CREATE TABLE jobs (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('prune')),
    payload TEXT NOT NULL,
    run_at TIMESTAMPTZ NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    leased_until TIMESTAMPTZ,
    last_error TEXT,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX jobs_by_time ON jobs (run_at, id);

-- facts about this database itself
CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- what an import brought: where a reply came from, and its text as it stood there
CREATE TABLE imported_replies (
    site_id UUID NOT NULL REFERENCES sites (id),
    external_id TEXT NOT NULL,
    reply_id UUID NOT NULL UNIQUE REFERENCES replies (id),
    original TEXT NOT NULL,
    PRIMARY KEY (site_id, external_id)
);

-- the person behind an imported account, apart from `accounts`: it proves nothing and joins nobody
CREATE TABLE imported_authors (
    account_id UUID NOT NULL PRIMARY KEY REFERENCES accounts (id),
    site_id UUID NOT NULL REFERENCES sites (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    UNIQUE (site_id, name, email)
);
