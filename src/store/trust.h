/*
 * trust.h - what members agreed to, and how far their letters go by
 * themselves. See store.h for modes and errors; policy/trust.h for the rules.
 *
 * Each change is an entry of the record, about "member:ID", with who and why.
 * What lowers trust acts at once: the letters of that member that wait in the
 * outbox are held in the same transaction.
 */
#pragma once

#include "policy/trust.h"
#include "store/challenges.h"

/* What is kept; never NULL without an error. approved is counted only if
 * wanted: it is slow, and only a mentor needs it. */
TrustState *store_trust(Store *store, const char *member, bool count_approved,
                        GError **error);

/* Set a level by hand. texts and rule: what was agreed to, or NULL. */
bool store_trust_set(Store *store, const char *member, const TrustLevel *level,
                     Instant now, GError **error);
/* An automatic step from auto to hold, for the trigger of that index. Tells
 * staff by a notice and leaves an event for the member. Nothing if the level
 * kept is below auto. */
bool store_trust_step_back(Store *store, const char *member,
                           const char *category, int trigger, Instant now,
                           GError **error);

/* Pause or resume one member's letters. Errors: CONFLICT (it is so). */
bool store_trust_pause(Store *store, const char *member, bool paused,
                       const char *by, const char *why, Instant now,
                       GError **error);
/* No letter from that moment on. */
bool store_trust_end(Store *store, const char *member, Instant when,
                     const char *by, const char *why, Instant now,
                     GError **error);
/* The member takes its consent back. Errors: CONFLICT (none is there). */
bool store_trust_withdraw(Store *store, const char *member, const char *by,
                          const char *why, Instant now, GError **error);

/* ---- asking ------------------------------------------------------------- */

typedef struct {
    const char *kind;     /* "consent" or "step" */
    const char *category; /* of a step; else "" */
    const char *text;     /* version of the words */
    const char *sha256;   /* hex, of the words as sent */
    const NewChallenge *challenge;
} TrustQuestion;
/* As store_challenge_ask, with what an answer means. */
bool store_trust_ask(Store *store, const TrustQuestion *question, Instant now,
                     GError **error);
/* Whose address was asked, if the token is one of these questions; NULL
 * without error if not. Yours. */
char *store_trust_asked(Store *store, const uint8_t token_hash[32],
                        GError **error);
/* A token was confirmed (store_challenge_answer): keep what that means.
 * Nothing if it only verifies an address. mail: inbox id or NULL. *done tells
 * what, yours; NULL if nothing. */
bool store_trust_agreed(Store *store, const uint8_t token_hash[32],
                        const char *by, const char *mail, Instant now,
                        char **done, GError **error);
/* Whose letter is that of a case, and did it leave by itself? NULLs if there
 * is no such case, or it is no member's. */
bool store_trust_case(Store *store, const char *case_id, char **member,
                      char **category, bool *was_automatic, GError **error);
/* When the member agreed to the step, or was asked for it last; NONE. */
bool store_trust_step(Store *store, const char *member, const char *category,
                      Instant *asked, Instant *agreed, GError **error);

/* The secret in the address by which a contact stops everything. Yours. */
char *store_trust_stop_token(Store *store, const char *member, GError **error);
/* Whose it is; NULL without error if nobody's. Yours. */
char *store_trust_stop_member(Store *store, const char *token, GError **error);

/* The member's own record, entry 1 first. Array of RecordEntry. */
GPtrArray *store_trust_record(Store *store, const char *member, GError **error);
/* Does the mail of a case concern nobody but its member? */
bool store_trust_is_alone(Store *store, const char *case_id, bool *alone,
                          GError **error);

/* ---- looking ------------------------------------------------------------ */

/* The last decided drafts of the kind, at most max: how many, how many of
 * them approved unchanged. */
bool store_trust_drafts(Store *store, const char *member, const char *category,
                        guint max, guint *decided, guint *approved,
                        GError **error);
/* Did a notice tell of a change of the relays since? */
bool store_trust_relays_changed(Store *store, const char *member, Instant since,
                                bool *changed, GError **error);

typedef struct {
    int64_t number;
    char *member, *category, *cause;
    Instant at, told; /* told NONE: not yet */
} TrustEvent;
void trust_event_free(TrustEvent *event);
/* untold: those of all members that wait; else the member's, newest first. */
GPtrArray *store_trust_events(Store *store, const char *member, bool untold,
                              GError **error);
/* It is told now, by that message (NULL: nobody is to be told). */
bool store_trust_told(Store *store, int64_t event, const NewMessage *message,
                      Instant now, GError **error);

/* One more yes to the waiting letter of a case that two must read. *mentor:
 * the mentor is among them; *count: different people. Errors: CONFLICT (that
 * person did already). */
bool store_trust_yes(Store *store, const char *case_id, const char *name,
                     const char *login, const char *mentor, Instant now,
                     guint *count, bool *has_mentor, GError **error);
