/* What members' people answered to mail of ours (tellings.h). */
#include "store/tellings.h"

#include "store/record.h"

#include "base/errors.h"

void asked_draft_clear(AskedDraft *asked)
{
    g_clear_pointer(&asked->case_id, g_free);
    g_clear_pointer(&asked->member, g_free);
    g_clear_pointer(&asked->address, g_free);
    g_clear_pointer(&asked->category, g_free);
    g_clear_pointer(&asked->state, g_free);
}

bool store_asked_draft(Store *store, const char *token, AskedDraft *out,
                       bool *found, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_ASKED);
    query_put_text(&query, token);
    if (!query_one(&query, found, error))
        return false;
    if (!*found)
        return true;
    out->is_newest = query_get_number(&query) != 0;
    out->case_id = query_get_text(&query);
    out->member = query_get_text(&query);
    out->address = query_get_text(&query);
    out->category = query_get_text(&query);
    out->state = query_get_text(&query);
    return true;
}

char *store_message_about(Store *store, const char *token, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_MESSAGE_ABOUT);
    bool found;
    query_put_text(&query, token);
    return query_one(&query, &found, error) && found ? query_get_text(&query)
                                                     : NULL;
}

static bool note_answer(Store *store, const NewAnswer *answer, Instant now,
                        GError **error)
{
    g_autofree char *about = answer->case_id
                                 ? g_strdup(answer->case_id)
                                 : g_strdup_printf("member:%s", answer->member);
    return record_append(store, about, now, RECORD_RECEIVED, NULL, error,
                         "Mail %s of %s for %s answers the desk: %s (%s)",
                         answer->inbox_id,
                         answer->sender ? answer->sender : "nobody",
                         answer->member, answer->what, answer->why);
}

static bool add_answer(Store *store, const NewAnswer *answer, Instant now,
                       GError **error)
{
    {
        g_auto(Query) query = query_new(store, SQL_ANSWER_ADD);
        query_put_text(&query, answer->what);
        query_put_text(&query, answer->why);
        query_put_text(&query, answer->member);
        query_put_text(&query, answer->case_id);
        query_put_text(&query, answer->sender);
        query_put_text(&query, answer->inbox_id);
        query_put_number(&query, now);
        if (!query_run(&query, NULL, error))
            return false;
    }
    return note_answer(store, answer, now, error) &&
           (!answer->reply || message_add(store, answer->reply, now, error));
}

bool store_add_answer(Store *store, const NewAnswer *answer, Instant now,
                      GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(store, add_answer(store, answer, now, error),
                              error);
}

void answer_row_free(AnswerRow *row)
{
    g_free(row->what);
    g_free(row->why);
    g_free(row->member);
    g_free(row->case_id);
    g_free(row->sender);
    g_free(row->inbox_id);
    g_free(row->seen_by);
    g_free(row);
}

static void *read_answer(Query *query)
{
    AnswerRow *row = g_new0(AnswerRow, 1);
    row->number = query_get_number(query);
    row->what = query_get_text(query);
    row->why = query_get_text(query);
    row->member = query_get_text(query);
    row->case_id = query_get_text(query);
    row->sender = query_get_text(query);
    row->inbox_id = query_get_text(query);
    row->seen_by = query_get_text(query);
    row->at = query_get_number(query);
    row->seen = query_get_instant(query);
    return row;
}

GPtrArray *store_answers(Store *store, bool all, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_ANSWERS);
    query_put_number(&query, all);
    return query_rows(&query, read_answer, (GDestroyNotify)answer_row_free,
                      error);
}

bool store_see_answer(Store *store, int64_t number, const char *by, Instant now,
                      GError **error)
{
    int changes = 0;
    if (!transaction_begin(store, error))
        return false;
    bool ok;
    {
        g_auto(Query) query = query_new(store, SQL_ANSWER_SEEN);
        query_put_number(&query, number);
        query_put_number(&query, now);
        query_put_text(&query, by);
        ok = query_run(&query, &changes, error);
    }
    if (ok && changes != 1) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "no mail of that number waits for staff");
        ok = false;
    }
    return transaction_finish(store, ok, error);
}
