-- badges that a site gives to people, beside what their roles show
CREATE TABLE site_badges (
    site_id UUID NOT NULL REFERENCES sites (id),
    key TEXT NOT NULL,
    label TEXT NOT NULL,
    -- raised by each change
    version BIGINT NOT NULL CHECK (version >= 1),
    PRIMARY KEY (site_id, key)
);
-- every site has these
INSERT INTO site_badges SELECT id, 'staff', 'Staff', 1 FROM sites;
INSERT INTO site_badges SELECT id, 'verified', 'Verified', 1 FROM sites;

CREATE TABLE badge_holders (
    site_id UUID NOT NULL REFERENCES sites (id),
    account_id UUID NOT NULL REFERENCES accounts (id),
    key TEXT NOT NULL,
    granted_by UUID NOT NULL REFERENCES accounts (id),
    granted_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (site_id, account_id, key),
    FOREIGN KEY (site_id, key) REFERENCES site_badges (site_id, key)
);
CREATE INDEX badge_holders_by_badge ON badge_holders (site_id, key, account_id);
CREATE INDEX badge_holders_by_account ON badge_holders (account_id);

-- more actions, whatever other migrations have added
DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, '''export_log''::text',
            '''export_log''::text, ''change_badge''::text, ''delete_badge''::text, ''grant_badge''::text, ''revoke_badge''::text');
END $$;
