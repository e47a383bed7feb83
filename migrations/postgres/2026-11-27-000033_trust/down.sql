ALTER TABLE sessions
    DROP CONSTRAINT sessions_end_reason_check,
    ADD CONSTRAINT sessions_end_reason_check CHECK (end_reason IN ('signed_out', 'token_reused', 'password_changed',
        'account_closed')),
    DROP COLUMN proven_at,
    DROP COLUMN way,
    DROP COLUMN device;
ALTER TABLE accounts DROP COLUMN proven_at, DROP COLUMN email_verified_at;
