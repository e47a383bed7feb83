-- what happened on a site in a day (UTC, days since 1970-01-01), so that statistics read sums and no rows
CREATE TABLE day_counts (
    site_id UUID NOT NULL REFERENCES sites (id),
    day INTEGER NOT NULL,
    measure TEXT NOT NULL CHECK (measure IN ('received', 'held', 'decided', 'moderator', 'waited', 'agreed', 'reported', 'closed', 'appealed', 'sanctioned')),
    key TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (site_id, day, measure, key)
);

-- what the log and the reports tell of before
INSERT INTO day_counts (site_id, day, measure, key, number)
    SELECT site_id, CAST(floor(extract(epoch FROM created_at) / 86400) AS INTEGER), 'received', to_state, count(*) FROM decisions
    WHERE action = 'post' AND site_id IS NOT NULL AND to_state IS NOT NULL GROUP BY 1, 2, 4;
INSERT INTO day_counts (site_id, day, measure, key, number)
    SELECT site_id, CAST(floor(extract(epoch FROM created_at) / 86400) AS INTEGER), 'decided', CASE WHEN reason IS NULL THEN action ELSE action || '/' || reason END, count(*)
    FROM decisions WHERE action IN ('approve', 'reject', 'spam', 'restore', 'return', 'undo', 'uphold_appeal', 'overturn_appeal') AND actor_kind <> 'system'
        AND site_id IS NOT NULL AND reply_id IS NOT NULL GROUP BY 1, 2, 4;
INSERT INTO day_counts (site_id, day, measure, key, number)
    SELECT site_id, CAST(floor(extract(epoch FROM created_at) / 86400) AS INTEGER), 'moderator', CAST(actor_id AS TEXT), count(*)
    FROM decisions WHERE action IN ('approve', 'reject', 'spam', 'restore', 'return', 'undo', 'uphold_appeal', 'overturn_appeal') AND actor_kind <> 'system'
        AND site_id IS NOT NULL AND reply_id IS NOT NULL AND actor_id IS NOT NULL GROUP BY 1, 2, 4;
INSERT INTO day_counts (site_id, day, measure, key, number)
    SELECT r.site_id, CAST(floor(extract(epoch FROM p.created_at) / 86400) AS INTEGER), 'reported', p.reason, count(*)
    FROM reports p JOIN replies r ON r.id = p.reply_id GROUP BY 1, 2, 4;
INSERT INTO day_counts (site_id, day, measure, key, number)
    SELECT r.site_id, CAST(floor(extract(epoch FROM p.closed_at) / 86400) AS INTEGER), 'closed', p.outcome, count(*)
    FROM reports p JOIN replies r ON r.id = p.reply_id
    WHERE p.outcome IS NOT NULL AND p.closed_at IS NOT NULL GROUP BY 1, 2, 4;
INSERT INTO day_counts (site_id, day, measure, key, number)
    SELECT site_id, CAST(floor(extract(epoch FROM created_at) / 86400) AS INTEGER), 'appealed', 'filed', count(*) FROM appeals GROUP BY 1, 2;
INSERT INTO day_counts (site_id, day, measure, key, number)
    SELECT site_id, CAST(floor(extract(epoch FROM closed_at) / 86400) AS INTEGER), 'appealed', state, count(*) FROM appeals
    WHERE closed_at IS NOT NULL GROUP BY 1, 2, 4;
INSERT INTO day_counts (site_id, day, measure, key, number)
    SELECT site_id, CAST(floor(extract(epoch FROM created_at) / 86400) AS INTEGER), 'sanctioned', action, count(*) FROM decisions
    WHERE action IN ('warn', 'premoderate', 'slow', 'suspend', 'ban') AND site_id IS NOT NULL GROUP BY 1, 2, 4;
