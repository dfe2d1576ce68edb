#include "store/alerts.h"

#include "store/record.h"

#include "base/errors.h"

#define ALERTS "alerts" /* the record's name for what is about many */

void alert_free(Alert *alert)
{
    if (!alert)
        return;
    g_free(alert->case_id);
    g_free(alert->kind);
    g_free(alert->language);
    g_free(alert->page);
    g_free(alert->taken_by);
    g_free(alert->login);
    g_free(alert->note);
    g_free(alert);
}

/* The columns of ALERT_COLUMNS. */
static void *read_alert(Query *query)
{
    Alert *alert = g_new0(Alert, 1);
    alert->number = query_get_number(query);
    alert->case_id = query_get_text(query);
    alert->kind = query_get_text(query);
    alert->language = query_get_text(query);
    alert->page = query_get_text(query);
    alert->made = query_get_number(query);
    alert->told = query_get_instant(query);
    alert->told_last = query_get_instant(query);
    alert->rounds = (uint32_t)query_get_number(query);
    alert->taken = query_get_instant(query);
    alert->taken_by = query_get_text(query);
    alert->login = query_get_text(query);
    alert->note = query_get_text(query);
    return alert;
}

/* ---- making and looking -------------------------------------------------- */

bool alert_add(Store *store, int64_t ticket, const char *kind,
               const char *language, const char *page, Instant now,
               GError **error)
{
    g_auto(Query) query = query_new(store, SQL_ALERT_ADD);
    query_put_number(&query, ticket);
    query_put_text(&query, kind);
    query_put_text(&query, language);
    query_put_text(&query, page);
    query_put_number(&query, now);
    return query_run(&query, NULL, error);
}

static Sql list_of(AlertState state)
{
    switch (state) {
    case ALERTS_ALL:
        return SQL_ALERTS;
    case ALERTS_OPEN:
        return SQL_ALERTS_OPEN;
    case ALERTS_FRESH:
        return SQL_ALERTS_FRESH;
    case ALERTS_TOLD:
        return SQL_ALERTS_TOLD;
    }
    g_assert_not_reached();
}

GPtrArray *store_alerts(Store *store, AlertState state, guint max,
                        GError **error)
{
    g_auto(Query) query = query_new(store, list_of(state));
    query_put_number(&query, max);
    return query_rows(&query, read_alert, (GDestroyNotify)alert_free, error);
}

bool store_alert_numbers(Store *store, AlertNumbers *out, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_ALERT_NUMBERS);
    bool found;
    *out = (AlertNumbers){.told_least = INSTANT_NONE, .listed = INSTANT_NONE};
    if (!query_one(&query, &found, error))
        return false;
    if (!found)
        return true;
    out->fresh = (uint32_t)query_get_number(&query);
    out->told = (uint32_t)query_get_number(&query);
    out->told_least = query_get_instant(&query);
    out->rounds = (uint32_t)query_get_number(&query);
    out->listed = query_get_instant(&query);
    return true;
}

bool store_alerts_alone(Store *store, const char *kind, Instant since,
                        uint32_t *count, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_ALERTS_ALONE);
    query_put_text(&query, kind);
    query_put_number(&query, since);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    *count = found ? (uint32_t)query_get_number(&query) : 0;
    return true;
}

char *store_case_of_alert(Store *store, const char *token, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_CASE_OF_ALERT);
    query_put_text(&query, token);
    bool found;
    return query_one(&query, &found, error) && found ? query_get_text(&query)
                                                     : NULL;
}

/* ---- telling people ------------------------------------------------------ */

static bool run_numbers(Store *store, Sql sql, Instant now, int64_t number,
                        GError **error)
{
    g_auto(Query) query = query_new(store, sql);
    query_put_number(&query, now);
    if (number > 0)
        query_put_number(&query, number);
    return query_run(&query, NULL, error);
}

static bool mark(Store *store, const AlertRound *round, Instant now,
                 GError **error)
{
    switch (round->state) {
    case ALERTS_ALL:
        return run_numbers(store, SQL_ALERT_TOLD_ALONE, now, round->number,
                           error);
    case ALERTS_FRESH:
        return run_numbers(store, SQL_ALERT_TOLD_LIST, now, 0, error);
    case ALERTS_TOLD:
        return run_numbers(store, SQL_ALERT_TOLD_AGAIN, now, 0, error);
    case ALERTS_OPEN:
        break;
    }
    g_assert_not_reached();
}

static bool link_message(Store *store, const char *token, int64_t alert,
                         GError **error)
{
    g_auto(Query) query = query_new(store, SQL_ALERT_MAIL_ADD);
    query_put_text(&query, token);
    query_put_number(&query, alert);
    return query_run(&query, NULL, error);
}

/* first: the one that answers to the messages belong to; with its case. */
static bool tell(Store *store, const AlertRound *round, const Alert *first,
                 Instant now, GError **error)
{
    for (guint i = 0; i < round->count; i++) {
        NewMessage message = round->messages[i];
        message.about = ALERTS;
        message.is_urgent = true;
        if (!message_add(store, &message, now, error) ||
            !link_message(store, message.token, first->number, error))
            return false;
    }
    const char *about = round->state == ALERTS_ALL ? first->case_id : ALERTS;
    return mark(store, round, now, error) &&
           record_append(store, about, now, RECORD_DECIDED, NULL, error,
                         "Alert (%s), told: %s", first->kind, round->who);
}

static const Alert *find_first(const GPtrArray *alerts, int64_t number)
{
    for (guint i = 0; i < alerts->len; i++) {
        const Alert *alert = alerts->pdata[i];
        if (number <= 0 || alert->number == number)
            return alert;
    }
    return NULL;
}

bool store_alert_tell(Store *store, const AlertRound *round, Instant now,
                      GError **error)
{
    AlertState state = round->state == ALERTS_ALL ? ALERTS_OPEN : round->state;
    guint max = round->state == ALERTS_ALL ? G_MAXINT : 1;
    g_autoptr(GPtrArray) alerts = store_alerts(store, state, max, error);
    if (!alerts)
        return false;
    const Alert *first =
        find_first(alerts, round->state == ALERTS_ALL ? round->number : 0);
    if (!first) {
        g_set_error_literal(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                            "nobody waits to be told of it any more");
        return false;
    }
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(store, tell(store, round, first, now, error),
                              error);
}

/* ---- taking it on -------------------------------------------------------- */

static bool set_taken(Store *store, const Alert *alert, const char *by,
                      const char *login, const char *note, Instant now,
                      GError **error)
{
    g_auto(Query) query = query_new(store, SQL_ALERT_TAKE);
    query_put_number(&query, now);
    query_put_text(&query, by);
    query_put_text(&query, login);
    query_put_text(&query, note);
    query_put_number(&query, alert->number);
    return query_run(&query, NULL, error) &&
           record_append(store, alert->case_id, now, RECORD_NOTE, NULL, error,
                         "Alert taken on by %s (login %s)%s%s", by, login,
                         note ? ": " : "", note ? note : "");
}

/* The alert of a case. Errors: MISSING, CONFLICT. */
static Alert *find_open(Store *store, const char *case_id, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_ALERT_OF_CASE);
    query_put_text(&query, case_id);
    bool found;
    if (!query_one(&query, &found, error))
        return NULL;
    Alert *alert = found ? read_alert(&query) : NULL;
    if (alert && alert->taken == INSTANT_NONE)
        return alert;
    if (!alert) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "there is no alert for %s. All: exitdesk alert list",
                    case_id);
        return NULL;
    }
    char at[INSTANT_TEXT_MAX];
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                "%s was taken on by %s at %s", case_id, alert->taken_by,
                instant_text(alert->taken, at));
    alert_free(alert);
    return NULL;
}

static GPtrArray *find_wanted(Store *store, const char *case_id, GError **error)
{
    if (!case_id)
        return store_alerts(store, ALERTS_OPEN, G_MAXINT, error);
    Alert *alert = find_open(store, case_id, error);
    if (!alert)
        return NULL;
    GPtrArray *one = g_ptr_array_new_with_free_func((GDestroyNotify)alert_free);
    g_ptr_array_add(one, alert);
    return one;
}

static bool take_all(Store *store, const GPtrArray *alerts, const char *by,
                     const char *login, const char *note, Instant now,
                     GError **error)
{
    for (guint i = 0; i < alerts->len; i++)
        if (!set_taken(store, alerts->pdata[i], by, login, note, now, error))
            return false;
    return true;
}

bool store_alert_take(Store *store, const char *case_id, const char *by,
                      const char *login, const char *note, Instant now,
                      uint32_t *count, GError **error)
{
    if (!by || !*by) {
        g_set_error_literal(error, DESK_ERROR, DESK_ERROR_INVALID,
                            "who takes it on must be said");
        return false;
    }
    g_autoptr(GPtrArray) alerts = find_wanted(store, case_id, error);
    if (!alerts || !transaction_begin(store, error))
        return false;
    *count = alerts->len;
    return transaction_finish(
        store, take_all(store, alerts, by, login, note, now, error), error);
}
