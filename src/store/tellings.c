#include "store/tellings.h"

#include "store/record.h"

#include "base/digest.h"

/* ---- asking -------------------------------------------------------------- */

void waiting_draft_free(WaitingDraft *draft)
{
    g_free(draft->case_id);
    g_free(draft->category);
    g_free(draft->reporter);
    g_free(draft->to);
    g_free(draft->subject);
    g_free(draft->text);
    g_free(draft->token);
    g_free(draft);
}

static void *read_waiting(Query *query)
{
    WaitingDraft *draft = g_new0(WaitingDraft, 1);
    draft->letter = query_get_number(query);
    draft->case_id = query_get_text(query);
    draft->category = query_get_text(query);
    draft->reporter = query_get_text(query);
    draft->to = query_get_text(query);
    draft->subject = query_get_text(query);
    draft->text = query_get_text(query);
    draft->received = query_get_number(query);
    draft->due = query_get_instant(query);
    draft->made = query_get_number(query);
    draft->token = query_get_text(query);
    draft->times = (uint32_t)query_get_number(query);
    draft->next_at = query_get_instant(query);
    return draft;
}

GPtrArray *store_waiting_for(Store *store, const char *member,
                             const char *address, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_WAITING_FOR);
    query_put_text(&query, member);
    query_put_text(&query, address);
    return query_rows(&query, read_waiting, (GDestroyNotify)waiting_draft_free,
                      error);
}

void news_row_free(NewsRow *row)
{
    g_free(row->kind);
    g_free(row->case_id);
    g_free(row->category);
    g_free(row->by);
    g_free(row);
}

static void *read_news(Query *query)
{
    NewsRow *row = g_new0(NewsRow, 1);
    row->kind = query_get_text(query);
    row->case_id = query_get_text(query);
    row->category = query_get_text(query);
    row->by = query_get_text(query);
    row->at = query_get_number(query);
    return row;
}

GPtrArray *store_news(Store *store, const char *member, Instant since,
                      GError **error)
{
    g_auto(Query) query = query_new(store, SQL_NEWS);
    query_put_text(&query, member);
    query_put_number(&query, since);
    return query_rows(&query, read_news, (GDestroyNotify)news_row_free, error);
}

bool store_last_digest(Store *store, const char *member, const char *address,
                       char **day, Instant *at, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_DIGEST_LAST);
    bool found;
    query_put_text(&query, member);
    query_put_text(&query, address);
    *day = NULL;
    *at = INSTANT_NONE;
    if (!query_one(&query, &found, error))
        return false;
    if (found) {
        *day = query_get_text(&query);
        *at = query_get_number(&query);
    }
    return true;
}

bool store_told_count(Store *store, const char *address, Instant since,
                      uint32_t *count, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TOLD_COUNT);
    bool found;
    query_put_text(&query, address);
    query_put_number(&query, since);
    if (!query_one(&query, &found, error))
        return false;
    *count = (uint32_t)query_get_number(&query);
    return true;
}

bool store_told_failed(Store *store, const char *address, Instant *when,
                       GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TOLD_FAILED);
    bool found;
    query_put_text(&query, address);
    if (!query_one(&query, &found, error))
        return false;
    *when = query_get_instant(&query);
    return true;
}

bool store_record_head(Store *store, int64_t *entries, char **hash,
                       GError **error)
{
    g_auto(Query) query = query_new(store, SQL_RECORD_HEAD);
    bool found;
    *entries = 0;
    *hash = NULL;
    if (!query_one(&query, &found, error))
        return false;
    if (!found)
        return true;
    *entries = query_get_number(&query);
    g_autoptr(GBytes) bytes = query_get_bytes(&query);
    *hash = hex_new(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    return true;
}

void told_row_free(ToldRow *row)
{
    g_free(row->case_id);
    g_free(row->member);
    g_free(row->address);
    g_free(row->state);
    g_free(row);
}

static void *read_told(Query *query)
{
    ToldRow *row = g_new0(ToldRow, 1);
    row->case_id = query_get_text(query);
    row->member = query_get_text(query);
    row->address = query_get_text(query);
    row->state = query_get_text(query);
    row->first = query_get_number(query);
    row->last = query_get_number(query);
    row->next_at = query_get_instant(query);
    row->times = (uint32_t)query_get_number(query);
    return row;
}

GPtrArray *store_told(Store *store, bool open, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TOLD);
    query_put_number(&query, open);
    return query_rows(&query, read_told, (GDestroyNotify)told_row_free, error);
}

/* ---- telling ------------------------------------------------------------- */

static bool set_told(Store *store, const Telling *telling,
                     const ToldDraft *draft, Instant now, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TOLD_SET);
    query_put_number(&query, draft->letter);
    query_put_text(&query, telling->address);
    query_put_text(&query, telling->member);
    query_put_text(&query, draft->token);
    query_put_number(&query, now);
    query_put_instant(&query, draft->next_at);
    return query_run(&query, NULL, error);
}

static bool set_day(Store *store, const Telling *telling, Instant now,
                    GError **error)
{
    g_auto(Query) query = query_new(store, SQL_DIGEST_SET);
    query_put_text(&query, telling->member);
    query_put_text(&query, telling->address);
    query_put_text(&query, telling->day);
    query_put_number(&query, now);
    return query_run(&query, NULL, error);
}

static bool tell(Store *store, const Telling *telling, Instant now,
                 GError **error)
{
    for (guint i = 0; i < telling->draft_count; i++)
        if (!set_told(store, telling, &telling->drafts[i], now, error))
            return false;
    return (!telling->day || set_day(store, telling, now, error)) &&
           (!telling->message ||
            message_add(store, telling->message, now, error));
}

bool store_tell(Store *store, const Telling *telling, Instant now,
                GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(store, tell(store, telling, now, error), error);
}
