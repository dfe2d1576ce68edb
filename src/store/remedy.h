/*
 * remedy.h - destinations that members agreed to close their exits to.
 *
 * proposed -> agreed (the member's word) -> installed (seen on all its exits)
 * -> withdrawn or expired -> removed (seen on none, or never agreed to). An
 * exit that opens again puts "installed" back to "agreed". Each step is an
 * entry of the case's record. See store.h for modes and errors.
 */
#pragma once

#include "relay/remedy.h"
#include "store/store.h"

typedef enum {
    REMEDY_PROPOSED,
    REMEDY_AGREED,
    REMEDY_INSTALLED,
    REMEDY_WITHDRAWN,
    REMEDY_EXPIRED,
    REMEDY_REMOVED,
    REMEDY_STATES
} RemedyState;
const char *remedy_state_word(RemedyState state);
/* Must the line stand in torrc? */
bool remedy_is_wanted(RemedyState state);

/* One of the member's relays in the newest record. */
typedef struct {
    char *fingerprint; /* 40 hex digits */
    char *view, *rule; /* of RemedySight */
    bool is_own_line;
    Instant consensus, since;
    RelayDocument *document; /* if closed; or NULL */
} RemedyRelay;
void remedy_relay_free(RemedyRelay *relay);

typedef struct {
    int64_t number;
    char *case_id, *member, *destination, *ports;
    RemedyTarget target;
    RemedyState state;
    char *reason, *owner, *forced;
    Instant proposed, agreed, expires, ended;
    char *proposed_by, *agreed_by, *ended_by, *note;
    int64_t letter;    /* 0: none */
    char *letter_why;  /* why there is none, if one was tried */
    GPtrArray *relays; /* of RemedyRelay; empty before the first look */
} RemedyRow;
void remedy_row_free(RemedyRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RemedyRow, remedy_row_free)

typedef struct {
    const char *case_id, *destination, *ports; /* as remedy_target_parse() */
    const char *reason, *owner, *forced, *by;
    Instant expires;
} NewRemedy;
/* Errors: CONFLICT (the case has it already, is no member's, or is not there).
 */
bool store_remedy_propose(Store *store, const NewRemedy *remedy, Instant now,
                          int64_t *number, GError **error);

/* Errors: MISSING. */
RemedyRow *store_remedy(Store *store, int64_t number, GError **error);
/* Oldest first; member NULL: all; removed ones, too, if wanted. */
GPtrArray *store_remedies(Store *store, const char *member, bool with_removed,
                          GError **error);

/* by: who of the member said yes; login: who wrote it down. Errors: CONFLICT
 * (it is not proposed), MISSING. */
bool store_remedy_agree(Store *store, int64_t number, const char *by,
                        const char *login, const char *note, Instant now,
                        GError **error);
/* to: WITHDRAWN or EXPIRED; one that nobody agreed to is REMOVED at once.
 * Errors: CONFLICT (it has ended), MISSING. */
bool store_remedy_end(Store *store, int64_t number, RemedyState to,
                      const char *by, const char *note, Instant now,
                      GError **error);
/* Keep a look at the member's relays (of RemedyRelay), and the state that
 * follows of it. */
bool store_remedy_seen(Store *store, const RemedyRow *row,
                       const GPtrArray *relays, RemedyState to, Instant now,
                       GError **error);
/* Keep the letter that says it is done, as a draft that waits for a person.
 * Errors: CONFLICT (it has one, or an answer of the case is on its way). */
bool store_remedy_letter(Store *store, const RemedyRow *row, const Reply *reply,
                         Instant now, GError **error);
/* Keep why there is none; on the record once a reason. */
bool store_remedy_no_letter(Store *store, const RemedyRow *row, const char *why,
                            Instant now, GError **error);
