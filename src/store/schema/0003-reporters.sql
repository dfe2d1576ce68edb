-- Known reporters (policies/reporters).

-- Whose complaint a case is, if that is proven, and its own number as letters
-- quote it.
ALTER TABLE ticket ADD COLUMN profile TEXT;
ALTER TABLE ticket ADD COLUMN quote TEXT;

-- A reporter's number is answered once for each member ('' for none).
CREATE TABLE answered_quote (
    profile TEXT NOT NULL,
    member  TEXT NOT NULL,
    quote   TEXT NOT NULL,
    ticket  INTEGER NOT NULL REFERENCES ticket,
    PRIMARY KEY (profile, member, quote)
) STRICT, WITHOUT ROWID;

-- Who said yes to a proposed profile, by the hash of its file: a changed file
-- needs new approvals. person is the name folded for comparing.
CREATE TABLE profile_approval (
    profile TEXT NOT NULL,
    sha256  TEXT NOT NULL,
    person  TEXT NOT NULL,
    name    TEXT NOT NULL,
    login   TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (profile, sha256, person)
) STRICT, WITHOUT ROWID;
