-- what waits for a moderator: replies that are pending, reported or flagged
CREATE TABLE queue_items (
    reply_id BLOB NOT NULL PRIMARY KEY REFERENCES replies (id),
    site_id BLOB NOT NULL REFERENCES sites (id),
    is_pending INTEGER NOT NULL CHECK (is_pending IN (0, 1)),
    is_reported INTEGER NOT NULL CHECK (is_reported IN (0, 1)),
    is_flagged INTEGER NOT NULL CHECK (is_flagged IN (0, 1)),
    -- since when it waits without a break
    since INTEGER NOT NULL,
    -- how urgent it is, by what speaks for it
    found_points INTEGER NOT NULL CHECK (found_points >= 0),
    report_points INTEGER NOT NULL CHECK (report_points >= 0),
    reach_points INTEGER NOT NULL CHECK (reach_points >= 0),
    author_points INTEGER NOT NULL CHECK (author_points >= 0),
    -- `since`, earlier by what the points count for: the order of urgency, which time does not change
    due_at INTEGER NOT NULL,
    -- who looks at it, and until when that is believed
    claimed_by BLOB REFERENCES accounts (id),
    claimed_until INTEGER,
    CHECK (is_pending OR is_reported OR is_flagged),
    CHECK ((claimed_by IS NULL) = (claimed_until IS NULL))
) STRICT;
CREATE INDEX queue_items_pending_due ON queue_items (site_id, due_at, reply_id) WHERE is_pending;
CREATE INDEX queue_items_pending_since ON queue_items (site_id, since, reply_id) WHERE is_pending;
CREATE INDEX queue_items_reported_due ON queue_items (site_id, due_at, reply_id) WHERE is_reported;
CREATE INDEX queue_items_reported_since ON queue_items (site_id, since, reply_id) WHERE is_reported;
CREATE INDEX queue_items_flagged_due ON queue_items (site_id, due_at, reply_id) WHERE is_flagged;
CREATE INDEX queue_items_flagged_since ON queue_items (site_id, since, reply_id) WHERE is_flagged;
CREATE INDEX queue_items_claimed ON queue_items (claimed_by) WHERE claimed_by IS NOT NULL;

-- what waits already; the next look at the queues gives it its points
INSERT INTO queue_items (reply_id, site_id, is_pending, is_reported, is_flagged, since, found_points, report_points,
    reach_points, author_points, due_at)
SELECT w.id, w.site_id, w.is_pending, w.is_reported, w.is_flagged, w.since, 0, 0, 0, 0, w.since
FROM (SELECT r.id, r.site_id, r.state = 'pending' AS is_pending,
        r.state = 'approved' AND r.open_reports > 0 AS is_reported, r.flagged_at IS NOT NULL AS is_flagged,
        CASE WHEN r.state = 'pending' THEN r.state_changed_at ELSE min(coalesce(r.flagged_at, 9223372036854775807),
            coalesce((SELECT min(p.created_at) FROM reports p WHERE p.reply_id = r.id AND p.closed_at IS NULL), 9223372036854775807))
        END AS since
    FROM replies r
    WHERE r.state = 'pending' OR (r.state = 'approved' AND r.open_reports > 0) OR r.flagged_at IS NOT NULL) AS w;

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''tell_outside''', '''tell_outside'', ''rank_queues''')
    WHERE type = 'table' AND name = 'jobs';
PRAGMA writable_schema = RESET;
