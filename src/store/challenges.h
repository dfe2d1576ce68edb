/*
 * challenges.h - which of members' addresses somebody was shown to read.
 * See store.h for modes and errors.
 *
 * A question goes to the address with a token that is used once; who answers
 * with it reads the address. Each step is an entry of the record, about
 * "member:ID".
 */
#pragma once

#include "store/messages.h"

#define CHALLENGE_EXPIRES_S (7 * INSTANT_DAY_S)
/* People change; the same half year as for proofs of domains. */
#define CHALLENGE_HOLDS_S (183 * INSTANT_DAY_S)
/* Nobody may be mailed by us because somebody mistyped, or plays. */
#define CHALLENGE_DAY_MAX 3

typedef struct {
    const char *member, *address, *by;
    const uint8_t *token_hash; /* 32 bytes */
    const NewMessage *message;
} NewChallenge;

/* Ask. Errors: LIMIT (CHALLENGE_DAY_MAX to that address within a day). */
bool store_challenge_ask(Store *store, const NewChallenge *challenge,
                         Instant now, GError **error);

typedef enum {
    CHALLENGE_CONFIRMED,
    CHALLENGE_UNKNOWN, /* no such token */
    CHALLENGE_USED,    /* answered before */
    CHALLENGE_LATE,    /* it has expired */
} ChallengeResult;

/* Does such a token exist, used or not? */
bool store_challenge_exists(Store *store, const uint8_t token_hash[32],
                            bool *found, GError **error);
/* The token came back, by way "mail" or "console", of whom. member and address
 * (or NULL) come out, yours. */
bool store_challenge_answer(Store *store, const uint8_t token_hash[32],
                            const char *by, const char *way, Instant now,
                            ChallengeResult *result, char **member,
                            char **address, GError **error);
/* A program answered for the address (vacation): noted, nothing else. */
bool store_challenge_noise(Store *store, const uint8_t token_hash[32],
                           const char *why, Instant now, GError **error);

/* What is known of one address of a member. */
typedef struct {
    char *member, *address;
    Instant asked, expires; /* of the last question; NONE: never */
    char *asked_by;
    Instant verified; /* last answer; NONE: never */
    char *verified_by, *way;
} ContactRow;
void contact_row_free(ContactRow *row);
/* Array of ContactRow, by member and address. */
GPtrArray *store_contacts(Store *store, GError **error);

typedef enum {
    CONTACT_CLAIMED,
    CONTACT_VERIFIED,
    CONTACT_EXPIRED
} ContactState;
const char *contact_state_word(ContactState state);
/* row NULL: claimed. */
ContactState contact_state(const ContactRow *row, Instant now);
