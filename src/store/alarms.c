#include "store/alarms.h"

#include "store/alerts.h"
#include "store/record.h"

/* Stands where otherwise the person does who took an alert on. */
#define TAKEN_BY "nobody: the case moved on"

void alarm_free(Alarm *alarm)
{
    if (!alarm)
        return;
    g_free(alarm->case_id);
    g_free(alarm->member);
    g_free(alarm->category);
    g_free(alarm->state);
    g_free(alarm);
}

bool alarm_set(Store *store, int64_t ticket, Instant when, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_ALARM_SET);
    query_put_number(&query, when);
    query_put_number(&query, ticket);
    return query_run(&query, NULL, error);
}

static void *read_alarm(Query *query)
{
    Alarm *alarm = g_new0(Alarm, 1);
    alarm->ticket = query_get_number(query);
    alarm->case_id = query_get_text(query);
    alarm->member = query_get_text(query);
    alarm->category = query_get_text(query);
    alarm->state = query_get_text(query);
    alarm->received = query_get_number(query);
    alarm->due = query_get_instant(query);
    return alarm;
}

GPtrArray *store_alarms(Store *store, Instant now, guint max, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_ALARMS_DUE);
    query_put_number(&query, now);
    query_put_number(&query, max);
    return query_rows(&query, read_alarm, (GDestroyNotify)alarm_free, error);
}

/* ---- raising ------------------------------------------------------------- */

/* False without error if somebody else was first. */
static bool take_moment(Store *store, int64_t ticket, bool *taken,
                        GError **error)
{
    int changes = 0;
    g_auto(Query) query = query_new(store, SQL_ALARM_CLEAR);
    query_put_number(&query, ticket);
    if (!query_run(&query, &changes, error))
        return false;
    *taken = changes > 0;
    return true;
}

static bool raise_alarm(Store *store, const Alarm *alarm, const char *page,
                        Instant now, GError **error)
{
    bool taken;
    char due[INSTANT_TEXT_MAX];
    if (!take_moment(store, alarm->ticket, &taken, error))
        return false;
    return !taken ||
           (alert_add(store, alarm->ticket, ALARM_KIND, NULL, page, now,
                      error) &&
            record_append(store, alarm->case_id, now, RECORD_DECIDED, NULL,
                          error,
                          "Half of the time for an answer is over, due %s: "
                          "people are told",
                          instant_text(alarm->due, due)));
}

bool store_alarm_raise(Store *store, const Alarm *alarm, const char *page,
                       Instant now, GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(
        store, raise_alarm(store, alarm, page, now, error), error);
}

/* ---- coming to rest ------------------------------------------------------- */

typedef struct {
    int64_t alert;
    char *case_id, *state;
} Over;

static void over_free(void *data)
{
    Over *over = data;
    g_free(over->case_id);
    g_free(over->state);
    g_free(over);
}

static void *read_over(Query *query)
{
    Over *over = g_new0(Over, 1);
    over->alert = query_get_number(query);
    over->case_id = query_get_text(query);
    over->state = query_get_text(query);
    return over;
}

static bool rest(Store *store, const Over *over, Instant now, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_ALARM_REST);
    query_put_number(&query, now);
    query_put_text(&query, TAKEN_BY);
    query_put_number(&query, over->alert);
    return query_run(&query, NULL, error) &&
           record_append(store, over->case_id, now, RECORD_NOTE, NULL, error,
                         "The alert of the deadline is over: the case is %s",
                         over->state);
}

static bool rest_all(Store *store, const GPtrArray *all, Instant now,
                     GError **error)
{
    for (guint i = 0; i < all->len; i++)
        if (!rest(store, all->pdata[i], now, error))
            return false;
    return true;
}

bool store_alarms_rest(Store *store, Instant now, guint *count, GError **error)
{
    g_autoptr(GPtrArray) all = NULL;
    {
        g_auto(Query) query = query_new(store, SQL_ALARMS_OVER);
        query_put_text(&query, ALARM_KIND);
        all = query_rows(&query, read_over, over_free, error);
    }
    *count = all ? all->len : 0;
    if (!all || all->len == 0)
        return all != NULL;
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(store, rest_all(store, all, now, error), error);
}

bool alarm_again(Store *store, int64_t ticket, const char *case_id, Instant now,
                 GError **error)
{
    int changes = 0;
    g_auto(Query) query = query_new(store, SQL_ALARM_AGAIN);
    query_put_number(&query, ticket);
    query_put_text(&query, ALARM_KIND);
    query_put_text(&query, TAKEN_BY);
    return query_run(&query, &changes, error) &&
           (changes == 0 ||
            record_append(store, case_id, now, RECORD_NOTE, NULL, error,
                          "The letter did not leave: people are told of the "
                          "deadline again"));
}
