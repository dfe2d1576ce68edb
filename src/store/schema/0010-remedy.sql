-- Destinations that members agreed to close their exits to.

-- One destination of one case. What is closed is also in members' torrc; the
-- desk only sees it in the public record.
CREATE TABLE remedy (
    number      INTEGER PRIMARY KEY,
    ticket      INTEGER NOT NULL REFERENCES ticket,
    member      TEXT NOT NULL,
    destination TEXT NOT NULL,                -- address or network
    ports       TEXT NOT NULL,                -- "443", "80-90", "*"
    state       TEXT NOT NULL
                CHECK (state IN ('proposed', 'agreed', 'installed',
                                 'withdrawn', 'expired', 'removed')),
    reason      TEXT NOT NULL,
    owner       TEXT NOT NULL,                -- how it is known whose it is
    forced      TEXT,                         -- who answers for its cost, why
    proposed    INTEGER NOT NULL,
    proposed_by TEXT NOT NULL,
    agreed      INTEGER,
    agreed_by   TEXT,                         -- of the member
    expires     INTEGER NOT NULL,
    ended       INTEGER,
    ended_by    TEXT,
    note        TEXT,
    letter      INTEGER REFERENCES letter,    -- that says it is done
    letter_why  TEXT,                         -- why there is none
    CHECK ((agreed IS NULL) = (agreed_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX remedy_once ON remedy (ticket, destination, ports)
    WHERE state IN ('proposed', 'agreed', 'installed');
CREATE INDEX remedy_by_member ON remedy (member, number);

-- How the newest public record shows each of the member's relays.
CREATE TABLE remedy_relay (
    remedy      INTEGER NOT NULL REFERENCES remedy,
    fingerprint TEXT NOT NULL,
    view        TEXT NOT NULL,
    rule        TEXT NOT NULL,                -- that decides, or why unseen
    own_line    INTEGER NOT NULL,
    consensus   INTEGER NOT NULL,             -- looked at
    since       INTEGER,                      -- closed since this consensus
    document_when   INTEGER,                  -- the descriptor, published
    document_sha256 TEXT,
    document_name   TEXT,
    PRIMARY KEY (remedy, fingerprint)
) STRICT, WITHOUT ROWID;
