-- one of a refusal is decided about: what is refused anew may be appealed anew
DROP INDEX appeals_once;
CREATE UNIQUE INDEX appeals_once ON appeals (reply_id, refused_version) WHERE state <> 'moot';
