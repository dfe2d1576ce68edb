#include "relay/history_rows.h"

#include "base/errors.h"

#include <string.h>

#define BUCKETS 65537

HistoryRows *history_rows_new(void)
{
    HistoryRows *rows = g_new0(HistoryRows, 1);
    rows->parts = g_array_new(FALSE, FALSE, sizeof(HistoryPart));
    rows->hours = g_array_new(FALSE, FALSE, sizeof(Hour));
    rows->relays = g_array_new(FALSE, FALSE, sizeof(Relay));
    rows->periods = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    rows->manners = g_array_new(FALSE, FALSE, sizeof(Manner));
    for (int is_v6 = 0; is_v6 < 2; is_v6++)
        rows->addresses[is_v6] = (AddressRows){
            .width = is_v6 ? 16 : 4,
            .addresses = g_byte_array_new(),
            .starts = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
            .runs = g_array_new(FALSE, FALSE, sizeof(uint64_t)),
            .scan_starts = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
            .scans = g_array_new(FALSE, FALSE, sizeof(Scan)),
        };
    rows->lists = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    rows->text_starts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    rows->text = g_byte_array_new();
    return rows;
}

void history_rows_free(HistoryRows *rows)
{
    if (!rows)
        return;
    g_array_unref(rows->parts);
    g_array_unref(rows->hours);
    g_array_unref(rows->relays);
    g_array_unref(rows->periods);
    g_array_unref(rows->manners);
    for (int is_v6 = 0; is_v6 < 2; is_v6++) {
        g_byte_array_unref(rows->addresses[is_v6].addresses);
        g_array_unref(rows->addresses[is_v6].starts);
        g_array_unref(rows->addresses[is_v6].runs);
        g_array_unref(rows->addresses[is_v6].scan_starts);
        g_array_unref(rows->addresses[is_v6].scans);
    }
    g_array_unref(rows->lists);
    g_array_unref(rows->text_starts);
    g_byte_array_unref(rows->text);
    g_free(rows);
}

void address_rows_begin(AddressRows *rows, const uint8_t *address)
{
    uint32_t start = rows->runs->len, scan_start = rows->scans->len;
    g_byte_array_append(rows->addresses, address, (guint)rows->width);
    g_array_append_val(rows->starts, start);
    g_array_append_val(rows->scan_starts, scan_start);
}

void address_rows_add(AddressRows *rows, HourRun run)
{
    uint64_t packed = packed_run(run);
    g_array_append_val(rows->runs, packed);
}

uint32_t history_rows_add_text(HistoryRows *rows, const char *text,
                               size_t length)
{
    uint32_t start = rows->text->len;
    g_array_append_val(rows->text_starts, start);
    g_byte_array_append(rows->text, (const uint8_t *)text, (guint)length);
    g_byte_array_append(rows->text, (const uint8_t *)"", 1);
    return rows->text_starts->len - 1;
}

bool hours_touch(const Hour *hours, size_t count, uint32_t bits, uint32_t a,
                 uint32_t b)
{
    if (b <= a)
        return true;
    if (b >= count || hours[b].valid_after - hours[a].valid_after > RUN_GAP_S)
        return false;
    for (uint32_t i = a + 1; i < b; i++)
        if (hours[i].bits & bits)
            return false;
    return true;
}

int scan_compare(const void *a, const void *b)
{
    const Scan *sa = a, *sb = b;
    if (sa->first != sb->first)
        return sa->first < sb->first ? -1 : 1;
    return (sa->relay > sb->relay) - (sa->relay < sb->relay);
}

/* By the upper half of the address: where its addresses begin. */
static uint32_t *new_buckets(const AddressRows *v4)
{
    uint32_t *buckets = g_new(uint32_t, BUCKETS);
    uint32_t count = v4->addresses->len / 4, at = 0;
    for (uint32_t half = 0; half < BUCKETS; half++) {
        for (; at < count; at++) {
            const uint8_t *address = v4->addresses->data + at * 4;
            if ((uint32_t)(address[0] << 8 | address[1]) >= half)
                break;
        }
        buckets[half] = at;
    }
    return buckets;
}

static Section section_of(const GArray *array)
{
    return (Section){array->data, array->len};
}

static void end_rows(HistoryRows *rows)
{
    Relay end = {.first_period = rows->periods->len};
    memset(end.fingerprint, 0xff, sizeof end.fingerprint);
    g_array_append_val(rows->relays, end);
    for (int is_v6 = 0; is_v6 < 2; is_v6++) {
        AddressRows *own = &rows->addresses[is_v6];
        g_array_append_val(own->starts, own->runs->len);
        g_array_append_val(own->scan_starts, own->scans->len);
    }
}

/* End the rows and fill in the sections; false if they are too many. */
static bool lay_out(HistoryRows *rows, const uint32_t *buckets,
                    Section *sections, GError **error)
{
    if (rows->hours->len >= RUN_HOURS_MAX ||
        rows->relays->len >= RUN_VALUES_MAX ||
        rows->manners->len >= RUN_VALUES_MAX) {
        g_set_error_literal(error, DESK_ERROR, DESK_ERROR_LIMIT,
                            "the relay history holds at most a million "
                            "consensuses and 16 million relays");
        return false;
    }
    end_rows(rows);
    const AddressRows *v4 = &rows->addresses[0], *v6 = &rows->addresses[1];
    const Section all[SECTION_COUNT] = {
        [SECTION_PARTS] = section_of(rows->parts),
        [SECTION_HOURS] = section_of(rows->hours),
        [SECTION_RELAYS] = section_of(rows->relays),
        [SECTION_PERIODS] = section_of(rows->periods),
        [SECTION_MANNERS] = section_of(rows->manners),
        [SECTION_V4_BUCKETS] = {buckets, BUCKETS},
        [SECTION_V4_ADDRESSES] = {v4->addresses->data, v4->addresses->len / 4},
        [SECTION_V4_STARTS] = section_of(v4->starts),
        [SECTION_V4_RUNS] = section_of(v4->runs),
        [SECTION_V4_SCAN_STARTS] = section_of(v4->scan_starts),
        [SECTION_V4_SCANS] = section_of(v4->scans),
        [SECTION_V6_ADDRESSES] = {v6->addresses->data, v6->addresses->len / 16},
        [SECTION_V6_STARTS] = section_of(v6->starts),
        [SECTION_V6_RUNS] = section_of(v6->runs),
        [SECTION_V6_SCAN_STARTS] = section_of(v6->scan_starts),
        [SECTION_V6_SCANS] = section_of(v6->scans),
        [SECTION_LISTS] = section_of(rows->lists),
        [SECTION_TEXT_STARTS] = section_of(rows->text_starts),
        [SECTION_TEXT] = {rows->text->data, rows->text->len},
    };
    memcpy(sections, all, sizeof all);
    return true;
}

GBytes *history_rows_pack(HistoryRows *rows, GError **error)
{
    Section sections[SECTION_COUNT];
    g_autofree uint32_t *buckets = new_buckets(&rows->addresses[0]);
    return lay_out(rows, buckets, sections, error)
               ? sections_pack(&HISTORY_LAYOUT, sections)
               : NULL;
}

bool history_rows_replace(HistoryRows *rows, const char *path, GError **error)
{
    Section sections[SECTION_COUNT];
    g_autofree uint32_t *buckets = new_buckets(&rows->addresses[0]);
    return lay_out(rows, buckets, sections, error) &&
           sections_replace(&HISTORY_LAYOUT, sections, path, error);
}
