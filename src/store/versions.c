#include "store/versions.h"

#include "store/casework_inner.h"
#include "store/digests_inner.h"
#include "store/letters.h"
#include "store/record.h"

#include "base/errors.h"
#include "base/log.h"

#define PEOPLE_MAX 120 /* bytes of a name shown in the record */
#define NOTE_MAX   500

/* The newest letter of a case; letter 0: it has none. */
typedef struct {
    int64_t ticket, letter;
    guint version;
    char *state, *changed_by, *outbox_state;
} Newest;

static void newest_clear(Newest *newest)
{
    g_clear_pointer(&newest->state, g_free);
    g_clear_pointer(&newest->changed_by, g_free);
    g_clear_pointer(&newest->outbox_state, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Newest, newest_clear)

static bool find_newest(Store *store, const char *case_id, Newest *out,
                        GError **error)
{
    g_auto(Query) query = query_new(store, SQL_VERSION_NEWEST);
    bool found;
    query_put_text(&query, case_id);
    if (!query_one(&query, &found, error))
        return false;
    if (!found) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "there is no case %s", case_id);
        return false;
    }
    out->ticket = query_get_number(&query);
    out->letter = query_get_number(&query);
    out->version = (guint)query_get_number(&query);
    out->state = query_get_text(&query);
    out->changed_by = query_get_text(&query);
    out->outbox_state = query_get_text(&query);
    return true;
}

static bool conflict(GError **error, const char *format, ...)
    G_GNUC_PRINTF(2, 3);
static bool conflict(GError **error, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    g_autofree char *words = g_strdup_vprintf(format, values);
    va_end(values);
    g_set_error_literal(error, DESK_ERROR, DESK_ERROR_CONFLICT, words);
    return false;
}

static bool is_expected(const char *case_id, const Newest *newest,
                        guint version, GError **error)
{
    if (newest->letter == 0) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "no draft for the case %s", case_id);
        return false;
    }
    if (version == 0 && newest->changed_by)
        return conflict(error,
                        "%s: %s changed the letter. Look at it (exitdesk draft "
                        "show %s) and say which: --version %u",
                        case_id, newest->changed_by, case_id, newest->version);
    return version == 0 || newest->version == version ||
           conflict(error,
                    "%s: not version %u, there is version %u (by %s). Look at "
                    "it: exitdesk draft show %s",
                    case_id, version, newest->version,
                    newest->changed_by ? newest->changed_by : "the program",
                    case_id);
}

bool store_expect_version(Store *store, const char *case_id, guint version,
                          GError **error)
{
    g_auto(Newest) newest = {0};
    return find_newest(store, case_id, &newest, error) &&
           is_expected(case_id, &newest, version, error);
}

/* ---- looking -------------------------------------------------------------- */

static void *read_version(Query *query)
{
    return draft_read(query);
}

GPtrArray *store_versions(Store *store, const char *case_id, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_VERSIONS);
    query_put_text(&query, case_id);
    return query_rows(&query, read_version, (GDestroyNotify)draft_free, error);
}

Draft *store_version(Store *store, const char *case_id, guint version,
                     GError **error)
{
    g_auto(Query) query = query_new(store, SQL_VERSION);
    bool found;
    query_put_text(&query, case_id);
    query_put_number(&query, version);
    if (!query_one(&query, &found, error))
        return NULL;
    if (found)
        return draft_read(&query);
    g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                "%s has no letter of version %u", case_id, version);
    return NULL;
}

/* A letter written beside that of others would answer the case twice; changed,
 * it would leave the others without. A joined case has none of its own. */
bool store_may_write(Store *store, const char *case_id, GError **error)
{
    g_auto(CaseStanding) standing = {0};
    if (!case_stand(store, case_id, &standing, error))
        return false;
    if (standing.joined_to)
        return conflict(error,
                        "%s is joined to %s; its letter is written there",
                        case_id, standing.joined_to);
    return case_is_in_no_digest(store, &standing, error);
}

/* ---- making --------------------------------------------------------------- */

static bool is_on_its_way(const Newest *newest)
{
    const char *state = newest->outbox_state;
    return state &&
           (g_str_equal(state, "waiting") || g_str_equal(state, "sending") ||
            g_str_equal(state, "retry"));
}

static bool may_change(const NewVersion *new_version, const Newest *newest,
                       GError **error)
{
    const char *id = new_version->case_id;
    bool waits = g_strcmp0(newest->state, "waiting") == 0;
    if (new_version->seen > 0) {
        if (!is_expected(id, newest, new_version->seen, error))
            return false;
        return waits ||
               conflict(error, "%s: the letter is %s, it waits for nobody", id,
                        newest->state);
    }
    if (waits)
        return conflict(error,
                        "%s: a letter waits already. Change it: exitdesk "
                        "draft edit %s",
                        id, id);
    if (is_on_its_way(newest))
        return conflict(error,
                        "%s: a letter is on its way. Stop it first: exitdesk "
                        "draft stop %s",
                        id, id);
    return true;
}

bool store_may_begin(Store *store, const char *case_id, GError **error)
{
    g_auto(Newest) newest = {0};
    const NewVersion first = {.case_id = case_id};
    return store_may_write(store, case_id, error) &&
           find_newest(store, case_id, &newest, error) &&
           may_change(&first, &newest, error);
}

static bool replace(Store *store, const NewVersion *new_version, int64_t letter,
                    Instant now, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_VERSION_REPLACE);
    query_put_number(&query, now);
    query_put_text(&query, new_version->by);
    query_put_number(&query, letter);
    return query_run(&query, NULL, error);
}

static bool note_maker(Store *store, const NewVersion *new_version,
                       int64_t letter, int64_t before, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_VERSION_NOTE);
    if (before > 0)
        query_put_number(&query, before);
    else
        query_put_text(&query, NULL);
    query_put_text(&query, new_version->by);
    query_put_text(&query, new_version->change);
    query_put_text(&query, new_version->source);
    query_put_text(&query, new_version->checked_by);
    query_put_number(&query, letter);
    return query_run(&query, NULL, error);
}

static bool record_version(Store *store, const NewVersion *new_version,
                           guint version, Instant now, GError **error)
{
    const Reply *reply = new_version->reply;
    g_autofree char *by = foreign_text(new_version->by, PEOPLE_MAX);
    g_autofree char *note =
        new_version->note ? foreign_text(new_version->note, NOTE_MAX) : NULL;
    g_autofree char *checked =
        new_version->checked_by
            ? foreign_text(new_version->checked_by, PEOPLE_MAX)
            : NULL;
    return record_append(
        store, new_version->case_id, now, RECORD_DECIDED, NULL, error,
        "Letter %s by %s (login %s): %s. Version %u, to %s (%s)%s%s%s%s",
        new_version->seen ? "changed" : "written", by, new_version->login,
        new_version->change, version,
        reply->to && *reply->to ? reply->to : "nobody yet",
        new_version->source ? new_version->source : "-",
        checked ? "; checklist: " : "", checked ? checked : "",
        note ? "; " : "", note ? note : "");
}

/* What was over is looked at anew before it waits (ticket/state.c). */
static bool take_up(Store *store, int64_t ticket, Instant now, GError **error)
{
    return ticket_move(store, ticket, TICKET_TRIAGE, now, error) &&
           ticket_move(store, ticket, TICKET_DRAFTED, now, error);
}

static bool put_version(Store *store, const NewVersion *new_version,
                        Instant now, guint *version, GError **error)
{
    g_auto(Newest) newest = {0};
    g_autofree char *claims = letter_claims_json(new_version->reply);
    int64_t letter;
    if (!store_may_write(store, new_version->case_id, error) ||
        !find_newest(store, new_version->case_id, &newest, error) ||
        !may_change(new_version, &newest, error))
        return false;
    int64_t before = new_version->seen ? newest.letter : 0;
    *version = newest.version + 1;
    return letter_add(store, newest.ticket, new_version->reply, claims, now,
                      &letter, error) &&
           (before == 0 || replace(store, new_version, before, now, error)) &&
           draft_add(store, letter, false, now, INSTANT_NONE, error) &&
           note_maker(store, new_version, letter, before, error) &&
           take_up(store, newest.ticket, now, error) &&
           digest_leave(store, new_version->case_id, now, error) &&
           record_version(store, new_version, *version, now, error);
}

bool store_put_version(Store *store, const NewVersion *new_version, Instant now,
                       guint *version, GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    bool ok = put_version(store, new_version, now, version, error);
    return transaction_finish(store, ok, error);
}
