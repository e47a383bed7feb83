ALTER TABLE decisions DROP CONSTRAINT decisions_action_check;
ALTER TABLE decisions ADD CONSTRAINT decisions_action_check CHECK (action IN ('post', 'edit', 'withdraw', 'approve',
    'reject', 'spam', 'restore', 'import', 'suspend', 'lift_suspension', 'grant_role', 'revoke_role', 'create_site',
    'change_site', 'close_story', 'reopen_story'));
ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check;
ALTER TABLE jobs ADD CONSTRAINT jobs_kind_check CHECK (kind IN ('prune'));
DROP TABLE verdicts;
ALTER TABLE site_counters DROP COLUMN flagged;
DROP INDEX replies_flagged;
ALTER TABLE replies DROP COLUMN flagged_at;
DROP TABLE policies;
ALTER TABLE sites DROP COLUMN moderators_change_policy;
ALTER TABLE sites DROP COLUMN policy_version;
