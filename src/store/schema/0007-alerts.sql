-- Matters that people must look at now.

CREATE TABLE alert (
    number    INTEGER PRIMARY KEY,
    ticket    INTEGER NOT NULL UNIQUE REFERENCES ticket,
    kind      TEXT NOT NULL,
    language  TEXT,                          -- of the mail
    page      TEXT NOT NULL,                 -- what the people are told
    made      INTEGER NOT NULL,
    told      INTEGER,                       -- first; NULL: nobody yet
    told_last INTEGER,
    alone     INTEGER NOT NULL DEFAULT 0,    -- told by a mail of its own
    rounds    INTEGER NOT NULL DEFAULT 0,
    taken     INTEGER,
    taken_by  TEXT,
    login     TEXT,
    note      TEXT,
    CHECK ((taken IS NULL) = (taken_by IS NULL))
) STRICT;
CREATE INDEX alert_open ON alert (number) WHERE taken IS NULL;
CREATE INDEX alert_told ON alert (kind, told) WHERE alone = 1;
CREATE INDEX alert_listed ON alert (told) WHERE alone = 0;

-- Which alert a message (its token) was about, for answers to it.
CREATE TABLE alert_mail (
    token TEXT PRIMARY KEY,
    alert INTEGER NOT NULL REFERENCES alert
) STRICT, WITHOUT ROWID;

-- Leaves before letters, and while they are paused.
ALTER TABLE message ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;
