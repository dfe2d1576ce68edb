/*
 * probe.h - mails that the desk sends itself with forged results in them, to
 * see that the mail server takes them out (probing.h). See store.h for modes
 * and errors.
 */
#pragma once

#include "store/messages.h"

/* A clean probe counts for a day, and two hours for the next to come home. */
#define PROBE_EVERY_S INSTANT_DAY_S
#define PROBE_VALID_S (26 * INSTANT_HOUR_S)
/* One that is not home by then is lost; then the next is tried so often. */
#define PROBE_WAIT_S  (15 * 60)
#define PROBE_AGAIN_S INSTANT_HOUR_S

typedef struct {
    bool is_proven;    /* the newest that came was clean, and is new enough */
    bool is_under_way; /* the newest may still come, and none failed since
                          the desk started */
    bool is_home;      /* the newest came, clean or not */
    bool is_lost;      /* the newest did not come in time */
    Instant sent;      /* the newest; NONE: none was */
    Instant came;      /* the newest that did */
    char *got_through; /* what was wrong with that; NULL: nothing */
} ProbeState;
void probe_state_clear(ProbeState *state);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ProbeState, probe_state_clear)

/* started: the desk's; what came before does not count. 0: any will do. */
bool store_probe_state(Store *store, Instant started, Instant now,
                       ProbeState *out, GError **error);

/* Note a probe and queue its message. */
bool store_probe_send(Store *store, const char *token,
                      const NewMessage *message, Instant now, GError **error);
/* Is it the token of one? */
bool store_probe_exists(Store *store, const char *token, bool *found,
                        GError **error);
/* Put on record those that did not come in time. *lost: there was one. */
bool store_probe_lose(Store *store, Instant now, bool *lost, GError **error);
/* It came in; got_through "" if nothing did. The first time counts. Errors:
 * MISSING (no such probe). */
bool store_probe_came(Store *store, const char *token, const char *got_through,
                      Instant now, GError **error);
