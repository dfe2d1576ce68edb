#include "store/cases.h"

#include "store/inbox.h"
#include "store/record.h"

#include "base/errors.h"

#include <string.h>

#define ROWS_MAX 1000 /* of a list, if the caller names no limit */

void case_row_free(CaseRow *row)
{
    if (!row)
        return;
    g_free(row->case_id);
    g_free(row->inbox_id);
    g_free(row->member);
    g_free(row->category);
    g_free(row->state);
    g_free(row->action);
    g_free(row->rule);
    g_free(row->why);
    g_free(row->verdict);
    g_free(row->reporter);
    g_free(row->subject);
    g_free(row->assigned);
    g_free(row->form);
    g_free(row->joined_to);
    g_free(row);
}

void case_free(Case *found)
{
    if (!found)
        return;
    case_row_free(found->row);
    g_free(found->decision_json);
    g_free(found->findings_json);
    g_free(found->matches_json);
    g_clear_pointer(&found->record, g_ptr_array_unref);
    g_free(found);
}

/* The columns of CASE_COLUMNS. */
static void *read_row(Query *query)
{
    CaseRow *row = g_new0(CaseRow, 1);
    char inbox_id[INBOX_ID_SIZE];
    int64_t number = query_get_number(query);
    inbox_id_write(number, query_get_number(query), inbox_id);
    row->inbox_id = g_strdup(inbox_id);
    row->case_id = query_get_text(query);
    row->member = query_get_text(query);
    row->category = query_get_text(query);
    row->state = query_get_text(query);
    row->action = query_get_text(query);
    row->rule = query_get_text(query);
    row->why = query_get_text(query);
    row->verdict = query_get_text(query);
    row->reporter = query_get_text(query);
    row->subject = query_get_text(query);
    row->received = query_get_number(query);
    row->due = query_get_instant(query);
    row->changed = query_get_instant(query);
    row->assigned = query_get_text(query);
    row->form = query_get_text(query);
    row->joined_to = query_get_text(query);
    return row;
}

/* ---- lists ------------------------------------------------------------ */

/* The statement whose index leaves the fewest rows, and the value it begins
 * with; the others are looked at row by row. */
static Sql narrowest(const CaseFilter *filter, const char **value)
{
    *value = filter->address;
    if (*value)
        return SQL_CASES_BY_ADDRESS;
    *value = filter->reporter;
    if (*value)
        return SQL_CASES_BY_REPORTER;
    *value = filter->member;
    return *value ? SQL_CASES_BY_MEMBER : SQL_CASES;
}

GPtrArray *store_cases(Store *store, const CaseFilter *filter, GError **error)
{
    const char *value;
    g_auto(Query) query = query_new(store, narrowest(filter, &value));
    query_put_text(&query, value);
    query_put_text(&query, filter->member);
    query_put_text(&query, filter->state);
    query_put_text(&query, filter->reporter);
    query_put_number(&query, filter->since); /* 0 and NONE: from the start */
    query_put_number(&query, filter->until > 0 ? filter->until : INT64_MAX);
    query_put_text(&query, filter->assigned);
    query_put_number(&query, filter->max ? filter->max : ROWS_MAX);
    return query_rows(&query, read_row, (GDestroyNotify)case_row_free, error);
}

GPtrArray *store_todo(Store *store, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TODO);
    query_put_number(&query, ROWS_MAX);
    return query_rows(&query, read_row, (GDestroyNotify)case_row_free, error);
}

/* ---- one case --------------------------------------------------------- */

static bool fail_missing(const char *id, GError **error)
{
    g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING, "no case or mail %s",
                id);
    return false;
}

static Case *read_case(Query *query)
{
    Case *found = g_new0(Case, 1);
    found->row = read_row(query);
    found->decision_json = query_get_text(query);
    found->findings_json = query_get_text(query);
    found->matches_json = query_get_text(query);
    return found;
}

static bool find_case(Store *store, Sql sql, int64_t first, int64_t second,
                      Case **out, GError **error)
{
    g_auto(Query) query = query_new(store, sql);
    query_put_number(&query, first);
    query_put_number(&query, second);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    *out = found ? read_case(&query) : NULL;
    return true;
}

/* Case ids come with or without prefix, in any case. The store does not know
 * the prefix: it is what stands before the first "-", unless that is the
 * year. */
static bool read_case_id(const char *id, int *year, uint32_t *serial,
                         GError **error)
{
    size_t length = strcspn(id, "-");
    if (strspn(id, "0123456789") == length)
        length = 0;
    g_autofree char *prefix = g_strndup(id, length);
    return ticket_id_parse(id, prefix, year, serial, error);
}

static Case *look_up(Store *store, const char *id, GError **error)
{
    int year;
    uint32_t serial;
    int64_t number, salt;
    Case *found = NULL;
    g_autoptr(GError) no_id = NULL;
    if (inbox_id_parse(id, &number, &salt)) {
        if (!find_case(store, SQL_CASE_BY_MAIL, number, salt, &found, error))
            return NULL;
    } else if (read_case_id(id, &year, &serial, &no_id)) {
        if (!find_case(store, SQL_CASE, year, serial, &found, error))
            return NULL;
    } else if (strchr(id, '-')) {
        g_propagate_error(error, g_steal_pointer(&no_id));
        return NULL;
    }
    if (!found)
        fail_missing(id, error);
    return found;
}

Case *store_case(Store *store, const char *id, GError **error)
{
    if (!snapshot_begin(store, error))
        return NULL;
    g_autoptr(Case) found = look_up(store, id, error);
    if (found) {
        const CaseRow *row = found->row;
        found->record = record_of(
            store, row->case_id ? row->case_id : row->inbox_id, error);
    }
    bool complete = found && found->record;
    if (!snapshot_end(store, complete ? error : NULL) || !complete)
        return NULL;
    return g_steal_pointer(&found);
}

/* ---- numbers ---------------------------------------------------------- */

bool store_numbers(Store *store, StoreNumbers *out, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_NUMBERS);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    *out = (StoreNumbers){0};
    out->mails = query_get_number(&query);
    out->undecided = query_get_number(&query);
    out->parked = query_get_number(&query);
    out->cases = query_get_number(&query);
    out->drafts_waiting = query_get_number(&query);
    out->outbox_waiting = query_get_number(&query);
    out->sent = query_get_number(&query);
    out->failed = query_get_number(&query);
    out->last_mail = query_get_instant(&query);
    out->last_sent = query_get_instant(&query);
    out->database_bytes = query_get_number(&query);
    return true;
}
