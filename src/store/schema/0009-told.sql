-- What members' people were told by mail, and what they answered.

-- The member whose keys a message is encrypted for; NULL: nobody's.
ALTER TABLE message ADD COLUMN readers TEXT;
CREATE INDEX message_by_recipient ON message (recipient, queued);

-- A draft put before a person; one row for both, ever.
CREATE TABLE told_draft (
    letter  INTEGER NOT NULL REFERENCES letter,
    address TEXT NOT NULL,                    -- lower case
    member  TEXT NOT NULL,
    token   TEXT NOT NULL UNIQUE,             -- of the address for answers
    first   INTEGER NOT NULL,
    last    INTEGER NOT NULL,
    times   INTEGER NOT NULL,
    next_at INTEGER,                          -- NULL: never again
    PRIMARY KEY (letter, address)
) STRICT;

-- A person's last digest; member '' for staff.
CREATE TABLE told_person (
    member  TEXT NOT NULL,
    address TEXT NOT NULL,
    day     TEXT NOT NULL,                    -- of the person's calendar
    at      INTEGER NOT NULL,
    PRIMARY KEY (member, address)
) STRICT, WITHOUT ROWID;

-- A mail that answers one of ours to a member's person.
CREATE TABLE told_answer (
    number  INTEGER PRIMARY KEY,
    what    TEXT NOT NULL CHECK (what IN ('approved', 'stopped', 'message',
                                          'refused', 'noise')),
    why     TEXT NOT NULL,
    member  TEXT NOT NULL,
    case_id TEXT,
    sender  TEXT,
    mail    TEXT NOT NULL,                    -- inbox id
    at      INTEGER NOT NULL,
    seen    INTEGER,
    seen_by TEXT
) STRICT;
CREATE INDEX told_answer_open ON told_answer (number)
    WHERE seen IS NULL AND what IN ('message', 'refused');
