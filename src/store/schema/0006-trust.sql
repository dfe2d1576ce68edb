-- How far letters in a member's name go by themselves (trust.c).

-- What a member agreed to and its switches. A row stands from the first
-- invitation, pause or end on; NULL is "not".
CREATE TABLE trust_member (
    member         TEXT PRIMARY KEY,
    consent        INTEGER,
    consent_by     TEXT,
    consent_text   TEXT,                      -- version of the words
    consent_sha256 TEXT,                      -- of the words as sent
    consent_mail   TEXT,                      -- inbox id of the answer
    withdrawn      INTEGER,
    paused         INTEGER,
    paused_by      TEXT,
    paused_why     TEXT,
    ends           INTEGER,
    stop_token     TEXT UNIQUE                -- mail to its address pauses
) STRICT, WITHOUT ROWID;

CREATE TABLE trust_level (
    member   TEXT NOT NULL,
    category TEXT NOT NULL,
    level    TEXT NOT NULL CHECK (level IN ('off', 'hold', 'auto')),
    since    INTEGER NOT NULL,
    who      TEXT NOT NULL,
    why      TEXT NOT NULL,
    texts    TEXT,                            -- "TEMPLATE VERSION" a line
    rule     TEXT,                            -- hash of the policy's rule
    PRIMARY KEY (member, category)
) STRICT, WITHOUT ROWID;

-- What an answer to a question (challenge) means: consent, or one step.
CREATE TABLE trust_question (
    token_hash  BLOB PRIMARY KEY,
    member      TEXT NOT NULL,
    address     TEXT NOT NULL,                -- lower case
    kind        TEXT NOT NULL CHECK (kind IN ('consent', 'step')),
    category    TEXT NOT NULL,                -- of a step; else ''
    text        TEXT NOT NULL,                -- version of the words
    sha256      TEXT NOT NULL,
    asked       INTEGER NOT NULL,
    expires     INTEGER NOT NULL,
    answered    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX trust_question_by_member
    ON trust_question (member, kind, category, asked);

-- Automatic steps back; each is told once.
CREATE TABLE trust_event (
    number   INTEGER PRIMARY KEY,
    member   TEXT NOT NULL,
    category TEXT NOT NULL,
    cause    TEXT NOT NULL,
    at       INTEGER NOT NULL,
    told     INTEGER
) STRICT;
CREATE INDEX trust_event_untold ON trust_event (number) WHERE told IS NULL;

-- Who said yes to a letter that two must read; person is folded.
CREATE TABLE trust_yes (
    letter INTEGER NOT NULL REFERENCES letter,
    person TEXT NOT NULL,
    name   TEXT NOT NULL,
    login  TEXT NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (letter, person)
) STRICT, WITHOUT ROWID;
