/*
 * trust_inner.h - what trust.c and its neighbours do inside the caller's
 * transaction (internal).
 */
#pragma once

#include "store/database.h"
#include "store/trust.h"

/* As store_challenge_ask; address in lower case (challenges.c). */
bool challenge_ask(Store *store, const NewChallenge *challenge,
                   const char *address, Instant now, GError **error);
/* As store_outbox_hold, of a letter (outbox.c). */
bool outbox_hold(Store *store, int64_t id, const char *why, Instant now,
                 GError **error);
/* As store_trust_step_back. */
bool trust_step_back(Store *store, const char *member, const char *category,
                     int trigger, Instant now, GError **error);
/* A person stopped the letter of a case: was it one that was to leave by
 * itself, or of a kind that does? */
bool trust_note_stop(Store *store, const char *case_id, Instant now,
                     GError **error);
