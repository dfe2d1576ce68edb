/*
 * Is it an identical redelivery?
 *
 * A unique index over the delivery keys would answer that, but hashes come in
 * no order: each accepted mail would dirty an index page of its own, which
 * doubles what every commit writes, the more the larger the store. There is
 * one writer, so it can know instead: the first eight bytes of the keys of the
 * last mails are kept in memory and learned again from the rows at each start.
 * A find is only a hint; the row decides. So a mail whose transaction was
 * undone, or two keys that begin alike, do no harm.
 *
 * What is older than SEEN_MAX mails is forgotten: at 10,000 mails a day after
 * two weeks, while an MTA tries for five days. Such a redelivery is still
 * found by its mail key when it is filed. Two tables take turns: when the
 * young one is full the old one goes, so memory stays below about 10 MB.
 */
#include "store/seen.h"

#include <string.h>

#define SEEN_MAX (1 << 17) /* keys in one of the two tables */

static void *tag_of(const uint8_t delivery_key[32])
{
    uint64_t tag;
    memcpy(&tag, delivery_key, sizeof tag);
    return (void *)(uintptr_t)tag;
}

void seen_add(Store *store, const uint8_t delivery_key[32], int64_t number)
{
    if (!store->seen)
        store->seen = g_hash_table_new(NULL, NULL);
    if (g_hash_table_size(store->seen) >= SEEN_MAX) {
        g_clear_pointer(&store->seen_before, g_hash_table_unref);
        store->seen_before = store->seen;
        store->seen = g_hash_table_new(NULL, NULL);
    }
    g_hash_table_insert(store->seen, tag_of(delivery_key),
                        (void *)(intptr_t)number);
}

int64_t seen_find(const Store *store, const uint8_t delivery_key[32])
{
    const void *tag = tag_of(delivery_key);
    void *number = store->seen ? g_hash_table_lookup(store->seen, tag) : NULL;
    if (!number && store->seen_before)
        number = g_hash_table_lookup(store->seen_before, tag);
    return (intptr_t)number;
}

bool seen_load(Store *store, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_SEEN);
    query_put_number(&query, 2 * SEEN_MAX);
    g_autoptr(GError) cause = NULL;
    while (query_next(&query, &cause)) {
        int64_t number = query_get_number(&query);
        g_autoptr(GBytes) key = query_get_bytes(&query);
        if (g_bytes_get_size(key) == 32)
            seen_add(store, g_bytes_get_data(key, NULL), number);
    }
    if (!cause)
        return true;
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
}

void seen_clear(Store *store)
{
    g_clear_pointer(&store->seen, g_hash_table_unref);
    g_clear_pointer(&store->seen_before, g_hash_table_unref);
}
