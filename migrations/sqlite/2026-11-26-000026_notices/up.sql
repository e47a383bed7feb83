-- what moderators decided about notices of one text of a reply, with the reasons that all concerned are told
CREATE TABLE notice_decisions (
    id BLOB NOT NULL PRIMARY KEY,
    site_id BLOB NOT NULL REFERENCES sites (id),
    reply_id BLOB NOT NULL REFERENCES replies (id),
    revision INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('removed', 'kept')),
    -- what the removal rests on: a law, or the site's terms
    basis TEXT CHECK (basis IN ('legal', 'contractual')),
    -- which of them, in words
    provision TEXT,
    reasons TEXT NOT NULL,
    -- automated means found the text or took part in the decision
    is_automated INTEGER NOT NULL CHECK (is_automated IN (0, 1)),
    decided_by BLOB NOT NULL REFERENCES accounts (id),
    decided_at INTEGER NOT NULL,
    CHECK ((outcome = 'removed') = (basis IS NOT NULL))
) STRICT;
CREATE INDEX notice_decisions_by_reply ON notice_decisions (reply_id, decided_at, id);

-- what people say is illegal in a text of a reply (Regulation (EU) 2022/2065, article 16)
CREATE TABLE notices (
    id BLOB NOT NULL PRIMARY KEY,
    site_id BLOB NOT NULL REFERENCES sites (id),
    reply_id BLOB NOT NULL REFERENCES replies (id),
    -- of the text that it is about
    revision INTEGER NOT NULL,
    -- who says so: an account, or a guest by name and e-mail until these are erased
    account_id BLOB REFERENCES accounts (id),
    name TEXT,
    email TEXT,
    -- a keyed hash of who it is, by which the same person is known again; none once it is erased
    notifier BLOB,
    ground TEXT NOT NULL CHECK (ground IN ('child_abuse', 'terrorism', 'hate', 'threats', 'defamation', 'privacy',
        'intellectual_property', 'fraud', 'illegal_goods', 'other')),
    -- the law, in the notifier's words
    law TEXT,
    explanation TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('unconfirmed', 'open', 'decided')),
    -- what it is known by once it was received
    reference TEXT UNIQUE,
    -- of the token in the link that confirms a guest's
    token_hash BLOB UNIQUE,
    created_at INTEGER NOT NULL,
    received_at INTEGER,
    decision_id BLOB REFERENCES notice_decisions (id),
    decided_at INTEGER,
    -- when what names a guest was erased
    erased_at INTEGER,
    CHECK ((state = 'unconfirmed') = (received_at IS NULL)),
    CHECK ((received_at IS NULL) = (reference IS NULL)),
    CHECK ((state = 'decided') = (decided_at IS NOT NULL)),
    CHECK ((decided_at IS NULL) = (decision_id IS NULL))
) STRICT;
CREATE INDEX notices_by_text ON notices (reply_id, revision, state, received_at, id);
CREATE INDEX notices_by_reply ON notices (reply_id, received_at, id) WHERE received_at IS NOT NULL;
-- one of a person and text
CREATE UNIQUE INDEX notices_of_notifier ON notices (reply_id, revision, notifier) WHERE received_at IS NOT NULL;
CREATE INDEX notices_by_notifier ON notices (notifier, state) WHERE notifier IS NOT NULL;
CREATE INDEX notices_unconfirmed ON notices (site_id, created_at, id) WHERE received_at IS NULL;
CREATE INDEX notices_to_erase ON notices (site_id, decided_at, id) WHERE decided_at IS NOT NULL AND erased_at IS NULL;

-- the queue: each text with open notices once, by the oldest of them
CREATE TABLE notice_queue (
    notice_id BLOB NOT NULL PRIMARY KEY REFERENCES notices (id),
    site_id BLOB NOT NULL REFERENCES sites (id),
    reply_id BLOB NOT NULL REFERENCES replies (id),
    revision INTEGER NOT NULL,
    -- when that one was received
    opened_at INTEGER NOT NULL,
    -- how many are open
    notices INTEGER NOT NULL CHECK (notices >= 1),
    UNIQUE (reply_id, revision)
) STRICT;
CREATE INDEX notice_queue_by_site ON notice_queue (site_id, opened_at, notice_id);

-- how many notices of what kind there were on a day (since 1970, UTC)
CREATE TABLE notice_days (
    site_id BLOB NOT NULL REFERENCES sites (id),
    day INTEGER NOT NULL,
    -- what is counted, such as received/hate or decided/kept
    what TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (site_id, day, what)
) STRICT;

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''change_outside_check''',
        '''change_outside_check'', ''receive_notice'', ''decide_notice''')
    WHERE type = 'table' AND name = 'decisions';
UPDATE sqlite_schema SET sql = replace(sql, '''tell_outside''', '''tell_outside'', ''send_mail''')
    WHERE type = 'table' AND name = 'jobs';
PRAGMA writable_schema = RESET;
