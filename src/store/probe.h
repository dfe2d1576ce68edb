/*
 * probe.h - mails that the desk sends itself with forged results in them, to
 * see that the mail server takes them out. See store.h for modes and errors.
 */
#pragma once

#include "store/store.h"

/* How long a good probe counts; they are sent once a day. */
#define PROBE_VALID_S (26 * INSTANT_HOUR_S)

typedef struct {
    bool is_proven;    /* the newest that came was clean, and is new enough */
    Instant sent;      /* the newest; NONE: none was */
    Instant came;      /* the newest that did */
    char *got_through; /* what was wrong with that; NULL: nothing */
} ProbeState;
void probe_state_clear(ProbeState *state);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ProbeState, probe_state_clear)

/* started: the desk's; older probes do not count. 0: any will do. */
bool store_probe_state(Store *store, Instant started, Instant now,
                       ProbeState *out, GError **error);

bool store_probe_sent(Store *store, const char *token, Instant now,
                      GError **error);
/* It came in; got_through "" if nothing did. The first time counts. Errors:
 * MISSING (no such probe). */
bool store_probe_came(Store *store, const char *token, const char *got_through,
                      Instant now, GError **error);
