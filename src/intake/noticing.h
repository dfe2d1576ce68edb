/*
 * noticing.h - the desk looks at its members' relays after each relay update.
 *
 * What changed becomes notices (relay/watch.h) for staff, who ask the member;
 * nothing here changes who is one. Called by the daemon when a newer history is
 * in use, and by "relay import" where no daemon runs.
 */
#pragma once

#include "settings/settings.h"
#include "store/notices.h"

/* Look at all members; *noticed: how many notices there were. Nothing if no
 * contacts and families are known. Errors: those of the store, INVALID. */
bool noticing_look(Store *store, const Settings *settings, Instant now,
                   guint *noticed, GError **error);

/* Addresses at which the desk takes complaints: borrowed texts, NULL-
 * terminated; yours. */
GPtrArray *desk_addresses(const Settings *settings);

/* A person has looked. subject: "ID" for all that wait, "ID N" for one. text:
 * what was done. Errors: MISSING (nothing of that kind waits). */
bool noticing_acknowledge(Store *store, const char *subject, const char *by,
                          const char *note, Instant now, char **text,
                          GError **error);
