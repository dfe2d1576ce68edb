/*
 * messages.h - mail of ours that is no letter about a case: what is asked of
 * members. It leaves by the outbox, where its rows have numbers below zero.
 * See store.h for modes and errors.
 */
#pragma once

#include "store/outbox.h"

typedef struct {
    const char *about; /* of its entries in the record: "member:ID" */
    const char *envelope_from, *to, *token; /* token: of the return path */
    GBytes *bytes;
    const char *readers; /* member whose keys it is encrypted for, or NULL */
    bool is_urgent;      /* before letters, and while they are paused */
} NewMessage;

/* Queue it, due now; in the caller's transaction. */
bool message_add(Store *store, const NewMessage *message, Instant now,
                 GError **error);

/* Is it the token of a message's return path? */
bool store_message_exists(Store *store, const char *token, bool *found,
                          GError **error);
/* A delivery report came home for this token. *found tells if it was of a
 * message. */
bool store_message_bounced(Store *store, const char *token, const char *status,
                           Instant now, bool *found, GError **error);

/* A person whose newest message was not handed over: it could not be encrypted,
 * or nobody knows what became of it. */
typedef struct {
    char *about; /* "member:ID", or what else it was about */
    char *address, *why;
    Instant queued;
} HeldMessage;
void held_message_free(HeldMessage *held);
/* The newest first, 200 at most. */
GPtrArray *store_messages_held(Store *store, GError **error);

/* ---- for outbox.c, with the row's number above zero --------------------- */

/* Append those that are due: the urgent ones, or the others. */
bool messages_due(Store *store, bool urgent, Instant now, guint max,
                  GPtrArray *rows, GError **error);
bool messages_next(Store *store, Instant *next, GError **error);
bool message_begin(Store *store, int64_t number, Instant now, GError **error);
bool message_dot(Store *store, int64_t number, GError **error);
bool message_done(Store *store, int64_t number, SentOutcome outcome,
                  const char *reply, Instant now, Instant next_at,
                  GError **error);
bool message_hold(Store *store, int64_t number, const char *why, Instant now,
                  GError **error);
bool messages_recover(Store *store, Instant now, GError **error);
