/*
 * Where relays were in a month, by address.
 *
 * Facts are by relay. Their addresses are numbered in order, so runs and scans
 * are counted into their places; the few of one address are sorted there.
 */
#include "relay/history_building.h"

#include "relay/facts_file.h"
#include "relay/nearly.h"

#include "base/ipaddress.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t *address_of(const Build *b, uint32_t number)
{
    return (const uint8_t *)b->facts[STATE_ADDRESSES].items +
           (size_t)number * 16;
}

/* A run, in hours, or a scan, in seconds. */
typedef struct {
    bool is_scan;
    uint32_t relay, from, to;
} AddressRow;

/* All rows of one family; those of an address stand together. */
typedef struct {
    AddressRow *rows;
    uint32_t *ends; /* by address: where its rows end */
    size_t count;   /* of addresses */
} AddressSort;

static int compare_address_rows(const void *a, const void *b)
{
    const AddressRow *ra = a, *rb = b;
    if (ra->is_scan != rb->is_scan)
        return ra->is_scan ? 1 : -1;
    if (ra->from != rb->from)
        return ra->from < rb->from ? -1 : 1;
    return (ra->relay > rb->relay) - (ra->relay < rb->relay);
}

static bool is_of_family(const Build *b, uint32_t address, bool is_v6)
{
    IpAddress ip;
    memcpy(ip.bytes, address_of(b, address), sizeof ip.bytes);
    return ip_is_v4(&ip) != is_v6;
}

static void count_rows(const Build *b, bool is_v6, AddressSort *sort)
{
    const Section *runs = &b->facts[STATE_RUNS + (is_v6 ? FACT_V6 : FACT_V4)];
    const Section *scans = &b->facts[STATE_SCANS];
    for (size_t i = 0; i < runs->count; i++)
        sort->ends[((const Run *)runs->items)[i].value]++;
    for (size_t i = 0; i < scans->count; i++) {
        uint32_t address = ((const ScanFacts *)scans->items)[i].address;
        sort->ends[address] += is_of_family(b, address, is_v6);
    }
}

/* ends: where the rows of each address begin; then where they end. */
static void place_rows(const Build *b, bool is_v6, AddressSort *sort)
{
    const Section *runs = &b->facts[STATE_RUNS + (is_v6 ? FACT_V6 : FACT_V4)];
    const Section *scans = &b->facts[STATE_SCANS];
    for (size_t i = 0; i < runs->count; i++) {
        const Run *run = (const Run *)runs->items + i;
        sort->rows[sort->ends[run->value]++] =
            (AddressRow){.relay = run->relay,
                         .from = build_hour_number(b, run->from),
                         .to = build_hour_number(b, run->to)};
    }
    for (size_t i = 0; i < scans->count; i++) {
        const ScanFacts *scan = (const ScanFacts *)scans->items + i;
        if (is_of_family(b, scan->address, is_v6))
            sort->rows[sort->ends[scan->address]++] =
                (AddressRow){.is_scan = true,
                             .relay = scan->relay,
                             .from = scan->first,
                             .to = scan->last};
    }
}

/* Addresses are numbered in order, so rows are counted into their places. */
static AddressSort sort_rows(const Build *b, bool is_v6)
{
    size_t count = b->facts[STATE_ADDRESSES].count;
    AddressSort sort = {.ends = g_new0(uint32_t, count + 1), .count = count};
    count_rows(b, is_v6, &sort);
    uint32_t all = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t own = sort.ends[i];
        sort.ends[i] = all;
        all += own;
    }
    sort.rows = g_new(AddressRow, all + 1);
    place_rows(b, is_v6, &sort);
    return sort;
}

static void put_row(AddressRows *rows, const AddressRow *row)
{
    Scan scan = {row->relay, row->from, row->to};
    if (row->is_scan)
        g_array_append_val(rows->scans, scan);
    else
        address_rows_add(rows, (HourRun){row->from, row->to, row->relay});
}

void build_addresses(Build *b, bool is_v6)
{
    AddressRows *rows = &b->rows->addresses[is_v6];
    AddressSort sort = sort_rows(b, is_v6);
    for (size_t i = 0, first = 0; i < sort.count; first = sort.ends[i++]) {
        size_t end = sort.ends[i];
        if (end == first)
            continue;
        sort_nearly(sort.rows + first, end - first, sizeof *sort.rows,
                    compare_address_rows);
        address_rows_begin(rows, address_of(b, (uint32_t)i) + 16 - rows->width);
        for (size_t k = first; k < end; k++)
            put_row(rows, &sort.rows[k]);
    }
    g_free(sort.ends);
    g_free(sort.rows);
}
