/*
 * How many automatic letters lately, and to whom?
 *
 * Counted per scope in slots of five minutes, in the transaction that queues
 * the letter: so a count costs at most 2016 small rows however many letters
 * there were, and cannot miss one. A window counts the slot it begins in
 * whole (a limit may bite up to five minutes early, never late).
 *
 * A window has no end: slots later than now count as well. A clock that is
 * set back thus never opens a limit again. Nothing ever takes a count back,
 * not even a letter that is stopped before it leaves.
 */
#include "store/counts.h"

#include <string.h>

#define SLOT_S 300

char *counting_address(const char *address)
{
    g_autofree char *lower = g_ascii_strdown(address, -1);
    char *at = strrchr(lower, '@');
    if (!at)
        return g_steal_pointer(&lower);
    *at = 0;
    const char *domain = at + 1;
    char *detail = strchr(lower, '+');
    if (detail && detail > lower)
        *detail = 0;
    bool ignores_dots = g_str_equal(domain, "gmail.com") ||
                        g_str_equal(domain, "googlemail.com");
    GString *out = g_string_new(NULL);
    for (const char *c = lower; *c; c++)
        if (*c != '.' || !ignores_dots)
            g_string_append_c(out, *c);
    g_string_append_printf(out, "@%s", ignores_dots ? "gmail.com" : domain);
    return g_string_free(out, FALSE);
}

/* NULL if it is not an address. */
static char *counting_domain(const char *address)
{
    const char *at = strrchr(address, '@');
    return at ? g_ascii_strdown(at + 1, -1) : NULL;
}

/* ---- adding ----------------------------------------------------------- */

static bool add_one(Store *store, const char *scope, const char *name,
                    Instant now, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_COUNT_ADD);
    query_put_text(&query, scope);
    query_put_text(&query, name);
    query_put_number(&query, now / SLOT_S);
    return query_run(&query, NULL, error);
}

bool counts_add(Store *store, const char *to, const char *member, Instant now,
                GError **error)
{
    g_autofree char *address = counting_address(to);
    g_autofree char *domain = counting_domain(to);
    return add_one(store, "all", "", now, error) &&
           add_one(store, "address", address, now, error) &&
           (!domain || add_one(store, "domain", domain, now, error)) &&
           (!member || add_one(store, "member", member, now, error));
}

bool counts_suppress(Store *store, const char *address, Instant until,
                     const char *why, GError **error)
{
    g_autofree char *counted = counting_address(address);
    g_auto(Query) query = query_new(store, SQL_SUPPRESS);
    query_put_text(&query, counted);
    query_put_number(&query, until);
    query_put_text(&query, why);
    return query_run(&query, NULL, error);
}

/* ---- asking ----------------------------------------------------------- */

static bool count_since(Store *store, const char *scope, const char *name,
                        Instant since, uint32_t *out, GError **error)
{
    *out = 0;
    if (!name)
        return true;
    g_auto(Query) query = query_new(store, SQL_COUNT_SINCE);
    query_put_text(&query, scope);
    query_put_text(&query, name);
    query_put_number(&query, since / SLOT_S);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    int64_t count = query_get_number(&query);
    *out = (uint32_t)MIN(count, (int64_t)UINT32_MAX);
    return true;
}

/* A statement with one text (and an instant) that answers with a number. */
static bool ask_number(Store *store, Sql sql, const char *text, Instant now,
                       uint32_t *out, GError **error)
{
    *out = 0;
    if (!text)
        return true;
    g_auto(Query) query = query_new(store, sql);
    query_put_text(&query, text);
    if (now != INSTANT_NONE)
        query_put_number(&query, now);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    if (found)
        *out = (uint32_t)query_get_number(&query);
    return true;
}

bool store_counts(Store *store, const char *address, const char *member,
                  const char *case_id, const char *dkim_key, Instant now,
                  GateCounts *out, GError **error)
{
    g_autofree char *to = address ? counting_address(address) : NULL;
    g_autofree char *domain = address ? counting_domain(address) : NULL;
    const Instant hour = now - INSTANT_HOUR_S, day = now - INSTANT_DAY_S;
    uint32_t seen = 0, silenced = 0;
    GateCounts counts = {0};
    if (!count_since(store, "address", to, day, &counts.to_address_1d, error) ||
        !count_since(store, "address", to, now - 7 * INSTANT_DAY_S,
                     &counts.to_address_7d, error) ||
        !count_since(store, "domain", domain, day, &counts.to_domain_1d,
                     error) ||
        !count_since(store, "member", member, day, &counts.by_member_1d,
                     error) ||
        !count_since(store, "all", "", hour, &counts.all_1h, error) ||
        !count_since(store, "all", "", day, &counts.all_1d, error) ||
        !ask_number(store, SQL_CASE_LETTERS, case_id, INSTANT_NONE,
                    &counts.case_letters, error) ||
        !ask_number(store, SQL_SIGNATURE_SEEN, dkim_key, INSTANT_NONE, &seen,
                    error) ||
        !ask_number(store, SQL_IS_SUPPRESSED, to, now, &silenced, error))
        return false;
    counts.dkim_seen = seen > 0;
    counts.address_suppressed = silenced > 0;
    *out = counts;
    return true;
}
