-- What the gate asks of the past.

-- Since when proven mail of a domain comes.
CREATE TABLE domain_seen (
    domain TEXT PRIMARY KEY,
    since  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The breaker (breaker.c): open while a row is not closed.
CREATE TABLE breaker (
    number       INTEGER PRIMARY KEY,
    opened       INTEGER NOT NULL,
    why          TEXT NOT NULL,
    closed       INTEGER,
    closed_by    TEXT,
    note         TEXT,
    after_letter INTEGER                     -- the newest when it was closed
) STRICT;

-- Mails to ourselves with forged Authentication-Results (probe.c).
CREATE TABLE probe (
    token  TEXT PRIMARY KEY,
    sent   INTEGER NOT NULL,
    came   INTEGER,
    answer TEXT                              -- '' if nothing forged came in
) STRICT;
CREATE INDEX probe_by_time ON probe (sent);

-- Letters ever, approved ones too, as a whole and by template (counts.c).
INSERT INTO letter_count (scope, name, slot, letters)
    SELECT 'ever', '', 0, count(*) FROM outbox HAVING count(*) > 0;
INSERT INTO letter_count (scope, name, slot, letters)
    SELECT 'template', letter.template, 0, count(*) FROM outbox
    JOIN letter ON letter.number = outbox.letter GROUP BY letter.template;
