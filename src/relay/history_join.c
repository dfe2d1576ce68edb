/*
 * Many histories as one.
 *
 * Problem: an hour is imported, and the history of nineteen years has to hold
 * it. Deriving all of it anew takes minutes; editing it in place would pull it
 * from under its readers.
 *
 * Approach: every table is sorted, and the sources hold different hours. So
 * they are merged in one pass each, relay by relay and address by address;
 * what only one source has is copied in stretches. Where a run was cut at the
 * border of a month, its pieces touch in the joined list of hours and become
 * one again: the result is what one derivation from all facts would be, and
 * equal facts give equal bytes. Exit scans only ever gain, so the base's are
 * kept and the month's joined to them.
 *
 * Once hours and relays have their numbers, how relays were listed and where
 * has nothing in common: the one is merged in a thread of its own while the
 * caller's merges the other. Each has its own places in the sources (at), and
 * fills its own tables of the rows.
 *
 * Reading and writing 150 MB takes a tenth of a second or two, which is spent
 * once an hour.
 *
 * Rejected: a small file of recent hours beside a big one, which every lookup
 * would have to ask twice and combine: it would save the writing, not the
 * thinking, and two files cannot be swapped at one moment.
 */
#include "relay/history_joining.h"

#include "relay/month.h"
#include "relay/pages.h"

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

/* ---- all --------------------------------------------------------------------*/

void join_rewind(Join *join)
{
    for (guint i = 0; i < join->sources->len; i++)
        join_source(join, i)->at = 0;
}

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
    make_room(rows->manners, base->manner_count + 100000);
    make_room(rows->text_starts, base->text_count + 100000);
    for (int is_v6 = 0; is_v6 < 2; is_v6++) {
        const AddressTable *table = &base->addresses[is_v6];
        AddressRows *own = &rows->addresses[is_v6];
        make_room(own->starts, table->count + 100000);
        make_room(own->scan_starts, table->count + 100000);
        make_room(own->runs, table->run_count + 100000);
        make_room(own->scans, table->scan_count + 100000);
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

/* The base's runs that end before that hour are more than RUN_GAP_S apart from
 * anything in a month that is replaced. */
static uint32_t settled_hours(const History *base, const History *const *months,
                              guint count)
{
    for (guint i = 0; i < count; i++) {
        uint32_t start = start_of(months[i]->parts[0].month);
        if (start > 0)
            return (uint32_t)map_hour_index(base,
                                            (Instant)start - RUN_GAP_S - 1);
    }
    return (uint32_t)base->hour_count;
}

static gpointer join_listings(gpointer data)
{
    Join *join = data;
    join_manners(join);
    join_periods(join);
    return NULL;
}

HistoryRows *history_join(const History *base, const History *const *months,
                          guint count)
{
    Join join = {
        .sources = g_array_new(FALSE, FALSE, sizeof(JoinSource)),
        .rows = history_rows_new(),
    };
    if (base) {
        add_source(&join, base);
        join_source(&join, 0)->settled = settled_hours(base, months, count);
        make_rows_room(join.rows, base);
    }
    for (guint i = 0; i < count; i++)
        add_source(&join, months[i]);
    add_windows(&join, base);
    join_relays(&join);
    g_autoptr(GArray) places = g_array_copy(join.sources);
    Join listings = {.sources = places, .rows = join.rows};
    GThread *thread = g_thread_new("listings", join_listings, &listings);
    join_addresses(&join, false);
    join_addresses(&join, true);
    g_thread_join(thread);
    join_clear(&join);
    return join.rows;
}
