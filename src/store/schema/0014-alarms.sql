-- When half of the time is over that a hoster gives for an answer; NULL: it
-- gives none, or people were told.

ALTER TABLE ticket ADD COLUMN alarm INTEGER;
CREATE INDEX ticket_alarm ON ticket (alarm) WHERE alarm IS NOT NULL;
