-- Since when the account's present e-mail is confirmed, and since when its owner is somebody who is known: by a confirmed
-- e-mail or by a site's sign-on. Of accounts from before nothing is known.
ALTER TABLE accounts ADD COLUMN email_verified_at TIMESTAMPTZ, ADD COLUMN proven_at TIMESTAMPTZ;

-- From what device, in words; how it began; when its owner last showed who he is, null: as it began.
ALTER TABLE sessions
    ADD COLUMN device TEXT,
    ADD COLUMN way TEXT NOT NULL DEFAULT 'password' CHECK (way IN ('password', 'sso', 'oidc')),
    ADD COLUMN proven_at TIMESTAMPTZ,
    DROP CONSTRAINT sessions_end_reason_check,
    ADD CONSTRAINT sessions_end_reason_check CHECK (end_reason IN ('signed_out', 'token_reused', 'password_changed',
        'account_closed', 'ended_by_owner', 'ended_by_admin', 'password_reset', 'email_restored'));
