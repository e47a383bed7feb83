DELETE FROM jobs WHERE kind = 'run_bulk';
ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check;
ALTER TABLE jobs ADD CONSTRAINT jobs_kind_check CHECK (kind IN ('prune', 'run_policy', 'sum_lessons', 'ask_outside',
    'tell_outside', 'rank_queues', 'index_words'));
ALTER TABLE decisions DROP CONSTRAINT decisions_action_check;
ALTER TABLE decisions ADD CONSTRAINT decisions_action_check CHECK (action IN ('post', 'edit', 'withdraw', 'approve',
    'reject', 'spam', 'restore', 'import', 'suspend', 'lift_suspension', 'grant_role', 'revoke_role', 'create_site',
    'change_site', 'close_story', 'reopen_story', 'change_policy', 'judge', 'run_policy',
    'cancel_run', 'undo', 'change_outside_check'));
DROP TABLE bulk_items;
DROP TABLE bulks;
