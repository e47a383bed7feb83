-- what happened on a site in a day (UTC, days since 1970-01-01), so that statistics read sums and no rows
CREATE TABLE day_counts (
    site_id BLOB NOT NULL REFERENCES sites (id),
    day INTEGER NOT NULL,
    measure TEXT NOT NULL CHECK (measure IN ('received', 'held', 'decided', 'moderator', 'waited', 'agreed', 'reported', 'closed', 'appealed', 'sanctioned')),
    key TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (site_id, day, measure, key)
) STRICT, WITHOUT ROWID;

-- what the log and the reports tell of before
INSERT INTO day_counts (site_id, day, measure, key, number)
    SELECT site_id, created_at / 86400000000, 'received', to_state, count(*) FROM decisions
    WHERE action = 'post' AND site_id IS NOT NULL AND to_state IS NOT NULL GROUP BY 1, 2, 4;
INSERT INTO day_counts (site_id, day, measure, key, number)
    SELECT site_id, created_at / 86400000000, 'decided', CASE WHEN reason IS NULL THEN action ELSE action || '/' || reason END, count(*)
    FROM decisions WHERE action IN ('approve', 'reject', 'spam', 'restore', 'return', 'undo', 'uphold_appeal', 'overturn_appeal') AND actor_kind <> 'system'
        AND site_id IS NOT NULL AND reply_id IS NOT NULL GROUP BY 1, 2, 4;
INSERT INTO day_counts (site_id, day, measure, key, number)
    SELECT site_id, created_at / 86400000000, 'moderator', lower(substr(hex(actor_id), 1, 8) || '-' || substr(hex(actor_id), 9, 4) || '-' || substr(hex(actor_id), 13, 4)
            || '-' || substr(hex(actor_id), 17, 4) || '-' || substr(hex(actor_id), 21)), count(*)
    FROM decisions WHERE action IN ('approve', 'reject', 'spam', 'restore', 'return', 'undo', 'uphold_appeal', 'overturn_appeal') AND actor_kind <> 'system'
        AND site_id IS NOT NULL AND reply_id IS NOT NULL AND actor_id IS NOT NULL GROUP BY 1, 2, 4;
INSERT INTO day_counts (site_id, day, measure, key, number)
    SELECT r.site_id, p.created_at / 86400000000, 'reported', p.reason, count(*)
    FROM reports p JOIN replies r ON r.id = p.reply_id GROUP BY 1, 2, 4;
INSERT INTO day_counts (site_id, day, measure, key, number)
    SELECT r.site_id, p.closed_at / 86400000000, 'closed', p.outcome, count(*)
    FROM reports p JOIN replies r ON r.id = p.reply_id
    WHERE p.outcome IS NOT NULL AND p.closed_at IS NOT NULL GROUP BY 1, 2, 4;
INSERT INTO day_counts (site_id, day, measure, key, number)
    SELECT site_id, created_at / 86400000000, 'appealed', 'filed', count(*) FROM appeals GROUP BY 1, 2;
INSERT INTO day_counts (site_id, day, measure, key, number)
    SELECT site_id, closed_at / 86400000000, 'appealed', state, count(*) FROM appeals
    WHERE closed_at IS NOT NULL GROUP BY 1, 2, 4;
INSERT INTO day_counts (site_id, day, measure, key, number)
    SELECT site_id, created_at / 86400000000, 'sanctioned', action, count(*) FROM decisions
    WHERE action IN ('warn', 'premoderate', 'slow', 'suspend', 'ban') AND site_id IS NOT NULL GROUP BY 1, 2, 4;
