/*
 * breaker.h - the breaker: when something looks wrong with our letters, no
 * program sends any until a person has looked. See store.h for modes, errors.
 *
 * It opens when more letters are queued within ten minutes than five times
 * what is usual, when letters come back, are complained about, or have no
 * known outcome, and when the clock jumps. It never closes by itself, and
 * what it has seen before it was closed does not open it again.
 */
#pragma once

#include "store/store.h"

#define BREAKER_RATE_TIMES     5  /* the 99th percentile of seven days */
#define BREAKER_LETTERS        50 /* the newest, of which ... */
#define BREAKER_BOUNCES_MAX    5  /* ... so many may come back */
#define BREAKER_COMPLAINTS_MAX 2  /* about our letters in a day */
#define BREAKER_UNKNOWN_MAX    2  /* letters without known outcome in a day */

typedef struct {
    bool is_open;
    Instant since;        /* it was opened, or closed; NONE: never */
    char *why;            /* it is open */
    int64_t after_letter; /* outbox number when it was closed; 0: never */
} BreakerState;
void breaker_state_clear(BreakerState *state);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(BreakerState, breaker_state_clear)
bool store_breaker_state(Store *store, BreakerState *out, GError **error);

/* Look at the counts and open it if need be; burst is what within ten minutes
 * is never too much. */
bool store_breaker_check(Store *store, uint32_t burst, Instant now,
                         bool *is_open, GError **error);
/* Open it for a reason of one's own. Nothing if it is open. */
bool store_breaker_open(Store *store, const char *why, Instant now,
                        GError **error);
/* Close it. Errors: CONFLICT (it is not open), INVALID (nobody closes it). */
bool store_breaker_close(Store *store, const char *by, const char *note,
                         Instant now, GError **error);

/* Somebody complains about a letter of ours, not about a relay. */
bool store_breaker_complaint(Store *store, Instant now, GError **error);
