/*
 * How many automatic letters lately, and to whom?
 *
 * Counted per scope in slots of five minutes, in the transaction that queues
 * the letter: so a count costs at most 2016 small rows however many letters
 * there were, and cannot miss one. A window counts the slot it begins in
 * whole (a limit may bite up to five minutes early, never late).
 *
 * A window has no end: slots later than now count as well. A clock that is
 * set back thus never opens a limit again; one that jumps opens the breaker
 * (daemon/watching.c). Slot 0 is for counts that never end. Nothing ever takes
 * a count back, not even a letter that is stopped before it leaves.
 */
#include "store/counts.h"

#include <string.h>

#define SLOT_S     300
#define EVENTS_MAX 20 /* of a letter that are counted */

char *counting_address(const char *address)
{
    g_autofree char *lower = g_ascii_strdown(address, -1);
    char *at = strrchr(lower, '@');
    if (!at)
        return g_steal_pointer(&lower);
    *at = 0;
    g_autofree char *ascii = g_hostname_to_ascii(at + 1);
    const char *domain = ascii ? ascii : at + 1;
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
    g_autofree char *ascii = at ? g_hostname_to_ascii(at + 1) : NULL;
    return at ? g_ascii_strdown(ascii ? ascii : at + 1, -1) : NULL;
}

/* ---- adding ----------------------------------------------------------- */

static bool add_one(Store *store, const char *scope, const char *name,
                    int64_t slot, GError **error)
{
    if (!name)
        return true;
    g_auto(Query) query = query_new(store, SQL_COUNT_ADD);
    query_put_text(&query, scope);
    query_put_text(&query, name);
    query_put_number(&query, slot);
    return query_run(&query, NULL, error);
}

/* The name under which a letter is the same as another: address, template,
 * member, and what it is about if that is told. NULL if one is unknown. */
static char *same_name(const CountKeys *keys, const char *event)
{
    if (!keys->address || !keys->template_id || !keys->member)
        return NULL;
    g_autofree char *address = counting_address(keys->address);
    return g_strdup_printf("%s %s %s%s%s", address, keys->template_id,
                           keys->member, event ? " " : "", event ? event : "");
}

static guint event_count(const CountKeys *keys)
{
    return keys->events ? MIN(keys->events->len, EVENTS_MAX) : 0;
}

/* The same for all addresses of the domain. */
static const char *of_domain(const char *same)
{
    const char *at = strchr(same, '@');
    return at ? at : same;
}

static bool add_same(Store *store, const CountKeys *keys, int64_t slot,
                     GError **error)
{
    g_autofree char *same = same_name(keys, NULL);
    if (!add_one(store, "same", same, slot, error))
        return false;
    for (guint i = 0; i < event_count(keys); i++) {
        g_autofree char *name = same_name(keys, keys->events->pdata[i]);
        if (name && (!add_one(store, "event", name, slot, error) ||
                     !add_one(store, "event", of_domain(name), slot, error)))
            return false;
    }
    return true;
}

bool counts_add_thread(Store *store, const char *thread, GError **error)
{
    return add_one(store, "thread", thread, 0, error);
}

bool counts_add(Store *store, const CountKeys *keys, Instant now,
                GError **error)
{
    const int64_t slot = now / SLOT_S;
    g_autofree char *address = counting_address(keys->address);
    g_autofree char *domain = counting_domain(keys->address);
    return add_one(store, "all", "", slot, error) &&
           add_one(store, "address", address, slot, error) &&
           add_one(store, "domain", domain, slot, error) &&
           add_one(store, "member", keys->member, slot, error) &&
           counts_add_thread(store, keys->thread, error) &&
           add_same(store, keys, slot, error);
}

bool counts_add_ever(Store *store, int64_t letter, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_COUNT_ADD_TEMPLATE);
    query_put_number(&query, letter);
    return add_one(store, "ever", "", 0, error) &&
           query_run(&query, NULL, error);
}

bool counts_note(Store *store, const char *what, Instant now, GError **error)
{
    return add_one(store, what, "", now / SLOT_S, error);
}

bool counts_meet(Store *store, const char *domain, Instant now, GError **error)
{
    g_autofree char *lower = g_ascii_strdown(domain, -1);
    g_auto(Query) query = query_new(store, SQL_DOMAIN_MEET);
    query_put_text(&query, lower);
    query_put_number(&query, now);
    return query_run(&query, NULL, error);
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

bool counts_since(Store *store, const char *scope, const char *name,
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

/* The letter is new if one of the things it is about is. */
static bool ask_same(Store *store, const CountKeys *keys, Instant now,
                     GateCounts *out, GError **error)
{
    g_autofree char *same = same_name(keys, NULL);
    if (!counts_since(store, "same", same, now - INSTANT_DAY_S, &out->same_1d,
                      error))
        return false;
    guint count = same ? event_count(keys) : 0;
    uint32_t least = count > 0 ? UINT32_MAX : 0, of_all = least;
    for (guint i = 0; i < count; i++) {
        uint32_t week, day;
        g_autofree char *name = same_name(keys, keys->events->pdata[i]);
        if (!counts_since(store, "event", name, now - 7 * INSTANT_DAY_S, &week,
                          error) ||
            !counts_since(store, "event", of_domain(name), now - INSTANT_DAY_S,
                          &day, error))
            return false;
        least = MIN(least, week);
        of_all = MIN(of_all, day);
    }
    out->same_domain_1d = of_all;
    out->same_7d = least;
    return true;
}

static bool ask_domain_since(Store *store, const char *domain, Instant *out,
                             GError **error)
{
    *out = INSTANT_NONE;
    if (!domain)
        return true;
    g_auto(Query) query = query_new(store, SQL_DOMAIN_SINCE);
    query_put_text(&query, domain);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    if (found)
        *out = query_get_instant(&query);
    return true;
}

/* Counts without a window. */
static bool ask_ever(Store *store, const CountKeys *keys, GateCounts *out,
                     GError **error)
{
    return counts_since(store, "thread", keys->thread, 0, &out->thread_letters,
                        error) &&
           counts_since(store, "ever", "", 0, &out->letters_ever, error) &&
           counts_since(store, "template", keys->template_id, 0,
                        &out->of_template_ever, error) &&
           ask_number(store, SQL_CASE_LETTERS, keys->case_id, INSTANT_NONE,
                      &out->case_letters, error);
}

bool store_counts(Store *store, const CountKeys *keys, Instant now,
                  GateCounts *out, GError **error)
{
    const char *address = keys->address;
    g_autofree char *to = address ? counting_address(address) : NULL;
    g_autofree char *domain = address ? counting_domain(address) : NULL;
    const Instant hour = now - INSTANT_HOUR_S, day = now - INSTANT_DAY_S;
    const Instant week = now - 7 * INSTANT_DAY_S;
    uint32_t seen = 0, silenced = 0;
    GateCounts counts = {0};
    if (!counts_since(store, "address", to, day, &counts.to_address_1d,
                      error) ||
        !counts_since(store, "address", to, week, &counts.to_address_7d,
                      error) ||
        !counts_since(store, "domain", domain, day, &counts.to_domain_1d,
                      error) ||
        !counts_since(store, "member", keys->member, day, &counts.by_member_1d,
                      error) ||
        !counts_since(store, "all", "", hour, &counts.all_1h, error) ||
        !counts_since(store, "all", "", day, &counts.all_1d, error) ||
        !ask_same(store, keys, now, &counts, error) ||
        !ask_ever(store, keys, &counts, error) ||
        !ask_domain_since(store, domain, &counts.domain_since, error) ||
        !ask_number(store, SQL_SIGNATURE_SEEN, keys->dkim_key, INSTANT_NONE,
                    &seen, error) ||
        !ask_number(store, SQL_IS_SUPPRESSED, to, now, &silenced, error))
        return false;
    counts.dkim_seen = seen > 0;
    counts.address_suppressed = silenced > 0;
    *out = counts;
    return true;
}
