-- What staff do with cases.

ALTER TABLE ticket ADD COLUMN assigned TEXT;  -- who looks after it
ALTER TABLE ticket ADD COLUMN joined INTEGER REFERENCES ticket; -- to that case
CREATE INDEX ticket_joined ON ticket (joined) WHERE joined IS NOT NULL;

-- Who did what when: what is told to whoever comes second.
CREATE TABLE case_act (
    number INTEGER PRIMARY KEY,
    ticket INTEGER NOT NULL REFERENCES ticket,
    act    TEXT NOT NULL CHECK (act IN ('assigned', 'closed', 'reopened',
                                        'joined', 'entered')),
    at     INTEGER NOT NULL,
    who    TEXT NOT NULL,
    login  TEXT NOT NULL
) STRICT;
CREATE INDEX case_act_by_ticket ON case_act (ticket, number);

-- An answer that only a web form takes: a person enters it.
CREATE TABLE form_task (
    ticket INTEGER PRIMARY KEY REFERENCES ticket,
    form   TEXT NOT NULL,                     -- its address
    done   INTEGER,
    letter INTEGER REFERENCES letter          -- whose text it was, if any
) STRICT;
INSERT INTO form_task (ticket, form)
    SELECT ticket.number,
           substr(said, 1, min(instr(said || ',', ','),
                               instr(said || ';', ';')) - 1)
    FROM (SELECT about, substr(what, instr(what, 'web form only, ') + 15)
                 AS said FROM record
          WHERE kind = 'note' AND what LIKE '%in its web form only, %')
    JOIN ticket ON ticket.id = about
    WHERE ticket.state IN ('triage', 'drafted')
    ON CONFLICT DO NOTHING;

-- A mail that a person took out of the case that it had joined, with what was
-- read in it then.
CREATE TABLE mail_split (
    mail     INTEGER PRIMARY KEY REFERENCES mail,
    parent   INTEGER NOT NULL REFERENCES ticket,
    at       INTEGER NOT NULL,
    who      TEXT NOT NULL,
    login    TEXT NOT NULL,
    findings TEXT
) STRICT;
CREATE INDEX mail_by_joined ON mail (joined) WHERE joined IS NOT NULL;
CREATE INDEX letter_return_by_mail ON letter_return (mail);
