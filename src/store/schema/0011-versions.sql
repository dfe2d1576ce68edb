-- Letters that people change: each change is a letter of its own.

-- version counts the letters of a case. changed_by is NULL where the program
-- wrote it; "replaced" is a version that a later one stands for.
CREATE TABLE draft_with_versions (
    letter     INTEGER PRIMARY KEY REFERENCES letter,
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'stopped',
                                              'sent', 'replaced')),
    decided    INTEGER,
    decided_by TEXT,
    note       TEXT,
    send_at    INTEGER,
    version    INTEGER NOT NULL,
    replaces   INTEGER REFERENCES letter,    -- that it was made from
    changed_by TEXT,
    change     TEXT,                         -- in a few words
    source     TEXT,                         -- whence the recipient's address
    checked_by TEXT                          -- who went through the checklist
) STRICT;
INSERT INTO draft_with_versions (letter, state, decided, decided_by, note,
                                 send_at, version)
    SELECT draft.letter, draft.state, draft.decided, draft.decided_by,
           draft.note, draft.send_at,
           (SELECT 1 + count(*) FROM letter AS mine
            JOIN letter AS other ON other.ticket = mine.ticket
            WHERE mine.number = draft.letter AND other.number < mine.number)
    FROM draft;
DROP TABLE draft;
ALTER TABLE draft_with_versions RENAME TO draft;
CREATE INDEX draft_waiting ON draft (letter) WHERE state = 'waiting';
