#include "store/notices.h"

#include "store/record.h"

#include "base/log.h"

#define BY_MAX   200
#define WHAT_MAX 1000

/* ---- looks -------------------------------------------------------------- */

static void *read_watched(Query *query)
{
    WatchedRelay *relay = g_new0(WatchedRelay, 1);
    relay->fingerprint = query_get_text(query);
    relay->is_listed = query_get_number(query) != 0;
    relay->addresses = query_get_text(query);
    relay->contact = query_get_text(query);
    relay->relatives = query_get_text(query);
    relay->sharers = query_get_text(query);
    relay->proof = query_get_text(query);
    relay->country = query_get_text(query);
    relay->policy = query_get_text(query);
    return relay;
}

GPtrArray *store_watched(Store *store, const char *member, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_WATCHED);
    query_put_text(&query, member);
    return query_rows(&query, read_watched, (GDestroyNotify)watched_relay_free,
                      error);
}

static bool add_watched(Store *store, const char *member,
                        const WatchedRelay *relay, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_WATCHED_ADD);
    query_put_text(&query, member);
    query_put_text(&query, relay->fingerprint);
    query_put_number(&query, relay->is_listed);
    query_put_text(&query, relay->addresses);
    query_put_text(&query, relay->contact);
    query_put_text(&query, relay->relatives);
    query_put_text(&query, relay->sharers);
    query_put_text(&query, relay->proof);
    query_put_text(&query, relay->country);
    query_put_text(&query, relay->policy);
    return query_run(&query, NULL, error);
}

static bool replace_look(Store *store, const char *member,
                         const GPtrArray *look, GError **error)
{
    {
        g_auto(Query) query = query_new(store, SQL_WATCHED_CLEAR);
        query_put_text(&query, member);
        if (!query_run(&query, NULL, error))
            return false;
    }
    for (guint i = 0; i < look->len; i++)
        if (!add_watched(store, member, look->pdata[i], error))
            return false;
    return true;
}

static bool add_notice(Store *store, const char *member, const Notice *notice,
                       Instant as_of, Instant now, GError **error)
{
    g_autofree char *what = foreign_text(notice->what, WHAT_MAX);
    g_autofree char *about = g_strdup_printf("member:%s", member);
    bool holds = notice_kind_holds(notice->kind);
    char when[INSTANT_TEXT_MAX];
    g_auto(Query) query = query_new(store, SQL_NOTICE_ADD);
    query_put_text(&query, member);
    query_put_text(&query, notice_kind_word(notice->kind));
    query_put_text(&query, notice->relay);
    query_put_text(&query, what);
    query_put_number(&query, holds);
    query_put_number(&query, now);
    query_put_number(&query, as_of);
    return query_run(&query, NULL, error) &&
           record_append(
               store, about, now, RECORD_PUBLIC, NULL, error,
               "%s%s%s: %s (consensus of %s)%s", notice_kind_word(notice->kind),
               notice->relay ? " " : "", notice->relay ? notice->relay : "",
               what, instant_text(as_of, when),
               holds ? " Its automatic letters are held." : "");
}

static bool keep(Store *store, const char *member, const GPtrArray *look,
                 const GPtrArray *notices, Instant as_of, Instant now,
                 GError **error)
{
    for (guint i = 0; i < notices->len; i++)
        if (!add_notice(store, member, notices->pdata[i], as_of, now, error))
            return false;
    return replace_look(store, member, look, error);
}

bool store_notice(Store *store, const char *member, const GPtrArray *look,
                  const GPtrArray *notices, Instant as_of, Instant now,
                  GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(
        store, keep(store, member, look, notices, as_of, now, error), error);
}

/* ---- notices ------------------------------------------------------------ */

void notice_row_free(NoticeRow *row)
{
    if (!row)
        return;
    g_free(row->member);
    g_free(row->kind);
    g_free(row->relay);
    g_free(row->what);
    g_free(row->settled_by);
    g_free(row->note);
    g_free(row);
}

static void *read_notice(Query *query)
{
    NoticeRow *row = g_new0(NoticeRow, 1);
    row->number = query_get_number(query);
    row->member = query_get_text(query);
    row->kind = query_get_text(query);
    row->relay = query_get_text(query);
    row->what = query_get_text(query);
    row->holds = query_get_number(query) != 0;
    row->noticed = query_get_number(query);
    row->as_of = query_get_number(query);
    row->settled = query_get_instant(query);
    row->settled_by = query_get_text(query);
    row->note = query_get_text(query);
    return row;
}

GPtrArray *store_notices(Store *store, const char *member, bool with_settled,
                         GError **error)
{
    g_auto(Query) query = query_new(store, SQL_NOTICES);
    query_put_text(&query, member);
    query_put_number(&query, with_settled);
    return query_rows(&query, read_notice, (GDestroyNotify)notice_row_free,
                      error);
}

char *store_notice_hold(Store *store, const char *member, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_NOTICE_HELD);
    bool found;
    query_put_text(&query, member);
    if (!query_one(&query, &found, error) || !found)
        return NULL;
    return query_get_text(&query);
}

static bool settle(Store *store, const char *member, int64_t number,
                   const char *by, const char *note, Instant now, guint *count,
                   GError **error)
{
    int changes = 0;
    g_autofree char *about = g_strdup_printf("member:%s", member);
    {
        g_auto(Query) query = query_new(store, SQL_NOTICE_SETTLE);
        query_put_number(&query, now);
        query_put_text(&query, by);
        query_put_text(&query, note);
        query_put_text(&query, member);
        query_put_number(&query, number);
        if (!query_run(&query, &changes, error))
            return false;
    }
    *count = (guint)changes;
    return changes == 0 ||
           record_append(store, about, now, RECORD_DECIDED, NULL, error,
                         "%d notice%s looked at by %s%s%s", changes,
                         changes == 1 ? "" : "s", by, note ? ": " : "",
                         note ? note : "");
}

bool store_settle_notices(Store *store, const char *member, int64_t number,
                          const char *by, const char *note, Instant now,
                          guint *count, GError **error)
{
    g_autofree char *who = foreign_text(by, BY_MAX);
    g_autofree char *why = note ? foreign_text(note, WHAT_MAX) : NULL;
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(
        store, settle(store, member, number, who, why, now, count, error),
        error);
}
