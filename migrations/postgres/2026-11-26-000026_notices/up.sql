-- what moderators decided about notices of one text of a reply, with the reasons that all concerned are told
CREATE TABLE notice_decisions (
    id UUID NOT NULL PRIMARY KEY,
    site_id UUID NOT NULL REFERENCES sites (id),
    reply_id UUID NOT NULL REFERENCES replies (id),
    revision INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('removed', 'kept')),
    -- what the removal rests on: a law, or the site's terms
    basis TEXT CHECK (basis IN ('legal', 'contractual')),
    -- which of them, in words
    provision TEXT,
    reasons TEXT NOT NULL,
    -- automated means found the text or took part in the decision
    is_automated BOOLEAN NOT NULL,
    decided_by UUID NOT NULL REFERENCES accounts (id),
    decided_at TIMESTAMPTZ NOT NULL,
    CHECK ((outcome = 'removed') = (basis IS NOT NULL))
);
CREATE INDEX notice_decisions_by_reply ON notice_decisions (reply_id, decided_at, id);

-- what people say is illegal in a text of a reply (Regulation (EU) 2022/2065, article 16)
CREATE TABLE notices (
    id UUID NOT NULL PRIMARY KEY,
    site_id UUID NOT NULL REFERENCES sites (id),
    reply_id UUID NOT NULL REFERENCES replies (id),
    -- of the text that it is about
    revision INTEGER NOT NULL,
    -- who says so: an account, or a guest by name and e-mail until these are erased
    account_id UUID REFERENCES accounts (id),
    name TEXT,
    email TEXT,
    -- a keyed hash of who it is, by which the same person is known again; none once it is erased
    notifier BYTEA,
    ground TEXT NOT NULL CHECK (ground IN ('child_abuse', 'terrorism', 'hate', 'threats', 'defamation', 'privacy',
        'intellectual_property', 'fraud', 'illegal_goods', 'other')),
    -- the law, in the notifier's words
    law TEXT,
    explanation TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('unconfirmed', 'open', 'decided')),
    -- what it is known by once it was received
    reference TEXT UNIQUE,
    -- of the token in the link that confirms a guest's
    token_hash BYTEA UNIQUE,
    created_at TIMESTAMPTZ NOT NULL,
    received_at TIMESTAMPTZ,
    decision_id UUID REFERENCES notice_decisions (id),
    decided_at TIMESTAMPTZ,
    -- when what names a guest was erased
    erased_at TIMESTAMPTZ,
    CHECK ((state = 'unconfirmed') = (received_at IS NULL)),
    CHECK ((received_at IS NULL) = (reference IS NULL)),
    CHECK ((state = 'decided') = (decided_at IS NOT NULL)),
    CHECK ((decided_at IS NULL) = (decision_id IS NULL))
);
CREATE INDEX notices_by_text ON notices (reply_id, revision, state, received_at, id);
CREATE INDEX notices_by_reply ON notices (reply_id, received_at, id) WHERE received_at IS NOT NULL;
-- one of a person and text
CREATE UNIQUE INDEX notices_of_notifier ON notices (reply_id, revision, notifier) WHERE received_at IS NOT NULL;
CREATE INDEX notices_by_notifier ON notices (notifier, state) WHERE notifier IS NOT NULL;
CREATE INDEX notices_unconfirmed ON notices (site_id, created_at, id) WHERE received_at IS NULL;
CREATE INDEX notices_to_erase ON notices (site_id, decided_at, id) WHERE decided_at IS NOT NULL AND erased_at IS NULL;

-- the queue: each text with open notices once, by the oldest of them
CREATE TABLE notice_queue (
    notice_id UUID NOT NULL PRIMARY KEY REFERENCES notices (id),
    site_id UUID NOT NULL REFERENCES sites (id),
    reply_id UUID NOT NULL REFERENCES replies (id),
    revision INTEGER NOT NULL,
    -- when that one was received
    opened_at TIMESTAMPTZ NOT NULL,
    -- how many are open
    notices INTEGER NOT NULL CHECK (notices >= 1),
    UNIQUE (reply_id, revision)
);
CREATE INDEX notice_queue_by_site ON notice_queue (site_id, opened_at, notice_id);

-- how many notices of what kind there were on a day (since 1970, UTC)
CREATE TABLE notice_days (
    site_id UUID NOT NULL REFERENCES sites (id),
    day INTEGER NOT NULL,
    -- what is counted, such as received/hate or decided/kept
    what TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (site_id, day, what)
);

-- two more actions and a kind of job, whatever other migrations have added
DO $$
DECLARE allowed text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'decisions'::regclass AND conname = 'decisions_action_check';
    EXECUTE 'ALTER TABLE decisions DROP CONSTRAINT decisions_action_check, ADD CONSTRAINT decisions_action_check '
        || replace(allowed, '''change_outside_check''::text',
            '''change_outside_check''::text, ''receive_notice''::text, ''decide_notice''::text');
    SELECT pg_get_constraintdef(oid) INTO allowed FROM pg_constraint
        WHERE conrelid = 'jobs'::regclass AND conname = 'jobs_kind_check';
    EXECUTE 'ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check, ADD CONSTRAINT jobs_kind_check '
        || replace(allowed, '''tell_outside''::text', '''tell_outside''::text, ''send_mail''::text');
END $$;
