-- Since when the account's present e-mail is confirmed, and since when its owner is somebody who is known: by a confirmed
-- e-mail or by a site's sign-on. Of accounts from before nothing is known.
ALTER TABLE accounts ADD COLUMN email_verified_at INTEGER;
ALTER TABLE accounts ADD COLUMN proven_at INTEGER;

-- From what device, in words; how it began; when its owner last showed who he is, null: as it began.
ALTER TABLE sessions ADD COLUMN device TEXT;
ALTER TABLE sessions ADD COLUMN way TEXT NOT NULL DEFAULT 'password' CHECK (way IN ('password', 'sso', 'oidc'));
ALTER TABLE sessions ADD COLUMN proven_at INTEGER;

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''account_closed''',
    '''account_closed'', ''ended_by_owner'', ''ended_by_admin'', ''password_reset'', ''email_restored''')
    WHERE type = 'table' AND name = 'sessions';
PRAGMA writable_schema = RESET;
