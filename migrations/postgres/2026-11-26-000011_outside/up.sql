-- whether somebody outside is asked about the site's replies: what `outside_checks` has a row for
ALTER TABLE sites ADD COLUMN asks_outside BOOLEAN NOT NULL DEFAULT false;
-- raised by each change of that, also by the one that ends it
ALTER TABLE sites ADD COLUMN outside_version BIGINT NOT NULL DEFAULT 0;

-- who is asked
CREATE TABLE outside_checks (
    site_id UUID NOT NULL PRIMARY KEY REFERENCES sites (id),
    kind TEXT NOT NULL CHECK (kind IN ('webhook', 'akismet')),
    -- of the endpoint, or of the service that speaks Akismet's protocol
    url TEXT NOT NULL,
    -- the site's front page, by which such a service knows it
    blog_url TEXT,
    -- encrypted, as is the one that it took the place of
    secret TEXT NOT NULL,
    former_secret TEXT,
    author_id UUID REFERENCES accounts (id),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
