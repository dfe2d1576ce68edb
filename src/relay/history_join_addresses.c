/*
 * The addresses of joined histories, with their runs and exit scans.
 */
#include "relay/history_joining.h"

#include "relay/layer.h"

#include <stdlib.h>
#include <string.h>

/* The least that a source but that one stands at. */
static const uint8_t *next_address(const Join *join, bool is_v6,
                                   const JoinSource *except)
{
    const uint8_t *least = NULL;
    size_t width = is_v6 ? 16 : 4;
    for (guint i = 0; i < join->sources->len; i++) {
        const JoinSource *s = join_source(join, i);
        const AddressTable *table = &s->history->addresses[is_v6];
        if (s == except || s->at >= table->count)
            continue;
        const uint8_t *one = table->addresses + s->at * width;
        if (!least || memcmp(one, least, width) < 0)
            least = one;
    }
    return least;
}

static bool has_address(const JoinSource *s, bool is_v6, const uint8_t *address)
{
    const AddressTable *table = &s->history->addresses[is_v6];
    return s->at < table->count &&
           memcmp(table->addresses + s->at * table->width, address,
                  table->width) == 0;
}

static void add_address_runs(const JoinSource *s, const AddressTable *table,
                             uint32_t bits, GArray *pieces)
{
    Range range = map_address_runs(table, s->at);
    for (size_t i = range.first; i < range.end; i++) {
        HourRun run = unpacked_run(table->runs[i]);
        if (run.value >= s->history->relay_count)
            continue; /* a damaged file */
        run.value = s->relays[run.value];
        join_cut(s, bits, run, pieces);
    }
}

static void add_address_scans(const JoinSource *s, const AddressTable *table,
                              GArray *scans)
{
    Range range = map_address_scans(table, s->at);
    if (range.first == range.end)
        return;
    guint before = scans->len;
    g_array_append_vals(scans, table->scans + range.first,
                        (guint)(range.end - range.first));
    Scan *all = (Scan *)scans->data;
    guint kept = before;
    for (guint i = before; i < scans->len; i++) {
        if (all[i].relay >= s->history->relay_count)
            continue; /* a damaged file */
        all[kept] = all[i];
        all[kept++].relay = s->relays[all[i].relay];
    }
    g_array_set_size(scans, kept);
}

static int compare_scans_of_relay(const void *a, const void *b)
{
    const Scan *sa = a, *sb = b;
    if (sa->relay != sb->relay)
        return sa->relay < sb->relay ? -1 : 1;
    return (sa->first > sb->first) - (sa->first < sb->first);
}

/* Mostly they are in order: one relay's, of one month after the other. */
static void sort_scans(Scan *all, guint count,
                       int (*compare)(const void *, const void *))
{
    for (guint i = 1; i < count; i++)
        if (compare(&all[i - 1], &all[i]) > 0) {
            qsort(all, count, sizeof *all, compare);
            return;
        }
}

/* The scans of one address, from several sources. */
static void join_scans(GArray *scans)
{
    Scan *all = (Scan *)scans->data;
    guint kept = 0;
    if (scans->len < 2)
        return;
    sort_scans(all, scans->len, compare_scans_of_relay);
    for (guint i = 0; i < scans->len; i++) {
        Scan *last = kept > 0 ? &all[kept - 1] : NULL;
        if (last && last->relay == all[i].relay &&
            last->first / SCAN_BUCKET_S == all[i].first / SCAN_BUCKET_S &&
            (int64_t)all[i].first - last->last <= SCAN_GAP_S)
            last->last = MAX(last->last, all[i].last);
        else
            all[kept++] = all[i];
    }
    g_array_set_size(scans, kept);
    sort_scans(all, kept, scan_compare);
}

static void put_address(AddressRows *rows, const uint8_t *address,
                        const GArray *pieces, const GArray *scans)
{
    if (pieces->len == 0 && scans->len == 0)
        return;
    address_rows_begin(rows, address);
    for (guint i = 0; i < pieces->len; i++)
        address_rows_add(rows, g_array_index(pieces, HourRun, i));
    if (scans->len > 0)
        g_array_append_vals(rows->scans, scans->data, scans->len);
}

/* The only source that has the address; NULL: several do. */
static JoinSource *only_source(const Join *join, bool is_v6,
                               const uint8_t *address)
{
    JoinSource *only = NULL;
    for (guint i = 0; i < join->sources->len; i++) {
        JoinSource *s = join_source(join, i);
        if (!has_address(s, is_v6, address))
            continue;
        if (only)
            return NULL;
        only = s;
    }
    return only;
}

/* Copy an address that one source alone has, whole; else do nothing. */
static bool copy_address(const JoinSource *s, AddressRows *rows, bool is_v6,
                         const uint8_t *address)
{
    const History *h = s->history;
    const AddressTable *table = &h->addresses[is_v6];
    guint start = rows->runs->len;
    if (!join_copy_runs(s, table->runs, map_address_runs(table, s->at),
                        s->relays, h->relay_count, rows->runs))
        return false;
    g_byte_array_append(rows->addresses, address, (guint)rows->width);
    g_array_append_val(rows->starts, start);
    g_array_append_val(rows->scan_starts, rows->scans->len);
    add_address_scans(s, table, rows->scans);
    return true;
}

/* Copy what stands in that source before any other has an address: of the
 * base that is dozens between two of a month. False if nothing was copied. */
static bool copy_addresses(const Join *join, JoinSource *s, AddressRows *rows,
                           bool is_v6)
{
    const AddressTable *table = &s->history->addresses[is_v6];
    const uint8_t *bound = next_address(join, is_v6, s);
    size_t before = s->at;
    for (; s->at < table->count; s->at++) {
        const uint8_t *address = table->addresses + s->at * table->width;
        if (bound && memcmp(address, bound, table->width) >= 0)
            break;
        if (!copy_address(s, rows, is_v6, address))
            break;
    }
    return s->at > before;
}

void join_addresses(Join *join, bool is_v6, GArray *pieces)
{
    AddressRows *rows = &join->rows->addresses[is_v6];
    uint32_t bits = fact_hour_bits(is_v6 ? FACT_V6 : FACT_V4);
    g_autoptr(GArray) scans = g_array_new(FALSE, FALSE, sizeof(Scan));
    join_rewind(join);
    for (const uint8_t *next; (next = next_address(join, is_v6, NULL));) {
        JoinSource *only = only_source(join, is_v6, next);
        if (only && copy_addresses(join, only, rows, is_v6))
            continue;
        g_array_set_size(pieces, 0);
        g_array_set_size(scans, 0);
        for (guint i = 0; i < join->sources->len; i++) {
            JoinSource *s = join_source(join, i);
            if (!has_address(s, is_v6, next))
                continue;
            const AddressTable *table = &s->history->addresses[is_v6];
            add_address_runs(s, table, bits, pieces);
            add_address_scans(s, table, scans);
            s->at++;
        }
        join_pieces(join, bits, pieces);
        join_sort_pieces(pieces);
        join_scans(scans);
        put_address(rows, next, pieces, scans);
    }
}
