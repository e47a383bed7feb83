-- What a site's mails are headed with, as #rrggbb; null: nothing was chosen.
ALTER TABLE sites ADD COLUMN colour TEXT CHECK (length(colour) = 7);
