DROP INDEX decisions_by_site;
DROP INDEX decisions_by_actor;
DROP INDEX decisions_by_account;
DROP INDEX decisions_of_oneself;
CREATE INDEX decisions_by_site ON decisions (site_id, created_at, id);
CREATE INDEX decisions_by_actor ON decisions (site_id, actor_id, created_at, id);
CREATE INDEX decisions_by_account ON decisions (site_id, account_id, created_at, id);
