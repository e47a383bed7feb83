-- whom somebody does not want to read
CREATE TABLE mutes (
    account_id UUID NOT NULL REFERENCES accounts (id),
    muted_id UUID NOT NULL REFERENCES accounts (id),
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, muted_id)
);
