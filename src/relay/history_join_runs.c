/*
 * Runs of hours from one numbering to another.
 *
 * Problem: nearly all of millions of runs stand in the base alone and only get
 * other numbers; some are cut at the border of a month that is replaced; a few
 * go on into it.
 *
 * Approach: those that lie within one window are copied, with the difference
 * of their hours added to both fields at once. Others are taken apart into
 * pieces, one for each window, and joined again where pieces of several
 * sources touch. In a row that several sources have, the base's runs that end
 * early enough before the first replaced month cannot touch anything new: they
 * are copied, too (JoinSource.settled).
 */
#include "relay/history_joining.h"

#include "relay/nearly.h"

#include <stdlib.h>
#include <string.h>

/* ---- rows ---------------------------------------------------------------- */

size_t row_start(RowStarts starts, size_t row)
{
    uint32_t start;
    memcpy(&start, (const char *)starts.first + row * starts.stride,
           sizeof start);
    return start;
}

size_t rows_in_order(RowStarts starts, size_t first, size_t end, size_t count)
{
    size_t row = first, at = row_start(starts, first);
    for (; row < end; row++) {
        size_t next = row_start(starts, row + 1);
        if (next < at || next > count)
            break; /* a damaged file */
        at = next;
    }
    return row;
}

size_t rows_before(RowStarts starts, size_t first, size_t end, size_t stop)
{
    while (end > first && row_start(starts, end) > stop)
        end--;
    return end;
}

/* ---- copying ------------------------------------------------------------- */

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

/* What is to be added to a packed run for its hours in the joined history:
 * modulo 2^64, as is the sum; each field stays within its bits. */
static uint64_t shift_of(const Window *window)
{
    uint64_t hours = (uint64_t)window->base - window->first;
    return (hours << 44) + (hours << 24);
}

/* Copy runs while they lie within the window; returns how many. */
static size_t copy_within(const Window *window, const RunTable *table,
                          const uint64_t *runs, size_t count, uint64_t *out)
{
    uint64_t shift = shift_of(window);
    uint32_t first = window->first, end = window->end;
    for (size_t i = 0; i < count; i++) {
        HourRun run = unpacked_run(runs[i]);
        if (run.from < first || run.to >= end || run.from > run.to ||
            run.value >= table->value_count)
            return i;
        out[i] = runs[i] + shift - run.value + table->values[run.value];
    }
    return count;
}

size_t join_copy_runs(const JoinSource *s, const RunTable *table, Range range,
                      GArray *out)
{
    guint before = out->len;
    size_t at = range.first;
    g_array_set_size(out, before + (guint)(range.end - range.first));
    uint64_t *room = (uint64_t *)out->data + before;
    while (at < range.end) {
        HourRun run = unpacked_run(table->runs[at]);
        const Window *window = window_of(s, &run);
        size_t done = window ? copy_within(window, table, table->runs + at,
                                           range.end - at, room)
                             : 0;
        if (done == 0)
            break;
        at += done;
        room += done;
    }
    g_array_set_size(out, before + (guint)(at - range.first));
    return at;
}

/* ---- pieces -------------------------------------------------------------- */

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

/* Append the pieces of a run within the windows, in new hours. */
static void cut_run(const JoinSource *source, uint32_t hour_bits, HourRun run,
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

static size_t copy_settled(const JoinSource *s, const RunTable *table,
                           Range range, GArray *out)
{
    Window settled = {0, s->settled, 0};
    guint before = out->len;
    g_array_set_size(out, before + (guint)(range.end - range.first));
    size_t done =
        copy_within(&settled, table, table->runs + range.first,
                    range.end - range.first, (uint64_t *)out->data + before);
    g_array_set_size(out, before + (guint)done);
    return range.first + done;
}

void join_add_runs(const JoinSource *s, const RunTable *table, Range range,
                   uint32_t hour_bits, GArray *pieces, GArray *out)
{
    if (range.first == range.end)
        return;
    if (s->settled > 0)
        range.first = copy_settled(s, table, range, out);
    for (size_t i = range.first; i < range.end; i++) {
        HourRun run = unpacked_run(table->runs[i]);
        if (run.value >= table->value_count)
            continue; /* a damaged file */
        run.value = table->values[run.value];
        cut_run(s, hour_bits, run, pieces);
    }
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

/* Join pieces of one value that touch. */
static void join_pieces(const Join *join, uint32_t hour_bits, GArray *pieces)
{
    const GArray *hours = join->rows->hours;
    HourRun *all = (HourRun *)pieces->data;
    guint kept = 0;
    sort_nearly(pieces->data, pieces->len, sizeof(HourRun), compare_by_value);
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

void join_end_runs(const Join *join, uint32_t hour_bits, GArray *pieces,
                   GArray *out)
{
    join_pieces(join, hour_bits, pieces);
    sort_nearly(pieces->data, pieces->len, sizeof(HourRun), compare_by_from);
    for (guint i = 0; i < pieces->len; i++) {
        uint64_t run = packed_run(g_array_index(pieces, HourRun, i));
        g_array_append_val(out, run);
    }
}
