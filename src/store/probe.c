#include "store/probe.h"

#include "store/database.h"
#include "store/record.h"

#include "base/errors.h"
#include "base/log.h"

void probe_state_clear(ProbeState *state)
{
    g_clear_pointer(&state->got_through, g_free);
}

/* ---- asking ------------------------------------------------------------- */

static bool ask_sent(Store *store, ProbeState *out, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_PROBE_SENT_LAST);
    bool found;
    out->sent = INSTANT_NONE;
    if (!query_one(&query, &found, error))
        return false;
    if (!found)
        return true;
    out->sent = query_get_instant(&query);
    out->is_home = query_get_instant(&query) != INSTANT_NONE;
    return true;
}

static bool ask_came(Store *store, ProbeState *out, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_PROBE_CAME_LAST);
    bool found;
    out->came = INSTANT_NONE;
    if (!query_one(&query, &found, error))
        return false;
    if (!found)
        return true;
    out->came = query_get_instant(&query);
    g_autofree char *answer = query_get_text(&query);
    if (answer && *answer)
        out->got_through = g_steal_pointer(&answer);
    return true;
}

bool store_probe_state(Store *store, Instant started, Instant now,
                       ProbeState *out, GError **error)
{
    *out = (ProbeState){0};
    if (!ask_sent(store, out, error) || !ask_came(store, out, error))
        return false;
    bool is_sent = out->sent != INSTANT_NONE;
    /* One that was sent in the future was sent by another clock. */
    bool is_late = out->sent > now || now - out->sent > PROBE_WAIT_S;
    bool counts = out->came != INSTANT_NONE && out->came >= started;
    out->is_lost = is_sent && !out->is_home && is_late;
    out->is_under_way = is_sent && !out->is_home && !is_late &&
                        out->sent >= started && !(counts && out->got_through);
    out->is_proven = counts && !out->got_through && !out->is_lost &&
                     out->came <= now && now - out->came <= PROBE_VALID_S;
    return true;
}

bool store_probe_exists(Store *store, const char *token, bool *found,
                        GError **error)
{
    g_auto(Query) query = query_new(store, SQL_PROBE_EXISTS);
    query_put_text(&query, token);
    return query_one(&query, found, error);
}

/* ---- noting ------------------------------------------------------------- */

static bool add(Store *store, const char *token, Instant now, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_PROBE_ADD);
    query_put_text(&query, token);
    query_put_number(&query, now);
    return query_run(&query, NULL, error);
}

bool store_probe_send(Store *store, const char *token,
                      const NewMessage *message, Instant now, GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(store,
                              add(store, token, now, error) &&
                                  message_add(store, message, now, error),
                              error);
}

static bool lose(Store *store, Instant now, bool *lost, GError **error)
{
    int changes = 0;
    {
        g_auto(Query) query = query_new(store, SQL_PROBE_LOSE);
        query_put_number(&query, now - PROBE_WAIT_S);
        if (!query_run(&query, &changes, error))
            return false;
    }
    *lost = changes > 0;
    return changes == 0 ||
           record_append(store, RECORD_DESK, now, RECORD_COMPUTED, NULL, error,
                         "Probe: did not come back within %d minutes, so "
                         "nothing shows that forged Authentication-Results "
                         "are taken out",
                         PROBE_WAIT_S / 60);
}

bool store_probe_lose(Store *store, Instant now, bool *lost, GError **error)
{
    *lost = false;
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(store, lose(store, now, lost, error), error);
}

static bool note_came(Store *store, const char *token, const char *got_through,
                      Instant now, GError **error)
{
    int changes = 0;
    {
        g_auto(Query) query = query_new(store, SQL_PROBE_CAME);
        query_put_number(&query, now);
        query_put_text(&query, got_through);
        query_put_text(&query, token);
        if (!query_run(&query, &changes, error))
            return false;
    }
    if (changes == 0) {
        g_set_error_literal(error, DESK_ERROR, DESK_ERROR_MISSING,
                            "no probe of ours, or it came before");
        return false;
    }
    return record_append(store, RECORD_DESK, now, RECORD_COMPUTED, NULL, error,
                         *got_through ? "Probe: the mail server lets forged "
                                        "Authentication-Results through (%s)"
                                      : "Probe: the mail server takes forged "
                                        "Authentication-Results out%s",
                         got_through);
}

bool store_probe_came(Store *store, const char *token, const char *got_through,
                      Instant now, GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(
        store, note_came(store, token, got_through, now, error), error);
}
