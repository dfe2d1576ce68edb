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
 * approved | stopped ; outbox: waiting -> ready -> sending -> sent | retry |
 * failed | held | stopped. Each arrow checks the old state in its transaction.
 */
#pragma once

#include "policy/gate.h"
#include "reply/reply.h"

typedef struct Store Store;
typedef enum { STORE_READ, STORE_WRITE } StoreMode;

/* Open (WRITE: create, migrate, lock out a second writer) DATA/exitdesk.db.
 * Errors: TEMPORARY (locked by another desk), MISSING, BROKEN, CONFIG (newer
 * schema). */
Store *store_open(const char *data_directory, StoreMode mode, GError **error);
void store_close(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)

/* ---- inbox ---------------------------------------------------------- */

#define INBOX_ID_SIZE 16
/* One accepted message; recipients in RCPT order. */
typedef struct {
    char id[INBOX_ID_SIZE];    /* out: short readable id, first in log lines */
    char *envelope_from;       /* "" for <> */
    GPtrArray *recipients;     /* of char * */
    GBytes *raw;
    Instant received;
    const char *way;           /* "lmtp", "import"; static */
    bool is_known;             /* out: identical redelivery, nothing new */
} Delivery;
void delivery_free(Delivery *delivery);

/* Commit all of them in one transaction (group commit). Sets id, is_known. */
bool store_accept(Store *store, Delivery *const *deliveries, guint count,
                  GError **error);
/* The message of an inbox id. Errors: MISSING. */
Delivery *store_delivery(Store *store, const char *inbox_id, GError **error);
/* Ids still in state received, oldest first, at most max. Array of char *. */
GPtrArray *store_undecided(Store *store, guint max, GError **error);
/* Note that reading begins; how often it has begun, in attempts. */
bool store_begin_reading(Store *store, const char *inbox_id,
                         uint32_t *attempts, GError **error);

/* ---- filing a decided mail ------------------------------------------ */

/* What was decided for one ticket of a mail. */
typedef struct {
    const Ticket *ticket;
    const Decision *decision;
    const Reply *reply;      /* NULL: no letter */
    char *matches_json;      /* its incidents with verdicts and documents */
    Instant send_at;         /* for ACTION_SEND: not before */
    Instant due;             /* promised or demanded answer; or NONE */
    char *case_id;           /* out */
} FiledTicket;
void filed_ticket_free(FiledTicket *ticket);

typedef struct {
    const char *inbox_id;
    const Findings *findings;
    char *findings_json;
    uint8_t mail_key[32];    /* K2 */
    const char *dkim_key;    /* K4 or NULL */
    const char *case_prefix;
    const char *joins_case;  /* an answer or bounce to this case; or NULL */
    GPtrArray *tickets;      /* of FiledTicket; empty for noise */
    Instant now;
} Filing;

/* Case ids are given by the store before letters are composed, so that a
 * letter can carry its own: reserve count of them. Array of char *. */
GPtrArray *store_reserve_case_ids(Store *store, const char *prefix, int year,
                                  guint count, GError **error);

/* One transaction: mail decided, tickets, matches, decisions, drafts or
 * outbox rows, counters, record entries. CONFLICT if already decided. */
bool store_file(Store *store, const Filing *filing, GError **error);

/* For the gate. */
bool store_counts(Store *store, const char *address, const char *member,
                  const char *case_id, const char *dkim_key, Instant now,
                  GateCounts *out, GError **error);
/* A case that this mail belongs to: seen by mail key within 14 days, or
 * answers a Message-ID of ours. NULL without error if none. */
char *store_case_of_mail(Store *store, const uint8_t mail_key[32], Instant now,
                         GError **error);
char *store_case_of_message_ids(Store *store, const GPtrArray *message_ids,
                                GError **error);
char *store_case_of_token(Store *store, const char *token, GError **error);

/* drafts.h, outbox.h and cases.h have the rest. */
