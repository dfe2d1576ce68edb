-- Questions to members' addresses, and mail of ours that answers no complaint.

-- "Do you read this address for that member?" The token stands only in the
-- message, until that is gone; here is its SHA-256.
CREATE TABLE challenge (
    number      INTEGER PRIMARY KEY,
    member      TEXT NOT NULL,
    address     TEXT NOT NULL,                -- lower case
    token_hash  BLOB NOT NULL UNIQUE,
    asked       INTEGER NOT NULL,
    asked_by    TEXT NOT NULL,
    expires     INTEGER NOT NULL,
    answered    INTEGER,
    answered_by TEXT,
    way         TEXT CHECK (way IN ('mail', 'console')),
    CHECK ((answered IS NULL) = (way IS NULL))
) STRICT;
CREATE INDEX challenge_by_address ON challenge (address, asked);
CREATE TRIGGER challenge_is_used_once BEFORE UPDATE ON challenge
WHEN OLD.answered IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a challenge is answered once'); END;

-- Messages on their way, with the states of the outbox.
CREATE TABLE message (
    number        INTEGER PRIMARY KEY,
    about         TEXT NOT NULL,              -- of its entries in the record
    envelope_from TEXT NOT NULL,
    recipient     TEXT NOT NULL,
    token         TEXT NOT NULL UNIQUE,       -- of its return path
    bytes         BLOB,                       -- NULL once it is done with
    sha256        BLOB NOT NULL,
    state         TEXT NOT NULL
                  CHECK (state IN ('waiting', 'sending', 'retry', 'sent',
                                   'failed', 'held')),
    attempts      INTEGER NOT NULL DEFAULT 0,
    dot_sent      INTEGER NOT NULL DEFAULT 0,
    unknown_times INTEGER NOT NULL DEFAULT 0,
    queued        INTEGER NOT NULL,
    next_at       INTEGER NOT NULL,
    sent          INTEGER,
    last_reply    TEXT
) STRICT;
CREATE INDEX message_due ON message (next_at, number)
    WHERE state IN ('waiting', 'retry');

-- How a member's relay was when the desk looked last, so that a change is told
-- once; "*" holds what claims to be the member's. Lists are of words with
-- blanks between, sorted.
CREATE TABLE watched_relay (
    member      TEXT NOT NULL,
    fingerprint TEXT NOT NULL,                -- 40 hex digits, or '*'
    listed      INTEGER NOT NULL,             -- in the consensus looked at
    addresses   TEXT NOT NULL,
    contact     TEXT,                         -- NULL: not known
    relatives   TEXT NOT NULL,                -- in both directions
    sharers     TEXT NOT NULL,                -- strangers on its addresses
    proof       TEXT NOT NULL,                -- word of its domain's proof
    PRIMARY KEY (member, fingerprint)
) STRICT, WITHOUT ROWID;

-- A change of a member's relays that waits for a person.
CREATE TABLE notice (
    number   INTEGER PRIMARY KEY,
    member   TEXT NOT NULL,
    kind     TEXT NOT NULL,
    relay    TEXT,                            -- NULL: of several
    what     TEXT NOT NULL,
    holds    INTEGER NOT NULL,                -- letters wait until then
    noticed  INTEGER NOT NULL,
    as_of    INTEGER NOT NULL,                -- the consensus
    settled  INTEGER,
    settled_by TEXT,
    note     TEXT
) STRICT;
CREATE INDEX notice_open ON notice (member, number) WHERE settled IS NULL;
