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

static RunTable run_table(const JoinSource *s, const AddressTable *table)
{
    return (RunTable){
        .runs = table->runs,
        .values = s->relays,
        .value_count = s->history->relay_count,
    };
}

/* ---- scans --------------------------------------------------------------- */

/* Append scans up to one of no known relay; returns where that ended. */
static size_t copy_scans(const JoinSource *s, const Scan *from, Range range,
                         GArray *out)
{
    guint before = out->len;
    g_array_set_size(out, before + (guint)(range.end - range.first));
    Scan *room = (Scan *)out->data + before;
    size_t at = range.first;
    for (; at < range.end && from[at].relay < s->history->relay_count; at++) {
        *room = from[at];
        (room++)->relay = s->relays[from[at].relay];
    }
    g_array_set_size(out, before + (guint)(at - range.first));
    return at;
}

static void add_scans(const JoinSource *s, const AddressTable *table,
                      GArray *scans)
{
    Range range = map_address_scans(table, s->at);
    for (; range.first < range.end; range.first++) /* a damaged one */
        range.first = copy_scans(s, table->scans, range, scans);
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

/* Of the first source's scans, how many end before the week in which another
 * source's begin: only scans of one week are ever joined. */
static guint settled_scans(const Scan *all, guint first_source, guint count)
{
    uint32_t week = UINT32_MAX;
    for (guint i = first_source; i < count; i++)
        week = MIN(week, all[i].first / SCAN_BUCKET_S);
    guint settled = 0;
    while (settled < first_source && all[settled].first / SCAN_BUCKET_S < week)
        settled++;
    return settled;
}

/* The scans of one address, those of the first source that has any in front;
 * each source's are in order. */
static void join_scans(GArray *scans, guint first_source)
{
    guint kept = settled_scans((Scan *)scans->data, first_source, scans->len);
    guint count = scans->len - kept, joined = 0;
    Scan *all = (Scan *)scans->data + kept;
    if (count < 2)
        return;
    sort_scans(all, count, compare_scans_of_relay);
    for (guint i = 0; i < count; i++) {
        Scan *last = joined > 0 ? &all[joined - 1] : NULL;
        if (last && last->relay == all[i].relay &&
            last->first / SCAN_BUCKET_S == all[i].first / SCAN_BUCKET_S &&
            (int64_t)all[i].first - last->last <= SCAN_GAP_S)
            last->last = MAX(last->last, all[i].last);
        else
            all[joined++] = all[i];
    }
    g_array_set_size(scans, kept + joined);
    sort_scans(all, joined, scan_compare);
}

/* ---- addresses ----------------------------------------------------------- */

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

/* Where the stretch of addresses ends that stand in that source before another
 * has one. */
static size_t stretch_end(const JoinSource *s, const AddressTable *table,
                          const uint8_t *bound)
{
    size_t end = s->at, limit = MIN(s->at + JOIN_STRETCH, table->count);
    while (end < limit &&
           (!bound || memcmp(table->addresses + end * table->width, bound,
                             table->width) < 0))
        end++;
    return end;
}

static void append_starts(GArray *out, const uint32_t *starts, Range rows,
                          guint base)
{
    guint before = out->len;
    g_array_set_size(out, before + (guint)(rows.end - rows.first));
    uint32_t *room = (uint32_t *)out->data + before;
    uint32_t shift = base - starts[rows.first];
    for (size_t i = rows.first; i < rows.end; i++)
        *room++ = starts[i] + shift;
}

/* Copy what only that source has: of the base that is dozens of addresses
 * between two of a month. False if nothing was copied. */
static bool copy_stretch(JoinSource *s, const AddressTable *table,
                         const uint8_t *bound, AddressRows *rows)
{
    guint runs = rows->runs->len, scans = rows->scans->len;
    RunTable run_values = run_table(s, table);
    RowStarts starts = {table->starts, sizeof *table->starts};
    RowStarts scan_starts = {table->scan_starts, sizeof *table->scan_starts};
    Range own = {s->at, stretch_end(s, table, bound)};
    own.end = rows_in_order(starts, own.first, own.end, table->run_count);
    own.end = rows_in_order(scan_starts, own.first, own.end, table->scan_count);
    Range range = {table->starts[own.first], table->starts[own.end]};
    own.end = rows_before(starts, own.first, own.end,
                          join_copy_runs(s, &run_values, range, rows->runs));
    Range scanned = {table->scan_starts[own.first],
                     table->scan_starts[own.end]};
    own.end = rows_before(scan_starts, own.first, own.end,
                          copy_scans(s, table->scans, scanned, rows->scans));
    size_t run_count = table->starts[own.end] - range.first;
    size_t scan_count = table->scan_starts[own.end] - scanned.first;
    g_array_set_size(rows->runs, runs + (guint)run_count);
    g_array_set_size(rows->scans, scans + (guint)scan_count);
    append_starts(rows->starts, table->starts, own, runs);
    append_starts(rows->scan_starts, table->scan_starts, own, scans);
    g_byte_array_append(rows->addresses,
                        table->addresses + own.first * table->width,
                        (guint)((own.end - own.first) * table->width));
    s->at = own.end;
    return own.end > own.first;
}

/* An address of several sources, or one with runs that are cut. */
static void put_address(Join *join, bool is_v6, const uint8_t *address,
                        GArray *pieces, GArray *scans)
{
    AddressRows *rows = &join->rows->addresses[is_v6];
    uint32_t bits = fact_hour_bits(is_v6 ? FACT_V6 : FACT_V4);
    uint32_t start = rows->runs->len, scan_start = rows->scans->len;
    guint first_source = 0;
    g_array_set_size(pieces, 0);
    g_array_set_size(scans, 0);
    for (guint i = 0; i < join->sources->len; i++) {
        JoinSource *s = join_source(join, i);
        if (!has_address(s, is_v6, address))
            continue;
        const AddressTable *table = &s->history->addresses[is_v6];
        RunTable runs = run_table(s, table);
        join_add_runs(s, &runs, map_address_runs(table, s->at), bits, pieces,
                      rows->runs);
        add_scans(s, table, scans);
        if (first_source == 0)
            first_source = scans->len;
        s->at++;
    }
    join_end_runs(join, bits, pieces, rows->runs);
    join_scans(scans, first_source);
    if (rows->runs->len == start && scans->len == 0)
        return;
    g_byte_array_append(rows->addresses, address, (guint)rows->width);
    g_array_append_val(rows->starts, start);
    g_array_append_val(rows->scan_starts, scan_start);
    if (scans->len > 0)
        g_array_append_vals(rows->scans, scans->data, scans->len);
}

void join_addresses(Join *join, bool is_v6)
{
    AddressRows *rows = &join->rows->addresses[is_v6];
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(HourRun));
    g_autoptr(GArray) scans = g_array_new(FALSE, FALSE, sizeof(Scan));
    join_rewind(join);
    for (const uint8_t *next; (next = next_address(join, is_v6, NULL));) {
        JoinSource *only = only_source(join, is_v6, next);
        if (!only || !copy_stretch(only, &only->history->addresses[is_v6],
                                   next_address(join, is_v6, only), rows))
            put_address(join, is_v6, next, pieces, scans);
    }
}
