-- challenges whose solution was used, by what names them; until nobody takes them any more
CREATE TABLE spent_challenges (
    nonce BLOB NOT NULL PRIMARY KEY,
    useless_at INTEGER NOT NULL
) STRICT;
CREATE INDEX spent_challenges_by_time ON spent_challenges (useless_at);
