/*
 * store.h - all that is kept, one function per question.
 *
 * SQLite, WAL, synchronous=FULL, one writing connection in the whole system
 * (the desk's writer thread); everybody else opens read-only. No SQL outside
 * store/. A function either commits whole or changes nothing. After BROKEN
 * (an I/O error on commit) the process must answer 451 to all and exit: an
 * fsync is never retried.
 *
 * States: received -> decided | parked (three crashes) ; drafts: waiting ->
 * approved | stopped | replaced ; outbox: waiting -> ready -> sending -> sent |
 * retry | failed | held | stopped. Each arrow checks the old state in its
 * transaction.
 */
#pragma once

#include "policy/gate.h"
#include "reply/reply.h"

typedef struct Store Store;
typedef enum { STORE_READ, STORE_WRITE } StoreMode;

/* Open (WRITE: create, migrate, lock out a second writer) DATA/exitdesk.db.
 * Errors: TEMPORARY (locked by another desk), MISSING, BROKEN, CONFIG (newer
 * schema; READ: also older). */
Store *store_open(const char *data_directory, StoreMode mode, GError **error);
void store_close(Store *store);

/* A WRITE store belongs to the thread that first uses it (asserted). Before
 * another thread takes over, the old one lets go. */
void store_hand_over(Store *store);

/* Commit everything until the next store_group_commit() at once: one fsync
 * for many calls. Each call still either works whole or changes nothing, but
 * is durable only when the group is: no 250 before, and if the commit fails
 * none of the calls has happened. */
bool store_group_begin(Store *store, GError **error);
bool store_group_commit(Store *store, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)

/* ---- inbox ---------------------------------------------------------- */

#define INBOX_ID_SIZE 16
/* One accepted message; recipients in RCPT order. */
typedef struct {
    char id[INBOX_ID_SIZE]; /* out: short readable id, first in log lines */
    char *envelope_from;    /* "" for <> */
    GPtrArray *recipients;  /* of char * */
    GBytes *raw;
    Instant received;
    const char *way; /* "lmtp", "import"; static */
    bool is_known;   /* out: identical redelivery, nothing new */
} Delivery;
void delivery_free(Delivery *delivery);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Delivery, delivery_free)

/* Commit all of them in one transaction (group commit). Sets id, is_known. */
bool store_accept(Store *store, Delivery *const *deliveries, guint count,
                  GError **error);
/* The message of an inbox id. Errors: MISSING. */
Delivery *store_delivery(Store *store, const char *inbox_id, GError **error);
/* Ids still in state received, oldest first, at most max. Array of char *. */
GPtrArray *store_undecided(Store *store, guint max, GError **error);
/* Ids of the mails that came from since on and before until, likewise. */
GPtrArray *store_mails_between(Store *store, Instant since, Instant until,
                               GError **error);
/* Note that reading begins; how often it has begun, in attempts. */
bool store_begin_reading(Store *store, const char *inbox_id, uint32_t *attempts,
                         GError **error);

/* Give up reading it: state parked, disposition unreadable, and a ticket for
 * staff that says why. CONFLICT if already decided. */
bool store_park(Store *store, const char *inbox_id, const char *case_prefix,
                const char *why, Instant now, GError **error);

/* By what letters are counted; NULL for what is not known. Borrowed. */
typedef struct {
    const char *address, *member;
    const char *template_id; /* without its version: an edit resets nothing */
    const char *thread;      /* first Message-ID of the sender's thread */
    const GPtrArray *events; /* of char *: what it is about, "ADDRESS DAY" */
    const char *case_id, *dkim_key; /* asked for, never counted */
} CountKeys;
/* For the gate. Counts never go down while their window lasts, whatever the
 * clock or the fate of a letter. */
bool store_counts(Store *store, const CountKeys *keys, Instant now,
                  GateCounts *out, GError **error);
/* A case that this mail belongs to: seen by mail key within 14 days, or
 * answers a Message-ID of ours. NULL without error if none. */
char *store_case_of_mail(Store *store, const uint8_t mail_key[32], Instant now,
                         GError **error);
char *store_case_of_message_ids(Store *store, const GPtrArray *message_ids,
                                GError **error);
char *store_case_of_token(Store *store, const char *token, GError **error);

/* filing.h, drafts.h, outbox.h and cases.h have the rest. */
