/*
 * The outbox for messages: the same states and the same order of writing as
 * for letters (outbox.c), without ticket and draft. The bytes are forgotten
 * once the message is done with, since they hold a token that must not lie
 * about; their hash stays in the record.
 */
#include "store/messages.h"

#include "store/record.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/log.h"

#define UNKNOWN_MAX    1
#define UNKNOWN_WAIT_S (15 * 60)
#define RETRY_MAX_S    (4 * INSTANT_HOUR_S)

bool message_add(Store *store, const NewMessage *message, Instant now,
                 GError **error)
{
    uint8_t sha256[SHA256_BYTES];
    gsize length;
    const void *data = g_bytes_get_data(message->bytes, &length);
    digest_sha256(data, length, sha256);
    g_autofree char *hex = hex_new(sha256, sizeof sha256);
    g_auto(Query) query = query_new(store, SQL_MESSAGE_ADD);
    query_put_text(&query, message->about);
    query_put_text(&query, message->envelope_from);
    query_put_text(&query, message->to);
    query_put_text(&query, message->token);
    query_put_bytes(&query, data, length);
    query_put_bytes(&query, sha256, sizeof sha256);
    query_put_number(&query, now);
    query_put_number(&query, message->is_urgent);
    query_put_text(&query, message->readers);
    return query_run(&query, NULL, error) &&
           record_append(store, message->about, now, RECORD_DECIDED, NULL,
                         error, "Message to %s queued, sha256 %s", message->to,
                         hex);
}

/* ---- looking ------------------------------------------------------------ */

static void *read_row(Query *query)
{
    OutboxRow *row = g_new0(OutboxRow, 1);
    row->id = -query_get_number(query);
    row->case_id = query_get_text(query);
    row->envelope_from = query_get_text(query);
    row->to = query_get_text(query);
    row->state = query_get_text(query);
    row->bytes = query_get_bytes(query);
    row->attempts = (uint32_t)query_get_number(query);
    row->outcome_unknown = query_get_number(query) > 0;
    row->queued = query_get_number(query);
    row->next_at = query_get_number(query);
    row->is_urgent = query_get_number(query) != 0;
    row->readers = query_get_text(query);
    row->sent_at = INSTANT_NONE;
    return row;
}

bool messages_due(Store *store, bool urgent, Instant now, guint max,
                  GPtrArray *rows, GError **error)
{
    g_auto(Query) query =
        query_new(store, urgent ? SQL_MESSAGE_URGENT : SQL_MESSAGE_DUE);
    g_autoptr(GError) cause = NULL;
    query_put_number(&query, now);
    query_put_number(&query, max);
    while (query_next(&query, &cause))
        g_ptr_array_add(rows, read_row(&query));
    if (!cause)
        return true;
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
}

bool messages_next(Store *store, Instant *next, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_MESSAGE_NEXT);
    bool found;
    *next = INSTANT_NONE;
    if (!query_one(&query, &found, error))
        return false;
    if (found)
        *next = query_get_instant(&query);
    return true;
}

/* ---- one row ------------------------------------------------------------ */

typedef struct {
    int64_t number, unknown_times;
    char *about, *state, *to;
    bool dot_sent;
} Row;

static void row_clear(Row *row)
{
    g_clear_pointer(&row->about, g_free);
    g_clear_pointer(&row->state, g_free);
    g_clear_pointer(&row->to, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Row, row_clear)

static void take_row(Row *row, Query *query)
{
    row->number = query_get_number(query);
    row->about = query_get_text(query);
    row->state = query_get_text(query);
    row->to = query_get_text(query);
    row->dot_sent = query_get_number(query) != 0;
    row->unknown_times = query_get_number(query);
}

static bool find_row(Store *store, int64_t number, Row *out, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_MESSAGE_ROW);
    bool found;
    query_put_number(&query, number);
    if (!query_one(&query, &found, error))
        return false;
    if (found)
        take_row(out, &query);
    else
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "no message %" G_GINT64_FORMAT, number);
    return found;
}

static bool update(Store *store, Sql sql, int64_t number, Instant now,
                   GError **error)
{
    int changes = 0;
    bool ok;
    if (!transaction_begin(store, error))
        return false;
    {
        g_auto(Query) query = query_new(store, sql);
        query_put_number(&query, number);
        if (now != INSTANT_NONE)
            query_put_number(&query, now);
        ok = query_run(&query, &changes, error);
    }
    if (ok && changes != 1) {
        g_set_error_literal(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                            "the message is not waiting, or sending is paused");
        ok = false;
    }
    return transaction_finish(store, ok, error);
}

bool message_begin(Store *store, int64_t number, Instant now, GError **error)
{
    return update(store, SQL_MESSAGE_BEGIN, number, now, error);
}

bool message_dot(Store *store, int64_t number, GError **error)
{
    return update(store, SQL_MESSAGE_DOT, number, INSTANT_NONE, error);
}

static bool set(Store *store, const Row *row, const char *state,
                const char *reply, Instant sent, Instant next_at,
                bool is_unknown, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_MESSAGE_SET);
    query_put_text(&query, state);
    query_put_text(&query, reply);
    query_put_instant(&query, sent);
    query_put_instant(&query, next_at);
    query_put_number(&query, is_unknown);
    query_put_number(&query, row->number);
    return query_run(&query, NULL, error);
}

/* It ends here, in either way. */
static bool end(Store *store, const Row *row, const char *state,
                const char *what, const char *reply, Instant sent, Instant now,
                GError **error)
{
    return set(store, row, state, reply, sent, INSTANT_NONE, false, error) &&
           record_append(store, row->about, now, RECORD_SENT, NULL, error,
                         "Message to %s %s: %s", row->to, what, reply);
}

static bool note_unknown(Store *store, const Row *row, const char *reply,
                         Instant now, GError **error)
{
    if (row->unknown_times >= UNKNOWN_MAX)
        return end(store, row, "held", "held back",
                   "its outcome is unknown a second time", INSTANT_NONE, now,
                   error);
    return set(store, row, "retry", reply, INSTANT_NONE, now + UNKNOWN_WAIT_S,
               true, error);
}

static bool note(Store *store, const Row *row, SentOutcome outcome,
                 const char *reply, Instant now, Instant next_at,
                 GError **error)
{
    switch (outcome) {
    case SENT_OK:
        return end(store, row, "sent", "handed over", reply, now, now, error);
    case SENT_RETRY:
        return set(store, row, "retry", reply, INSTANT_NONE,
                   CLAMP(next_at, now, now + RETRY_MAX_S), false, error);
    case SENT_FAILED:
        return end(store, row, "failed", "refused", reply, INSTANT_NONE, now,
                   error);
    case SENT_HELD:
        return end(store, row, "held", "held back", reply, INSTANT_NONE, now,
                   error);
    case SENT_UNKNOWN:
        return note_unknown(store, row, reply, now, error);
    }
    g_assert_not_reached();
}

bool message_done(Store *store, int64_t number, SentOutcome outcome,
                  const char *reply, Instant now, Instant next_at,
                  GError **error)
{
    g_auto(Row) row = {0};
    if (!transaction_begin(store, error))
        return false;
    bool ok = find_row(store, number, &row, error);
    if (ok && !g_str_equal(row.state, "sending")) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                    "the message is %s, not sending", row.state);
        ok = false;
    }
    return transaction_finish(
        store, ok && note(store, &row, outcome, reply, now, next_at, error),
        error);
}

bool message_hold(Store *store, int64_t number, const char *why, Instant now,
                  GError **error)
{
    g_auto(Row) row = {0};
    if (!transaction_begin(store, error))
        return false;
    bool ok =
        find_row(store, number, &row, error) &&
        end(store, &row, "held", "held back", why, INSTANT_NONE, now, error);
    return transaction_finish(store, ok, error);
}

/* As for letters: what was being sent is tried once more. */
bool messages_recover(Store *store, Instant now, GError **error)
{
    for (;;) {
        g_auto(Row) row = {0};
        bool found;
        {
            g_auto(Query) query = query_new(store, SQL_MESSAGE_INTERRUPTED);
            if (!query_one(&query, &found, error))
                return false;
            if (!found)
                return true;
            take_row(&row, &query);
        }
        bool ok = row.dot_sent ? note_unknown(store, &row, "the desk stopped",
                                              now, error)
                               : set(store, &row, "retry", "the desk stopped",
                                     INSTANT_NONE, now, false, error);
        if (!ok)
            return false;
    }
}

/* ---- bounces ------------------------------------------------------------ */

bool store_message_exists(Store *store, const char *token, bool *found,
                          GError **error)
{
    g_auto(Query) query = query_new(store, SQL_MESSAGE_BY_TOKEN);
    query_put_text(&query, token);
    return query_one(&query, found, error);
}

static bool bounced(Store *store, const char *token, const char *status,
                    Instant now, bool *found, GError **error)
{
    g_auto(Row) row = {0};
    g_auto(Query) query = query_new(store, SQL_MESSAGE_BY_TOKEN);
    query_put_text(&query, token);
    if (!query_one(&query, found, error))
        return false;
    if (!*found)
        return true;
    take_row(&row, &query);
    bool is_permanent = status[0] == '5';
    if (is_permanent && !set(store, &row, "failed", status, INSTANT_NONE,
                             INSTANT_NONE, false, error))
        return false;
    return record_append(store, row.about, now, RECORD_RECEIVED, NULL, error,
                         "Message to %s %s: %s", row.to,
                         is_permanent ? "came back" : "is reported on", status);
}

bool store_message_bounced(Store *store, const char *token, const char *status,
                           Instant now, bool *found, GError **error)
{
    g_autofree char *shown = foreign_text(status, 200);
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(
        store, bounced(store, token, shown, now, found, error), error);
}

/* ---- for people --------------------------------------------------------- */

void held_message_free(HeldMessage *held)
{
    if (!held)
        return;
    g_free(held->about);
    g_free(held->address);
    g_free(held->why);
    g_free(held);
}

static void *read_held(Query *query)
{
    HeldMessage *held = g_new0(HeldMessage, 1);
    held->about = query_get_text(query);
    held->address = query_get_text(query);
    held->why = query_get_text(query);
    held->queued = query_get_instant(query);
    return held;
}

GPtrArray *store_messages_held(Store *store, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_MESSAGES_HELD);
    return query_rows(&query, read_held, (GDestroyNotify)held_message_free,
                      error);
}
