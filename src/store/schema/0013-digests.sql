-- One letter a day to a reporter that wants a digest (digests.c).

-- Cases that wait for the next one.
CREATE TABLE digest_waiting (
    ticket  INTEGER PRIMARY KEY REFERENCES ticket,
    profile TEXT NOT NULL,
    member  TEXT NOT NULL,
    since   INTEGER NOT NULL
) STRICT;
CREATE INDEX digest_waiting_by_reporter
    ON digest_waiting (profile, member, ticket);

-- What a digest answers; its letter hangs on the first of them, and a draft
-- that a person changed is another letter of the same case.
CREATE TABLE digest_case (
    first  INTEGER NOT NULL REFERENCES ticket,
    ticket INTEGER NOT NULL REFERENCES ticket,
    PRIMARY KEY (first, ticket)
) STRICT, WITHOUT ROWID;
CREATE INDEX digest_case_by_ticket ON digest_case (ticket);
