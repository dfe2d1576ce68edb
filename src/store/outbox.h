/*
 * outbox.h - letters on their way: bytes and Message-ID are fixed.
 * See store.h for modes and errors.
 *
 * waiting (send delay, then ready) -> sending -> sent | retry | failed | held;
 * waiting and retry -> stopped. "Ready" is waiting whose time has come. At start every "sending" row becomes retry,
 * or held if its outcome is unknown a second time: a letter is doubled at
 * most once, and only if the 250 was lost after our final dot.
 */
#pragma once

#include "store/store.h"

typedef struct {
    int64_t id;
    char *case_id, *member, *envelope_from, *to, *message_id, *state;
    char *category;    /* of its case */
    bool is_automatic; /* nobody approved it by hand */
    GBytes *bytes;
    char *readers; /* member whose keys it is encrypted for, or NULL */
    uint32_t attempts;
    bool is_urgent;       /* an alert: leaves while letters are paused */
    bool outcome_unknown; /* the dot went out, no answer came */
    Instant queued, next_at, sent_at;
    char *last_reply; /* of the next hop, sanitized */
} OutboxRow;
void outbox_row_free(OutboxRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutboxRow, outbox_row_free)

/* Rows whose time has come, oldest first. None while paused. */
GPtrArray *store_outbox_due(Store *store, Instant now, guint max,
                            GError **error);
GPtrArray *store_outbox(Store *store, const char *state, GError **error);
/* When the next row is due; INSTANT_NONE if none. */
Instant store_outbox_next(Store *store, GError **error);

/* ready|waiting|retry -> sending, attempt noted. CONFLICT if stopped or
 * paused meanwhile. */
bool store_outbox_begin(Store *store, int64_t id, Instant now, GError **error);
/* The message is about to get its final dot (written before it is). */
bool store_outbox_dot(Store *store, int64_t id, GError **error);

typedef enum {
    SENT_OK,
    SENT_RETRY,
    SENT_FAILED,
    SENT_UNKNOWN,
    SENT_HELD, /* it could not be signed, say: a person must see to it */
} SentOutcome;
/* sending -> sent | retry at next_at | failed | retry/held | held. The reply text is
 * evidence and goes into the record. FAILED puts the ticket back to staff. */
bool store_outbox_done(Store *store, int64_t id, SentOutcome outcome,
                       const char *reply, Instant now, Instant next_at,
                       GError **error);
/* A letter that no longer may leave: waiting, retry or sending -> held with
 * the reason, the ticket back to staff. CONFLICT in any other state. */
bool store_outbox_hold(Store *store, int64_t id, const char *why, Instant now,
                       GError **error);
/* After a crash: see above. */
bool store_outbox_recover(Store *store, Instant now, GError **error);
