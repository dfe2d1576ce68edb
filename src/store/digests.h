/*
 * digests.h - one letter a day to a reporter that wants a digest: the cases
 * that wait for it, and what it answers. See store.h for modes and errors.
 */
#pragma once

#include "store/store.h"

#define DIGEST_TEMPLATE "reporters-digest"

/* A reporter and the member whom its waiting cases are about. */
typedef struct {
    char *profile, *member;
    guint waiting;
} DigestGroup;
/* Those for whom cases wait, that which waits longest first; profile NULL:
 * all. Array of DigestGroup. */
GPtrArray *store_digest_groups(Store *store, const char *profile,
                               GError **error);
/* The cases of one that wait, oldest first, at most max. Array of char *. */
GPtrArray *store_digest_ids(Store *store, const DigestGroup *group, guint max,
                            GError **error);
/* For whose digest does the case wait? *out is NULL if for none. */
bool store_digest_of_case(Store *store, const char *case_id, DigestGroup **out,
                          GError **error);
void digest_group_free(DigestGroup *group);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DigestGroup, digest_group_free)

/* What stands before the next digest. */
typedef struct {
    Instant last; /* letter to it for this member (to five minutes); or NONE */
    char *open;   /* case whose draft of a digest waits for a yes; or NULL */
} DigestStanding;
void digest_standing_clear(DigestStanding *standing);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DigestStanding, digest_standing_clear)
bool store_digest_standing(Store *store, const DigestGroup *group,
                           DigestStanding *out, GError **error);
/* Cases that wait, and digests that wait for a yes, but for this case. */
bool store_digest_pending(Store *store, const DigestGroup *group,
                          const char *case_id, uint32_t *out, GError **error);

/* The case that the digest of this one hangs on; *out NULL: in none. */
bool store_digest_first(Store *store, const char *case_id, char **out,
                        GError **error);
/* The cases that the digest on this one answers; empty: it is none. */
GPtrArray *store_digest_answers(Store *store, const char *case_id,
                                GError **error);

/* What became of a case that waited. Borrowed but for matches_json. */
typedef struct {
    const char *case_id;
    const Ticket *ticket;     /* NULL: it could not be decided again */
    const Decision *decision; /* NULL likewise */
    const Reply *reply;       /* its own draft, if it is not in the digest */
    const char *thread;       /* CountKeys.thread */
    char *matches_json;
    char *note; /* for the record: why it is not in it; or NULL */
    bool is_in;
} DigestCase;
void digest_case_free(DigestCase *digest_case);

typedef struct {
    GPtrArray *cases;   /* of DigestCase */
    const Reply *reply; /* hangs on the first that is in; NULL: none is */
    bool is_automatic;  /* queued at once; else it waits for a yes */
    const char *member;
    const GPtrArray *events; /* CountKeys.events */
    Instant send_at, now;
} DigestFiling;
/* One transaction: every case decided, the letter with draft or outbox row,
 * counters, record entries in each case; none of them waits any more.
 * Errors: CONFLICT if one of them waits no more. */
bool store_digest_file(Store *store, const DigestFiling *filing,
                       GError **error);
