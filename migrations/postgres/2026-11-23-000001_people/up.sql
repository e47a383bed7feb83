CREATE TABLE sites (
    id UUID NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE CHECK (length(key) BETWEEN 1 AND 40),
    name TEXT NOT NULL,
    tagline TEXT NOT NULL,
    -- JSON arrays of strings
    allowed_origins TEXT NOT NULL,
    reserved_names TEXT NOT NULL,
    -- the same folded, as usernames are compared
    reserved_keys TEXT NOT NULL,
    tracking_params TEXT NOT NULL,
    moderation_mode TEXT NOT NULL CHECK (moderation_mode IN ('pre', 'post', 'trusted')),
    trusted_after INTEGER NOT NULL CHECK (trusted_after >= 0),
    edit_window_secs INTEGER NOT NULL CHECK (edit_window_secs >= 0),
    close_after_days INTEGER CHECK (close_after_days > 0),
    -- raised whenever a name, a badge or a setting that public pages show changes
    people_version BIGINT NOT NULL,
    closed_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);

-- apart from `sites`, since every post writes here and every page reads there
CREATE TABLE site_counters (
    site_id UUID NOT NULL PRIMARY KEY REFERENCES sites (id),
    pending BIGINT NOT NULL CHECK (pending >= 0),
    approved BIGINT NOT NULL CHECK (approved >= 0),
    rejected BIGINT NOT NULL CHECK (rejected >= 0),
    spam BIGINT NOT NULL CHECK (spam >= 0),
    withdrawn BIGINT NOT NULL CHECK (withdrawn >= 0),
    -- approved replies with open reports
    reported BIGINT NOT NULL CHECK (reported >= 0)
);

CREATE TABLE accounts (
    id UUID NOT NULL PRIMARY KEY,
    email TEXT,
    email_key TEXT UNIQUE,
    username TEXT,
    username_key TEXT UNIQUE,
    username_changed_at TIMESTAMPTZ,
    display_name TEXT,
    password_hash TEXT,
    is_admin BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    closed_at TIMESTAMPTZ,
    -- a closed account keeps nothing that names its person
    CHECK (closed_at IS NULL OR (email IS NULL AND email_key IS NULL AND username IS NULL
        AND username_key IS NULL AND display_name IS NULL AND password_hash IS NULL))
);

-- an account's history on one site, by state of its replies
CREATE TABLE author_counters (
    account_id UUID NOT NULL REFERENCES accounts (id),
    site_id UUID NOT NULL REFERENCES sites (id),
    pending BIGINT NOT NULL CHECK (pending >= 0),
    approved BIGINT NOT NULL CHECK (approved >= 0),
    rejected BIGINT NOT NULL CHECK (rejected >= 0),
    spam BIGINT NOT NULL CHECK (spam >= 0),
    withdrawn BIGINT NOT NULL CHECK (withdrawn >= 0),
    PRIMARY KEY (account_id, site_id)
);

CREATE TABLE site_roles (
    site_id UUID NOT NULL REFERENCES sites (id),
    account_id UUID NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL CHECK (role IN ('moderator', 'author')),
    granted_by UUID REFERENCES accounts (id),
    granted_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (site_id, account_id, role)
);
CREATE INDEX site_roles_by_account ON site_roles (account_id);

CREATE TABLE suspensions (
    id UUID NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES accounts (id),
    -- none: everywhere
    site_id UUID REFERENCES sites (id),
    reason TEXT NOT NULL,
    -- none: for good
    until TIMESTAMPTZ,
    created_by UUID REFERENCES accounts (id),
    created_at TIMESTAMPTZ NOT NULL,
    lifted_by UUID REFERENCES accounts (id),
    lifted_at TIMESTAMPTZ
);
CREATE INDEX suspensions_by_account ON suspensions (account_id, created_at, id);

CREATE TABLE sessions (
    id UUID NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES accounts (id),
    created_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    end_reason TEXT CHECK (end_reason IN ('signed_out', 'token_reused', 'password_changed', 'account_closed'))
);
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- a session's refresh tokens, spent ones too, so that a second use is recognised
CREATE TABLE refresh_tokens (
    hash BYTEA NOT NULL PRIMARY KEY,
    session_id UUID NOT NULL REFERENCES sessions (id),
    created_at TIMESTAMPTZ NOT NULL,
    spent_at TIMESTAMPTZ
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- tries at something limited; the subject is a keyed hash of what and who
CREATE TABLE attempts (
    id UUID NOT NULL PRIMARY KEY,
    subject BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX attempts_by_subject ON attempts (subject, created_at);
CREATE INDEX attempts_by_time ON attempts (created_at);
