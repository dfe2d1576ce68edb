#include "store/breaker.h"

#include "store/counts.h"
#include "store/record.h"

#include "base/errors.h"
#include "base/log.h"

#include <stdlib.h>

#define SLOT_S       300 /* of the counts */
#define WINDOW_SLOTS 2   /* ten minutes */
#define WEEK_SLOTS   (7 * INSTANT_DAY_S / SLOT_S)
#define PEOPLE_MAX   120

void breaker_state_clear(BreakerState *state)
{
    g_clear_pointer(&state->why, g_free);
}

bool store_breaker_state(Store *store, BreakerState *out, GError **error)
{
    *out = (BreakerState){.since = INSTANT_NONE};
    g_auto(Query) query = query_new(store, SQL_BREAKER);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    if (!found)
        return true;
    Instant opened = query_get_instant(&query);
    out->why = query_get_text(&query);
    Instant closed = query_get_instant(&query);
    out->after_letter = query_get_number(&query);
    out->is_open = closed == INSTANT_NONE;
    out->since = out->is_open ? opened : closed;
    return true;
}

/* ---- opening and closing ---------------------------------------------- */

static bool open_breaker(Store *store, const char *why, Instant now,
                         GError **error)
{
    g_auto(Query) query = query_new(store, SQL_BREAKER_OPEN);
    query_put_number(&query, now);
    query_put_text(&query, why);
    log_error(NULL,
              "the breaker is open: %s. No letter leaves by itself; look "
              "into it, then: exitdesk breaker close",
              why);
    return query_run(&query, NULL, error) &&
           record_append(store, RECORD_DESK, now, RECORD_DECIDED, NULL, error,
                         "The breaker opened: %s", why);
}

bool store_breaker_open(Store *store, const char *why, Instant now,
                        GError **error)
{
    g_auto(BreakerState) state = {0};
    if (!store_breaker_state(store, &state, error))
        return false;
    if (state.is_open)
        return true;
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(store, open_breaker(store, why, now, error),
                              error);
}

static bool close_breaker(Store *store, const char *by, const char *note,
                          Instant now, GError **error)
{
    int changes = 0;
    {
        g_auto(Query) query = query_new(store, SQL_BREAKER_CLOSE);
        query_put_number(&query, now);
        query_put_text(&query, by);
        query_put_text(&query, note);
        if (!query_run(&query, &changes, error))
            return false;
    }
    if (changes == 0) {
        g_set_error_literal(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                            "the breaker is not open");
        return false;
    }
    return record_append(store, RECORD_DESK, now, RECORD_DECIDED, NULL, error,
                         "The breaker was closed by %.*s%s%s", PEOPLE_MAX, by,
                         note ? ": " : "", note ? note : "");
}

bool store_breaker_close(Store *store, const char *by, const char *note,
                         Instant now, GError **error)
{
    if (!by || !*by) {
        g_set_error_literal(error, DESK_ERROR, DESK_ERROR_INVALID,
                            "only a person with a name closes the breaker");
        return false;
    }
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(store, close_breaker(store, by, note, now, error),
                              error);
}

bool store_breaker_complaint(Store *store, Instant now, GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(
        store, counts_note(store, "complaint", now, error), error);
}

/* ---- how many letters are usual --------------------------------------- */

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* Letters of each slot of the last week, oldest first; the last element is
 * the slot of now and all later ones (a clock that was set back). */
static uint32_t *letters_by_slot(Store *store, Instant now, GError **error)
{
    const int64_t last = now / SLOT_S, first = last - WEEK_SLOTS + 1;
    g_autofree uint32_t *slots = g_new0(uint32_t, WEEK_SLOTS);
    g_auto(Query) query = query_new(store, SQL_COUNT_BY_SLOT);
    query_put_number(&query, first);
    g_autoptr(GError) cause = NULL;
    while (query_next(&query, &cause)) {
        int64_t slot = query_get_number(&query);
        slots[MIN(slot, last) - first] += (uint32_t)query_get_number(&query);
    }
    if (!cause)
        return g_steal_pointer(&slots);
    g_propagate_error(error, g_steal_pointer(&cause));
    return NULL;
}

/* The 99th percentile of all windows before the present one. */
static uint32_t usual_rate(const uint32_t *slots)
{
    const guint count = WEEK_SLOTS - 2 * WINDOW_SLOTS + 1;
    g_autofree uint32_t *windows = g_new(uint32_t, count);
    for (guint i = 0; i < count; i++)
        windows[i] = slots[i] + slots[i + 1];
    qsort(windows, count, sizeof *windows, by_number);
    return windows[count * 99 / 100];
}

/* Automatic letters queued since the breaker was closed. */
static bool count_newer(Store *store, const BreakerState *state, int64_t *out,
                        GError **error)
{
    g_auto(Query) query = query_new(store, SQL_BREAKER_NEWER);
    query_put_number(&query, state->after_letter);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    *out = query_get_number(&query);
    return true;
}

static bool rate_trips(Store *store, const BreakerState *state, uint32_t burst,
                       Instant now, char **why, GError **error)
{
    g_autofree uint32_t *slots = letters_by_slot(store, now, error);
    if (!slots)
        return false;
    uint32_t rate = slots[WEEK_SLOTS - 1] + slots[WEEK_SLOTS - 2];
    uint32_t limit = MAX(burst, BREAKER_RATE_TIMES * usual_rate(slots));
    if (rate <= limit)
        return true;
    int64_t newer;
    if (!count_newer(store, state, &newer, error))
        return false;
    if (newer > limit)
        *why = g_strdup_printf(
            "%u automatic letters in ten minutes, %u is the most", rate, limit);
    return true;
}

/* ---- what came of them ------------------------------------------------ */

static bool bounces_trip(Store *store, const BreakerState *state, char **why,
                         GError **error)
{
    g_auto(Query) query = query_new(store, SQL_BREAKER_FAILED);
    query_put_number(&query, state->after_letter);
    query_put_number(&query, BREAKER_LETTERS);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    int64_t failed = query_get_number(&query);
    if (failed > BREAKER_BOUNCES_MAX)
        *why = g_strdup_printf("%d of the last %d letters did not arrive",
                               (int)failed, BREAKER_LETTERS);
    return true;
}

static bool notes_trip(Store *store, const BreakerState *state,
                       const char *scope, uint32_t most, const char *words,
                       Instant now, char **why, GError **error)
{
    Instant since = now - INSTANT_DAY_S;
    if (!state->is_open && state->since != INSTANT_NONE)
        since = MAX(since, state->since + SLOT_S);
    uint32_t count;
    if (!counts_since(store, scope, "", since, &count, error))
        return false;
    if (count > most)
        *why = g_strdup_printf("%u %s in a day", count, words);
    return true;
}

static bool find_reason(Store *store, const BreakerState *state, uint32_t burst,
                        Instant now, char **why, GError **error)
{
    return rate_trips(store, state, burst, now, why, error) &&
           (*why || bounces_trip(store, state, why, error)) &&
           (*why ||
            notes_trip(store, state, "complaint", BREAKER_COMPLAINTS_MAX,
                       "complaints about our letters", now, why, error)) &&
           (*why ||
            notes_trip(store, state, "unknown", BREAKER_UNKNOWN_MAX,
                       "letters without a known outcome", now, why, error));
}

bool store_breaker_check(Store *store, uint32_t burst, Instant now,
                         bool *is_open, GError **error)
{
    g_auto(BreakerState) state = {0};
    *is_open = false;
    if (!store_breaker_state(store, &state, error))
        return false;
    g_autofree char *why = NULL;
    if (!state.is_open && !find_reason(store, &state, burst, now, &why, error))
        return false;
    *is_open = state.is_open || why;
    return !why || store_breaker_open(store, why, now, error);
}
