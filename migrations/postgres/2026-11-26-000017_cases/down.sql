ALTER TABLE decisions DROP CONSTRAINT decisions_action_check;
ALTER TABLE decisions ADD CONSTRAINT decisions_action_check CHECK (action IN ('post', 'edit', 'withdraw', 'approve',
    'reject', 'spam', 'restore', 'import', 'suspend', 'lift_suspension', 'grant_role', 'revoke_role', 'create_site',
    'change_site', 'close_story', 'reopen_story', 'change_policy', 'judge', 'run_policy', 'cancel_run', 'undo',
    'change_outside_check', 'bulk'));
DROP TABLE reporter_counters;
DROP TABLE cases;
DROP INDEX reports_by_reporter;
ALTER TABLE reports DROP COLUMN outcome;
ALTER TABLE reports DROP COLUMN weight;
-- the latest of each reader
DELETE FROM reports p USING reports q WHERE q.reply_id = p.reply_id AND q.reporter_id = p.reporter_id
    AND (q.created_at, q.id) > (p.created_at, p.id);
ALTER TABLE reports ADD CONSTRAINT reports_reply_id_reporter_id_key UNIQUE (reply_id, reporter_id);
