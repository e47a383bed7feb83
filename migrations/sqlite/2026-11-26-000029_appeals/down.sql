-- of several about a reply the last one counts
UPDATE appeals SET state = 'moot' WHERE state <> 'moot' AND EXISTS (SELECT 1 FROM appeals y
    WHERE y.reply_id = appeals.reply_id AND y.state <> 'moot' AND (y.created_at, y.id) > (appeals.created_at, appeals.id));
DROP INDEX appeals_once;
CREATE UNIQUE INDEX appeals_once ON appeals (reply_id) WHERE state <> 'moot';
