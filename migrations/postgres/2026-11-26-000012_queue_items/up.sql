-- what waits for a moderator: replies that are pending, reported or flagged
CREATE TABLE queue_items (
    reply_id UUID NOT NULL PRIMARY KEY REFERENCES replies (id),
    site_id UUID NOT NULL REFERENCES sites (id),
    is_pending BOOLEAN NOT NULL,
    is_reported BOOLEAN NOT NULL,
    is_flagged BOOLEAN NOT NULL,
    -- since when it waits without a break
    since TIMESTAMPTZ NOT NULL,
    -- how urgent it is, by what speaks for it
    found_points INTEGER NOT NULL CHECK (found_points >= 0),
    report_points INTEGER NOT NULL CHECK (report_points >= 0),
    reach_points INTEGER NOT NULL CHECK (reach_points >= 0),
    author_points INTEGER NOT NULL CHECK (author_points >= 0),
    -- `since`, earlier by what the points count for: the order of urgency, which time does not change
    due_at TIMESTAMPTZ NOT NULL,
    -- who looks at it, and until when that is believed
    claimed_by UUID REFERENCES accounts (id),
    claimed_until TIMESTAMPTZ,
    CHECK (is_pending OR is_reported OR is_flagged),
    CHECK ((claimed_by IS NULL) = (claimed_until IS NULL))
);
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
        CASE WHEN r.state = 'pending' THEN r.state_changed_at ELSE least(coalesce(r.flagged_at, 'infinity'),
            coalesce((SELECT min(p.created_at) FROM reports p WHERE p.reply_id = r.id AND p.closed_at IS NULL), 'infinity'))
        END AS since
    FROM replies r
    WHERE r.state = 'pending' OR (r.state = 'approved' AND r.open_reports > 0) OR r.flagged_at IS NOT NULL) AS w;

ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check;
ALTER TABLE jobs ADD CONSTRAINT jobs_kind_check CHECK (kind IN ('prune', 'run_policy', 'sum_lessons', 'ask_outside',
    'tell_outside', 'rank_queues'));
