/*
 * Many histories as one.
 *
 * Problem: an hour is imported, and the history of nineteen years has to hold
 * it. Deriving all of it anew takes minutes; editing it in place would pull it
 * from under its readers.
 *
 * Approach: every table is sorted, and the sources hold different hours. So
 * they are merged in one pass each, relay by relay and address by address.
 * Where a run was cut at the border of a month, its pieces touch in the joined
 * list of hours and become one again: the result is what one derivation from
 * all facts would be, and equal facts give equal bytes. Exit scans only ever
 * gain, so the base's are kept and the month's joined to them.
 *
 * Reading and writing 150 MB takes a few tenths of a second, which is spent
 * once an hour.
 *
 * Rejected: a small file of recent hours beside a big one, which every lookup
 * would have to ask twice and combine: it would save the writing, not the
 * thinking, and two files cannot be swapped at one moment.
 */
#include "relay/history_joining.h"

#include "relay/layer.h"
#include "relay/month.h"
#include "relay/pages.h"

#include <stdlib.h>
#include <string.h>

#define FEW_RUNS 32

/* ---- runs ---------------------------------------------------------------- */

/* The part of a run within a window; false if there is none. */
static bool cut(const Hour *hours, const Window *window, uint32_t bits,
                HourRun *run)
{
    uint32_t from = run->from, to = run->to;
    if (from >= window->end || to < window->first)
        return false;
    if (from < window->first) {
        from = window->first;
        while (from < to && from < window->end && !(hours[from].bits & bits))
            from++;
    }
    if (to >= window->end) {
        to = window->end - 1;
        while (to > from && !(hours[to].bits & bits))
            to--;
    }
    if (from >= window->end || !(hours[from].bits & bits))
        return false;
    run->from = from - window->first + window->base;
    run->to = to - window->first + window->base;
    return true;
}

void join_cut(const JoinSource *source, uint32_t hour_bits, HourRun run,
              GArray *pieces)
{
    if (run.from > run.to || run.to >= source->history->hour_count)
        return; /* a damaged file */
    for (guint i = 0; i < source->windows->len; i++) {
        const Window *window = &g_array_index(source->windows, Window, i);
        HourRun piece = run;
        if (window->first >= window->end ||
            !cut(source->history->hours, window, hour_bits, &piece))
            continue;
        g_array_append_val(pieces, piece);
        if (run.from >= window->first && run.to < window->end)
            return;
    }
}

/* The window that the whole run lies in, as most do; or NULL. */
static const Window *window_of(const JoinSource *s, const HourRun *run)
{
    for (guint i = 0; i < s->windows->len; i++) {
        const Window *window = &g_array_index(s->windows, Window, i);
        if (run->from >= window->first && run->to < window->end)
            return window;
    }
    return NULL;
}

/* Append the packed runs of a range, if they all lie within windows, with
 * their values renumbered; else nothing. */
bool join_copy_runs(const JoinSource *s, const uint64_t *runs, Range range,
                    const uint32_t *values, size_t value_count, GArray *out)
{
    guint before = out->len;
    g_array_set_size(out, before + (guint)(range.end - range.first));
    uint64_t *at = &g_array_index(out, uint64_t, before);
    const Window *window = NULL;
    for (size_t i = range.first; i < range.end; i++) {
        HourRun run = unpacked_run(runs[i]);
        if (!window || run.from < window->first || run.to >= window->end)
            window = window_of(s, &run);
        if (!window || run.value >= value_count || run.from > run.to) {
            g_array_set_size(out, before);
            return false;
        }
        run.from += window->base - window->first;
        run.to += window->base - window->first;
        run.value = values[run.value];
        *at++ = packed_run(run);
    }
    return true;
}

bool join_keeps(const JoinSource *source, uint32_t hour_bits,
                const HourRun *run)
{
    if (run->from > run->to || run->to >= source->history->hour_count)
        return false; /* a damaged file */
    for (guint i = 0; i < source->windows->len; i++) {
        const Window *window = &g_array_index(source->windows, Window, i);
        HourRun piece = *run;
        if (window->first < window->end &&
            cut(source->history->hours, window, hour_bits, &piece))
            return true;
    }
    return false;
}

static int compare_by_value(const void *a, const void *b)
{
    const HourRun *ra = a, *rb = b;
    if (ra->value != rb->value)
        return ra->value < rb->value ? -1 : 1;
    return (ra->from > rb->from) - (ra->from < rb->from);
}

static int compare_by_from(const void *a, const void *b)
{
    const HourRun *ra = a, *rb = b;
    if (ra->from != rb->from)
        return ra->from < rb->from ? -1 : 1;
    return (ra->value > rb->value) - (ra->value < rb->value);
}

/* They are few and mostly in order: by insertion, unless they are many. */
static void sort_runs(GArray *pieces,
                      int (*compare)(const void *, const void *))
{
    HourRun *all = (HourRun *)pieces->data;
    if (pieces->len > FEW_RUNS) {
        qsort(all, pieces->len, sizeof *all, compare);
        return;
    }
    for (guint i = 1; i < pieces->len; i++) {
        HourRun one = all[i];
        guint at = i;
        for (; at > 0 && compare(&one, &all[at - 1]) < 0; at--)
            all[at] = all[at - 1];
        all[at] = one;
    }
}

void join_sort_pieces(GArray *pieces)
{
    sort_runs(pieces, compare_by_from);
}

void join_pieces(const Join *join, uint32_t hour_bits, GArray *pieces)
{
    const GArray *hours = join->rows->hours;
    HourRun *all = (HourRun *)pieces->data;
    guint kept = 0;
    sort_runs(pieces, compare_by_value);
    for (guint i = 0; i < pieces->len; i++) {
        HourRun *last = kept > 0 ? &all[kept - 1] : NULL;
        if (last && last->value == all[i].value &&
            hours_touch((const Hour *)hours->data, hours->len, hour_bits,
                        last->to, all[i].from))
            last->to = MAX(last->to, all[i].to);
        else
            all[kept++] = all[i];
    }
    g_array_set_size(pieces, kept);
}

/* ---- hours, lists, parts --------------------------------------------------- */

static void add_window(Join *join, JoinSource *source, uint32_t from,
                       uint32_t until)
{
    const History *h = source->history;
    Window window = {
        .first = from > 0 ? (uint32_t)map_hour_index(h, (Instant)from - 1) : 0,
        .end = (uint32_t)map_hour_index(h, (Instant)until - 1),
        .base = join->rows->hours->len,
    };
    if (window.first < window.end)
        g_array_append_vals(join->rows->hours, h->hours + window.first,
                            window.end - window.first);
    g_array_append_val(source->windows, window);
    for (size_t i = 0; i < h->list_count; i++)
        if (h->lists[i] >= from && h->lists[i] < until)
            g_array_append_val(join->rows->lists, h->lists[i]);
}

static uint32_t start_of(uint32_t month)
{
    return month < month_of(1) ? 0
                               : (uint32_t)MIN(month_start(month), UINT32_MAX);
}

/* The base's parts from one month until another. */
static void add_parts(Join *join, const JoinSource *base, uint32_t from,
                      uint32_t until)
{
    const History *h = base->history;
    for (size_t i = 0; i < h->part_count; i++)
        if (h->parts[i].month >= from && h->parts[i].month < until)
            g_array_append_vals(join->rows->parts, &h->parts[i], 1);
}

/* Is it of a part that is gone? */
static bool is_empty(const History *month)
{
    uint32_t documents = 0;
    for (int type = 0; type < DOCUMENT_TYPES_MAX; type++)
        documents |= month->parts[0].documents[type];
    return month->hour_count == 0 && documents == 0;
}

/* All sources' windows in order of time. */
static void add_windows(Join *join, const History *base)
{
    uint32_t after = 0;
    for (guint i = base ? 1 : 0; i < join->sources->len; i++) {
        JoinSource *source = join_source(join, i);
        uint32_t month = source->history->parts[0].month;
        if (base) {
            add_window(join, join_source(join, 0), start_of(after),
                       start_of(month));
            add_parts(join, join_source(join, 0), after, month);
        }
        add_window(join, source, start_of(month), start_of(month + 1));
        if (!is_empty(source->history))
            g_array_append_vals(join->rows->parts, source->history->parts, 1);
        after = month + 1;
    }
    if (base) {
        add_window(join, join_source(join, 0), start_of(after), UINT32_MAX);
        add_parts(join, join_source(join, 0), after, UINT32_MAX);
    }
}

/* ---- relays and periods ---------------------------------------------------- */

/* The least next fingerprint of all sources, or NULL. */
static const uint8_t *next_relay(const Join *join)
{
    const uint8_t *least = NULL;
    for (guint i = 0; i < join->sources->len; i++) {
        const JoinSource *s = join_source(join, i);
        if (s->at >= s->history->relay_count)
            continue;
        const uint8_t *one = s->history->relays[s->at].fingerprint;
        if (!least || memcmp(one, least, 20) < 0)
            least = one;
    }
    return least;
}

void join_rewind(Join *join)
{
    for (guint i = 0; i < join->sources->len; i++)
        join_source(join, i)->at = 0;
}

static void add_relay_periods(const JoinSource *s, uint32_t relay,
                              GArray *pieces)
{
    Range range = map_periods(s->history, relay);
    for (size_t i = range.first; i < range.end; i++) {
        HourRun run = unpacked_run(s->history->periods[i]);
        if (run.value >= s->history->manner_count)
            continue; /* a damaged file */
        run.value = s->manners[run.value];
        join_cut(s, fact_hour_bits(FACT_STATUS), run, pieces);
    }
}

static bool has_relay(const JoinSource *s, const uint8_t fingerprint[20])
{
    return s->at < s->history->relay_count &&
           memcmp(s->history->relays[s->at].fingerprint, fingerprint, 20) == 0;
}

/* The only source that has the relay; NULL: several do. */
static const JoinSource *only_source_of_relay(const Join *join,
                                              const uint8_t fingerprint[20])
{
    const JoinSource *only = NULL;
    for (guint i = 0; i < join->sources->len; i++) {
        const JoinSource *s = join_source(join, i);
        if (!has_relay(s, fingerprint))
            continue;
        if (only)
            return NULL;
        only = s;
    }
    return only;
}

static void join_periods(Join *join, const uint8_t fingerprint[20],
                         GArray *pieces)
{
    const JoinSource *only = only_source_of_relay(join, fingerprint);
    GArray *out = join->rows->periods;
    if (only && join_copy_runs(only, only->history->periods,
                               map_periods(only->history, (uint32_t)only->at),
                               only->manners, only->history->manner_count, out))
        return;
    g_array_set_size(pieces, 0);
    for (guint i = 0; i < join->sources->len; i++) {
        const JoinSource *s = join_source(join, i);
        if (has_relay(s, fingerprint))
            add_relay_periods(s, (uint32_t)s->at, pieces);
    }
    join_pieces(join, UINT32_MAX, pieces);
    join_sort_pieces(pieces);
    for (guint i = 0; i < pieces->len; i++) {
        uint64_t run = packed_run(g_array_index(pieces, HourRun, i));
        g_array_append_val(out, run);
    }
}

static void put_relay(Join *join, const uint8_t fingerprint[20], GArray *pieces)
{
    Relay relay = {.first_period = join->rows->periods->len};
    memcpy(relay.fingerprint, fingerprint, sizeof relay.fingerprint);
    join_periods(join, relay.fingerprint, pieces);
    for (guint i = 0; i < join->sources->len; i++) {
        JoinSource *s = join_source(join, i);
        if (has_relay(s, relay.fingerprint))
            s->relays[s->at++] = join->rows->relays->len;
    }
    g_array_append_val(join->rows->relays, relay);
}

static void join_relays(Join *join, GArray *pieces)
{
    join_rewind(join);
    for (const uint8_t *next; (next = next_relay(join));)
        put_relay(join, next, pieces);
}

/* ---- all --------------------------------------------------------------------*/

static void make_room(GArray *array, size_t count)
{
    g_array_set_size(array, (guint)count);
    pages_enlarge(array->data, count * g_array_get_element_size(array));
    g_array_set_size(array, 0);
}

/* Most of the rows come from the base: growing to that size step by step would
 * copy them all several times. */
static void make_rows_room(HistoryRows *rows, const History *base)
{
    make_room(rows->relays, base->relay_count + 100000);
    make_room(rows->periods, base->period_count + 100000);
    for (int is_v6 = 0; is_v6 < 2; is_v6++) {
        const AddressTable *table = &base->addresses[is_v6];
        make_room(rows->addresses[is_v6].runs, table->run_count + 100000);
        make_room(rows->addresses[is_v6].scans, table->scan_count + 100000);
    }
}

static void add_source(Join *join, const History *history)
{
    JoinSource source = {
        .history = history,
        .windows = g_array_new(FALSE, FALSE, sizeof(Window)),
        .relays = g_new0(uint32_t, history->relay_count + 1),
        .manners = g_new0(uint32_t, history->manner_count + 1),
        .texts = g_new0(uint32_t, history->text_count + 1),
    };
    g_array_append_val(join->sources, source);
}

static void join_clear(Join *join)
{
    for (guint i = 0; i < join->sources->len; i++) {
        JoinSource *source = join_source(join, i);
        g_array_unref(source->windows);
        g_free(source->relays);
        g_free(source->manners);
        g_free(source->texts);
    }
    g_array_unref(join->sources);
}

HistoryRows *history_join(const History *base, const History *const *months,
                          guint count)
{
    Join join = {
        .sources = g_array_new(FALSE, FALSE, sizeof(JoinSource)),
        .rows = history_rows_new(),
    };
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(HourRun));
    if (base) {
        add_source(&join, base);
        make_rows_room(join.rows, base);
    }
    for (guint i = 0; i < count; i++)
        add_source(&join, months[i]);
    add_windows(&join, base);
    join_manners(&join);
    join_relays(&join, pieces);
    join_addresses(&join, false, pieces);
    join_addresses(&join, true, pieces);
    join_clear(&join);
    return join.rows;
}
