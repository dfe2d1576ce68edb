-- Where a relay's address last was, as unsigned hints say; NULL: not known.
ALTER TABLE watched_relay ADD COLUMN country TEXT;
