#include "store/probe.h"

#include "store/database.h"
#include "store/record.h"

#include "base/errors.h"
#include "base/log.h"

void probe_state_clear(ProbeState *state)
{
    g_clear_pointer(&state->got_through, g_free);
}

static bool newest(Store *store, Sql sql, Instant *at, char **answer,
                   GError **error)
{
    *at = INSTANT_NONE;
    g_auto(Query) query = query_new(store, sql);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    if (!found)
        return true;
    *at = query_get_instant(&query);
    if (answer)
        *answer = query_get_text(&query);
    return true;
}

bool store_probe_state(Store *store, Instant started, Instant now,
                       ProbeState *out, GError **error)
{
    g_autofree char *answer = NULL;
    *out = (ProbeState){0};
    if (!newest(store, SQL_PROBE_SENT_LAST, &out->sent, NULL, error) ||
        !newest(store, SQL_PROBE_CAME_LAST, &out->came, &answer, error))
        return false;
    bool is_new = out->came != INSTANT_NONE && out->came >= started &&
                  now - out->came <= PROBE_VALID_S;
    out->is_proven = is_new && answer && !*answer;
    if (answer && *answer)
        out->got_through = g_steal_pointer(&answer);
    return true;
}

bool store_probe_sent(Store *store, const char *token, Instant now,
                      GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    bool ok;
    {
        g_auto(Query) query = query_new(store, SQL_PROBE_ADD);
        query_put_text(&query, token);
        query_put_number(&query, now);
        ok = query_run(&query, NULL, error);
    }
    return transaction_finish(store, ok, error);
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
