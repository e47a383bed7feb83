-- the log also tells of decisions about many that ended early
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''export_log''', '''export_log'', ''cancel_bulk''')
    WHERE type = 'table' AND name = 'decisions';
PRAGMA writable_schema = RESET;

-- what was done to a story itself, which is little; rows about the replies to it stand in none of this
CREATE INDEX decisions_by_story ON decisions (site_id, story_id, created_at, id)
    WHERE story_id IS NOT NULL AND reply_id IS NULL;
