-- What each of members' relays let out when the desk looked last, as
-- relay/portpolicy.h stores it; NULL: not known.

ALTER TABLE watched_relay ADD COLUMN policy TEXT;
