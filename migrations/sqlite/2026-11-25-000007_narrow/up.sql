-- What somebody did with his own is found under him in one index, not in two. Posts, most of the log, are found by their
-- action and left out of the index by time.
DROP INDEX decisions_by_site;
DROP INDEX decisions_by_actor;
DROP INDEX decisions_by_account;
CREATE INDEX decisions_by_site ON decisions (site_id, created_at, id) WHERE action <> 'post';
CREATE INDEX decisions_of_oneself ON decisions (site_id, account_id, created_at, id)
    WHERE (actor_id = account_id) IS TRUE;
CREATE INDEX decisions_by_account ON decisions (site_id, account_id, created_at, id)
    WHERE account_id IS NOT NULL AND (actor_id = account_id) IS NOT TRUE;
CREATE INDEX decisions_by_actor ON decisions (site_id, actor_id, created_at, id)
    WHERE actor_id IS NOT NULL AND (actor_id = account_id) IS NOT TRUE;
