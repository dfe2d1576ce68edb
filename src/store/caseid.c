#include "store/caseid.h"
#include "store/filing.h"

#include <string.h>

#define SAME_MAIL_S (14 * INSTANT_DAY_S) /* a copy by another path comes late */

/* ---- giving ids ------------------------------------------------------- */

/* Serials given out live in memory only: a desk that dies before it files
 * gives the same ones again, and nobody has seen them. */
static bool reserve_serial(Store *store, int year, int64_t *serial,
                           GError **error)
{
    if (store->reserved_year != year) {
        g_auto(Query) query = query_new(store, SQL_TICKET_LAST_SERIAL);
        query_put_number(&query, year);
        bool found;
        if (!query_one(&query, &found, error))
            return false;
        store->reserved_serial = query_get_number(&query);
        store->reserved_year = year;
    }
    *serial = ++store->reserved_serial;
    return true;
}

char *case_id_reserve(Store *store, const char *prefix, int year,
                      GError **error)
{
    int64_t serial;
    if (!reserve_serial(store, year, &serial, error))
        return NULL;
    return ticket_id_new(prefix, year, (uint32_t)serial);
}

GPtrArray *store_reserve_case_ids(Store *store, const char *prefix, int year,
                                  guint count, GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < count; i++) {
        char *id = case_id_reserve(store, prefix, year, error);
        if (!id)
            return NULL;
        g_ptr_array_add(ids, id);
    }
    return g_steal_pointer(&ids);
}

/* ---- which case is it? ------------------------------------------------ */

/* The one text a statement finds; NULL without error if there is none. */
static char *find_text(Query *query, GError **error)
{
    bool found;
    if (!query_one(query, &found, error) || !found)
        return NULL;
    return query_get_text(query);
}

bool mail_key_is_known(const uint8_t mail_key[32])
{
    static const uint8_t NONE[32];
    return memcmp(mail_key, NONE, sizeof NONE) != 0;
}

char *store_case_of_mail(Store *store, const uint8_t mail_key[32], Instant now,
                         GError **error)
{
    if (!mail_key_is_known(mail_key))
        return NULL;
    g_auto(Query) query = query_new(store, SQL_CASE_BY_MAIL_KEY);
    query_put_bytes(&query, mail_key, 32);
    query_put_number(&query, now - SAME_MAIL_S);
    return find_text(&query, error);
}

char *store_case_of_message_ids(Store *store, const GPtrArray *message_ids,
                                GError **error)
{
    for (guint i = message_ids->len; i > 0; i--) {
        g_auto(Query) query = query_new(store, SQL_CASE_BY_MESSAGE_ID);
        query_put_text(&query, message_ids->pdata[i - 1]);
        g_autoptr(GError) cause = NULL;
        char *case_id = find_text(&query, &cause);
        if (case_id)
            return case_id;
        if (cause) {
            g_propagate_error(error, g_steal_pointer(&cause));
            return NULL;
        }
    }
    return NULL;
}

char *store_case_of_token(Store *store, const char *token, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_CASE_BY_TOKEN);
    query_put_text(&query, token);
    return find_text(&query, error);
}
