#include "store/outbox.h"

#include "store/alarms.h"
#include "store/counts.h"
#include "store/digests_inner.h"
#include "store/letters.h"
#include "store/messages.h"
#include "store/record.h"
#include "store/trust_inner.h"

#include "base/errors.h"
#include "base/log.h"

#define REPLY_MAX      500
#define SUPPRESS_S     (90 * INSTANT_DAY_S)
#define RETRY_MAX_S    (4 * INSTANT_HOUR_S)
#define UNKNOWN_WAIT_S (15 * 60) /* before a letter may be doubled */
#define UNKNOWN_MAX    1         /* times it may be */

void outbox_row_free(OutboxRow *row)
{
    if (!row)
        return;
    g_free(row->case_id);
    g_free(row->member);
    g_free(row->readers);
    g_free(row->envelope_from);
    g_free(row->to);
    g_free(row->message_id);
    g_free(row->state);
    g_free(row->category);
    g_clear_pointer(&row->bytes, g_bytes_unref);
    g_free(row->last_reply);
    g_free(row);
}

/* The columns of OUTBOX_COLUMNS. */
static void *read_row(Query *query)
{
    OutboxRow *row = g_new0(OutboxRow, 1);
    row->id = query_get_number(query);
    row->case_id = query_get_text(query);
    row->member = query_get_text(query);
    row->category = query_get_text(query);
    row->is_automatic = query_get_number(query) != 0;
    row->envelope_from = query_get_text(query);
    row->to = query_get_text(query);
    row->message_id = query_get_text(query);
    row->state = query_get_text(query);
    row->bytes = query_get_bytes(query);
    row->attempts = (uint32_t)query_get_number(query);
    row->outcome_unknown = query_get_number(query) > 0;
    row->queued = query_get_number(query);
    row->next_at = query_get_number(query);
    row->sent_at = query_get_instant(query);
    row->last_reply = query_get_text(query);
    return row;
}

static bool letters_due(Store *store, Instant now, guint max, GPtrArray *rows,
                        GError **error)
{
    g_auto(Query) query = query_new(store, SQL_OUTBOX_DUE);
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

GPtrArray *store_outbox_due(Store *store, Instant now, guint max,
                            GError **error)
{
    g_autoptr(GPtrArray) rows =
        g_ptr_array_new_with_free_func((GDestroyNotify)outbox_row_free);
    if (!messages_due(store, true, now, max, rows, error) ||
        (rows->len < max &&
         !letters_due(store, now, max - rows->len, rows, error)) ||
        (rows->len < max &&
         !messages_due(store, false, now, max - rows->len, rows, error)))
        return NULL;
    return g_steal_pointer(&rows);
}

GPtrArray *store_outbox(Store *store, const char *state, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_OUTBOX);
    query_put_text(&query, state);
    return query_rows(&query, read_row, (GDestroyNotify)outbox_row_free, error);
}

Instant store_outbox_next(Store *store, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_OUTBOX_NEXT);
    Instant message;
    bool found;
    if (!query_one(&query, &found, error) ||
        !messages_next(store, &message, error))
        return INSTANT_NONE;
    Instant letter = found ? query_get_instant(&query) : INSTANT_NONE;
    if (letter == INSTANT_NONE || message == INSTANT_NONE)
        return letter == INSTANT_NONE ? message : letter;
    return MIN(letter, message);
}

/* ---- one row ---------------------------------------------------------- */

/* What a step needs to know of the row it moves. */
typedef struct {
    int64_t id, letter, ticket, unknown_times;
    char *case_id, *state, *to;
    bool dot_sent;
} Moved;

static void moved_clear(Moved *moved)
{
    g_clear_pointer(&moved->case_id, g_free);
    g_clear_pointer(&moved->state, g_free);
    g_clear_pointer(&moved->to, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Moved, moved_clear)

static void read_moved(Moved *moved, Query *query)
{
    moved_clear(moved);
    moved->id = query_get_number(query);
    moved->letter = query_get_number(query);
    moved->ticket = query_get_number(query);
    moved->unknown_times = query_get_number(query);
    moved->case_id = query_get_text(query);
    moved->state = query_get_text(query);
    moved->to = query_get_text(query);
    moved->dot_sent = query_get_number(query) != 0;
}

static bool find_moved(Store *store, int64_t id, Moved *out, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_OUTBOX_ROW);
    query_put_number(&query, id);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    if (found) {
        read_moved(out, &query);
        return true;
    }
    g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                "no letter %" G_GINT64_FORMAT " in the outbox", id);
    return false;
}

static bool require_state(const Moved *moved, const char *state, GError **error)
{
    if (g_str_equal(moved->state, state))
        return true;
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                "%s: the letter is %s, not %s", moved->case_id, moved->state,
                state);
    return false;
}

static bool set_state(Store *store, const Moved *moved, const char *state,
                      const char *reply, Instant sent, Instant next_at,
                      bool is_unknown, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_OUTBOX_SET);
    query_put_text(&query, state);
    query_put_text(&query, reply);
    query_put_instant(&query, sent);
    query_put_instant(&query, next_at);
    query_put_number(&query, is_unknown);
    query_put_number(&query, moved->id);
    return query_run(&query, NULL, error);
}

/* Can a step that has no transaction of its own be written as one UPDATE?
 * These two can: the state is in its WHERE. */
static bool update_row(Store *store, Sql sql, int64_t id, Instant now,
                       const char *conflict, GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    int changes = 0;
    bool ok;
    {
        g_auto(Query) query = query_new(store, sql);
        query_put_number(&query, id);
        if (now != INSTANT_NONE)
            query_put_number(&query, now);
        ok = query_run(&query, &changes, error);
    }
    if (ok && changes != 1) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT, "%s", conflict);
        ok = false;
    }
    return transaction_finish(store, ok, error);
}

bool store_outbox_begin(Store *store, int64_t id, Instant now, GError **error)
{
    if (id < 0)
        return message_begin(store, -id, now, error);
    return update_row(store, SQL_OUTBOX_BEGIN, id, now,
                      "the letter was stopped, sending is paused, or its "
                      "time has not come",
                      error);
}

bool store_outbox_dot(Store *store, int64_t id, GError **error)
{
    if (id < 0)
        return message_dot(store, -id, error);
    return update_row(store, SQL_OUTBOX_DOT, id, INSTANT_NONE,
                      "the letter is not being sent", error);
}

/* ---- what came of an attempt ------------------------------------------ */

static bool note_sent(Store *store, const Moved *moved, const char *reply,
                      Instant now, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_DRAFT_SENT);
    query_put_number(&query, moved->letter);
    return set_state(store, moved, "sent", reply, now, INSTANT_NONE, false,
                     error) &&
           query_run(&query, NULL, error) &&
           ticket_answered(store, moved->ticket, now, error) &&
           digest_follow(store, moved->letter, TICKET_ANSWERED, RECORD_SENT,
                         "Letter handed over", now, error) &&
           record_append(store, moved->case_id, now, RECORD_SENT, NULL, error,
                         "Letter to %s handed over: %s", moved->to, reply);
}

/* Does the refusal speak of the address (RFC 3463 section 3.2: X.1.Y)? A next
 * hop that refuses us, or the letter, says nothing of whom it was for. */
static bool is_about_the_address(const char *reply)
{
    return strstr(reply, "5.1.") != NULL;
}

/* It will not arrive: a person must know; and no program writes again to an
 * address that does not exist. */
static bool note_failed(Store *store, const Moved *moved, const char *reply,
                        Instant now, GError **error)
{
    return set_state(store, moved, "failed", reply, INSTANT_NONE, INSTANT_NONE,
                     false, error) &&
           (!is_about_the_address(reply) ||
            counts_suppress(store, moved->to, now + SUPPRESS_S, reply,
                            error)) &&
           ticket_move(store, moved->ticket, TICKET_TRIAGE, now, error) &&
           digest_follow(store, moved->letter, TICKET_TRIAGE, RECORD_SENT,
                         "Letter refused", now, error) &&
           alarm_again(store, moved->ticket, moved->case_id, now, error) &&
           record_append(store, moved->case_id, now, RECORD_SENT, NULL, error,
                         "Letter to %s refused: %s", moved->to, reply);
}

static bool note_held(Store *store, const Moved *moved, const char *why,
                      bool is_unknown, Instant now, GError **error)
{
    return set_state(store, moved, "held", why, INSTANT_NONE, INSTANT_NONE,
                     is_unknown, error) &&
           ticket_move(store, moved->ticket, TICKET_TRIAGE, now, error) &&
           digest_follow(store, moved->letter, TICKET_TRIAGE, RECORD_SENT,
                         "Letter held back", now, error) &&
           alarm_again(store, moved->ticket, moved->case_id, now, error) &&
           record_append(store, moved->case_id, now, RECORD_SENT, NULL, error,
                         "Letter to %s held back: %s", moved->to, why);
}

/* The dot went out and no answer came: it may be there already. Once we try
 * again (same bytes, same Message-ID), then a person looks. */
static bool note_unknown(Store *store, const Moved *moved, const char *reply,
                         Instant now, Instant next_at, GError **error)
{
    if (moved->unknown_times >= UNKNOWN_MAX)
        return note_held(store, moved, "its outcome is unknown a second time",
                         true, now, error);
    Instant earliest = now + UNKNOWN_WAIT_S;
    return set_state(store, moved, "retry", reply, INSTANT_NONE,
                     MAX(next_at, earliest), true, error) &&
           counts_note(store, "unknown", now, error) &&
           record_append(store, moved->case_id, now, RECORD_SENT, NULL, error,
                         "Letter to %s: outcome unknown (%s), one more try",
                         moved->to, reply);
}

static bool note_outcome(Store *store, const Moved *moved, SentOutcome outcome,
                         const char *reply, Instant now, Instant next_at,
                         GError **error)
{
    /* a clock that ran ahead must not put a letter off for years */
    Instant next = CLAMP(next_at, now, now + RETRY_MAX_S);
    switch (outcome) {
    case SENT_OK:
        return note_sent(store, moved, reply, now, error);
    case SENT_RETRY:
        return set_state(store, moved, "retry", reply, INSTANT_NONE, next,
                         false, error);
    case SENT_FAILED:
        return note_failed(store, moved, reply, now, error);
    case SENT_UNKNOWN:
        return note_unknown(store, moved, reply, now, next, error);
    case SENT_HELD:
        return note_held(store, moved, reply, false, now, error);
    }
    g_assert_not_reached();
}

bool store_outbox_done(Store *store, int64_t id, SentOutcome outcome,
                       const char *reply, Instant now, Instant next_at,
                       GError **error)
{
    g_autofree char *shown = foreign_text(reply ? reply : "", REPLY_MAX);
    if (id < 0)
        return message_done(store, -id, outcome, shown, now, next_at, error);
    if (!transaction_begin(store, error))
        return false;
    g_auto(Moved) moved = {0};
    bool ok = find_moved(store, id, &moved, error) &&
              require_state(&moved, "sending", error) &&
              note_outcome(store, &moved, outcome, shown, now, next_at, error);
    return transaction_finish(store, ok, error);
}

bool outbox_hold(Store *store, int64_t id, const char *why, Instant now,
                 GError **error)
{
    g_auto(Moved) moved = {0};
    if (!find_moved(store, id, &moved, error))
        return false;
    if (g_str_equal(moved.state, "waiting") ||
        g_str_equal(moved.state, "retry") ||
        g_str_equal(moved.state, "sending"))
        return note_held(store, &moved, why, moved.dot_sent, now, error);
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                "%s: the letter is %s already", moved.case_id, moved.state);
    return false;
}

bool store_outbox_hold(Store *store, int64_t id, const char *why, Instant now,
                       GError **error)
{
    if (id < 0)
        return message_hold(store, -id, why, now, error);
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(store, outbox_hold(store, id, why, now, error),
                              error);
}

/* ---- after a crash ---------------------------------------------------- */

/* Any row that was being sent; found stays false if there is none. */
static bool find_interrupted(Store *store, Moved *out, bool *found,
                             GError **error)
{
    g_auto(Query) query = query_new(store, SQL_OUTBOX_INTERRUPTED);
    if (!query_one(&query, found, error))
        return false;
    if (*found)
        read_moved(out, &query);
    return true;
}

static bool recover_all(Store *store, Instant now, GError **error)
{
    for (;;) {
        g_auto(Moved) moved = {0};
        bool found;
        if (!find_interrupted(store, &moved, &found, error))
            return false;
        if (!found)
            return true;
        bool ok = moved.dot_sent
                      ? note_unknown(store, &moved, "the desk stopped", now,
                                     now, error)
                      : set_state(store, &moved, "retry", "the desk stopped",
                                  INSTANT_NONE, now, false, error);
        if (!ok)
            return false;
    }
}

bool store_outbox_recover(Store *store, Instant now, GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    bool ok =
        recover_all(store, now, error) && messages_recover(store, now, error);
    return transaction_finish(store, ok, error);
}
