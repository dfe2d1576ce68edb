-- What came back for letters of ours (returns.c): delivery reports, automatic
-- answers, feedback. fate is 'taken', or why it was only counted.
CREATE TABLE letter_return (
    number INTEGER PRIMARY KEY,
    outbox INTEGER REFERENCES outbox,        -- NULL: no letter of ours
    mail   TEXT NOT NULL,                    -- inbox id
    at     INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    status TEXT,                             -- "5.1.1", where one is stated
    fate   TEXT NOT NULL
) STRICT;
CREATE INDEX letter_return_by_outbox ON letter_return (outbox)
    WHERE outbox IS NOT NULL;
CREATE INDEX letter_return_by_fate ON letter_return (fate, at);

-- The number that a case has in its reporter's own system.
CREATE TABLE reporter_reference (
    ticket    INTEGER NOT NULL REFERENCES ticket,
    reference TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (ticket, reference)
) STRICT, WITHOUT ROWID;
