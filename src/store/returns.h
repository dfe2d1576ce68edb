/*
 * returns.h - what came back for a letter of ours, and what follows from it.
 * See store.h for modes and errors.
 *
 * Nothing here ever causes a mail. What is not believed is counted, and that
 * is all.
 */
#pragma once

#include "store/store.h"

#define RETURN_DAYS_MAX 30 /* after the letter left; a queue keeps it for 5 */

/* Is it one to be believed? Order and words are stored. */
typedef enum {
    FATE_TAKEN,
    FATE_FORGED,    /* to a return path that we never made */
    FATE_NOT_NULL,  /* to one that we made, but from somebody */
    FATE_NO_LETTER, /* the letter is not one of ours */
    FATE_NOT_SENT,  /* the letter has not left yet */
    FATE_TOO_LATE,  /* it left more than RETURN_DAYS_MAX ago */
    FATE_AGAIN,     /* the same was said before */
} ReturnFate;
const char *return_fate_word(ReturnFate fate); /* "taken", "not-null" */

typedef struct {
    const char *inbox_id;
    const char *token;      /* of the return path, checked; or NULL */
    const char *message_id; /* of the letter, where the token is not known */
    const Returned *returned;
    Instant now;
} LetterReturn;

/* What would become of it. TAKEN: the case comes out, yours. */
bool store_return_judge(Store *store, const LetterReturn *back,
                        ReturnFate *fate, char **case_id, GError **error);

/* Judge it and do what follows, in one transaction:
 *   failed     sent -> failed, the case back to staff; 5.x.x: no automatic
 *              letter to the address for 90 days; else for 7 days from the
 *              third letter within 30 days that came back
 *   feedback   no automatic letter for a year, the case back to staff
 *   challenge, unclear: the case back to staff
 *   receipt    their number is kept for the case
 * and an entry in the record, each. Counted only if it is not TAKEN. */
bool store_return(Store *store, const LetterReturn *back, GError **error);

/* Only count it. */
bool store_return_count(Store *store, const LetterReturn *back, ReturnFate fate,
                        GError **error);

/* An automatic answer that joined a case by another way than the return path:
 * the entry, the number, and for a challenge the case back to staff. */
bool store_return_to_case(Store *store, const char *case_id,
                          const LetterReturn *back, GError **error);

/* How many since then had that fate. */
bool store_returns_since(Store *store, ReturnFate fate, Instant since,
                         uint32_t *out, GError **error);
