-- What the desk keeps. Times are seconds since 1970 UTC; NULL is "none".
-- States and words are text: a person with sqlite3 must be able to read them.

-- One accepted message. Its bytes and what was read in them stand apart so
-- that a change of state does not rewrite them; salt is the random half of the
-- inbox id (inbox.c). There is no index of delivery_key: see seen.c.
CREATE TABLE mail (
    number        INTEGER PRIMARY KEY,
    salt          INTEGER NOT NULL,
    delivery_key  BLOB NOT NULL,             -- K1
    state         TEXT NOT NULL
                  CHECK (state IN ('received', 'decided', 'parked')),
    way           TEXT NOT NULL,
    envelope_from TEXT NOT NULL,
    recipients    TEXT NOT NULL,             -- one a line, as they came
    received      INTEGER NOT NULL,
    attempts      INTEGER NOT NULL DEFAULT 0,
    disposition   TEXT,
    mail_key      BLOB,                      -- K2
    dkim_key      TEXT,                      -- K4
    joined        TEXT,                      -- the older case it belongs to
    decided       INTEGER
) STRICT;
CREATE INDEX mail_undecided ON mail (number) WHERE state = 'received';
CREATE INDEX mail_parked ON mail (number) WHERE state = 'parked';
CREATE INDEX mail_by_key ON mail (mail_key) WHERE mail_key IS NOT NULL;

CREATE TABLE mail_bytes (
    mail  INTEGER PRIMARY KEY REFERENCES mail,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE mail_findings (
    mail     INTEGER PRIMARY KEY REFERENCES mail,
    findings TEXT NOT NULL                   -- JSON
) STRICT;

-- A case: one complaint x one member.
CREATE TABLE ticket (
    number      INTEGER PRIMARY KEY,
    year        INTEGER NOT NULL,
    serial      INTEGER NOT NULL,            -- the number in the case id
    id          TEXT NOT NULL UNIQUE,
    mail        INTEGER NOT NULL REFERENCES mail,
    member      TEXT,
    state       TEXT NOT NULL CHECK (state IN ('triage', 'drafted', 'sending',
                                               'answered', 'filed', 'closed')),
    category    TEXT NOT NULL,
    verdict     TEXT NOT NULL,
    action      TEXT NOT NULL,
    rule        TEXT NOT NULL,
    why         TEXT NOT NULL,
    reporter    TEXT,
    subject     TEXT,
    received    INTEGER NOT NULL,
    due         INTEGER,
    changed     INTEGER NOT NULL,
    decision    TEXT NOT NULL,               -- JSON
    matches     TEXT,                        -- JSON
    UNIQUE (year, serial)
) STRICT;
CREATE INDEX ticket_by_mail ON ticket (mail);
CREATE INDEX ticket_by_member ON ticket (member, number);
CREATE INDEX ticket_by_reporter ON ticket (reporter, number);
CREATE INDEX ticket_waiting ON ticket (due, received)
    WHERE state IN ('triage', 'drafted');

-- The addresses a case is about, in the text form of base/ipaddress.h.
CREATE TABLE cited_address (
    address TEXT NOT NULL,
    ticket  INTEGER NOT NULL REFERENCES ticket,
    PRIMARY KEY (address, ticket)
) STRICT, WITHOUT ROWID;

-- A composed letter; its bytes and Message-ID never change.
CREATE TABLE letter (
    number           INTEGER PRIMARY KEY,
    ticket           INTEGER NOT NULL REFERENCES ticket,
    made             INTEGER NOT NULL,
    envelope_from    TEXT NOT NULL,
    recipient        TEXT,                   -- NULL: nobody to write to
    message_id       TEXT NOT NULL UNIQUE,
    token            TEXT UNIQUE,            -- of its return path
    subject          TEXT NOT NULL,
    body             TEXT NOT NULL,
    template         TEXT NOT NULL,
    template_version TEXT NOT NULL,
    claims           TEXT NOT NULL,          -- JSON
    bytes            BLOB NOT NULL
) STRICT;
CREATE INDEX letter_by_ticket ON letter (ticket);
CREATE TRIGGER letter_is_fixed BEFORE UPDATE ON letter
BEGIN SELECT RAISE(ABORT, 'a letter never changes'); END;

-- A letter that waits for a yes.
CREATE TABLE draft (
    letter     INTEGER PRIMARY KEY REFERENCES letter,
    state      TEXT NOT NULL
               CHECK (state IN ('waiting', 'approved', 'stopped', 'sent')),
    decided    INTEGER,
    decided_by TEXT,
    note       TEXT,
    send_at    INTEGER
) STRICT;
CREATE INDEX draft_waiting ON draft (letter) WHERE state = 'waiting';

-- A letter on its way; at most one row a letter, ever.
CREATE TABLE outbox (
    number          INTEGER PRIMARY KEY,
    letter          INTEGER NOT NULL UNIQUE REFERENCES letter,
    ticket          INTEGER NOT NULL REFERENCES ticket,
    automatic       INTEGER NOT NULL,
    state           TEXT NOT NULL
                    CHECK (state IN ('waiting', 'sending', 'retry', 'sent',
                                     'failed', 'held', 'stopped')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    dot_sent        INTEGER NOT NULL DEFAULT 0, -- of the attempt under way
    unknown_times   INTEGER NOT NULL DEFAULT 0, -- attempts of unknown outcome
    queued          INTEGER NOT NULL,
    next_at         INTEGER NOT NULL,
    sent            INTEGER,
    last_reply      TEXT
) STRICT;
CREATE INDEX outbox_due ON outbox (next_at, number)
    WHERE state IN ('waiting', 'retry');
CREATE INDEX outbox_sending ON outbox (number) WHERE state = 'sending';
CREATE INDEX outbox_failed ON outbox (number) WHERE state IN ('failed', 'held');
CREATE INDEX outbox_by_ticket ON outbox (ticket);
CREATE INDEX outbox_sent ON outbox (sent) WHERE state = 'sent';

-- Automatic letters per scope and slot of five minutes (counts.c).
CREATE TABLE letter_count (
    scope   TEXT NOT NULL,                   -- all, address, domain, member
    name    TEXT NOT NULL,
    slot    INTEGER NOT NULL,
    letters INTEGER NOT NULL,
    PRIMARY KEY (scope, name, slot)
) STRICT, WITHOUT ROWID;

-- A DKIM signature is answered once (K4).
CREATE TABLE answered_signature (
    dkim_key TEXT PRIMARY KEY,
    ticket   INTEGER NOT NULL REFERENCES ticket
) STRICT, WITHOUT ROWID;

-- Addresses that are not written to for a while, in counting form.
CREATE TABLE suppression (
    address TEXT PRIMARY KEY,
    until   INTEGER NOT NULL,
    why     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The hash-chained record (record.c): appended, never edited.
CREATE TABLE record (
    sequence   INTEGER PRIMARY KEY,
    about      TEXT NOT NULL,                -- case id, inbox id or 'desk'
    number     INTEGER NOT NULL,             -- within about, from 1
    at         INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    salt       BLOB NOT NULL,
    what       TEXT NOT NULL,
    detail     TEXT,
    hash       BLOB NOT NULL,
    UNIQUE (about, number)
) STRICT;
CREATE TRIGGER record_is_kept BEFORE DELETE ON record
BEGIN SELECT RAISE(ABORT, 'the record is never shortened'); END;
CREATE TRIGGER record_is_fixed BEFORE UPDATE ON record
BEGIN SELECT RAISE(ABORT, 'the record is never edited'); END;

-- Single facts: the record's head, the pause switch, secrets.
CREATE TABLE fact (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE pause (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    since    INTEGER NOT NULL,
    who      TEXT NOT NULL,
    why      TEXT NOT NULL
) STRICT;
