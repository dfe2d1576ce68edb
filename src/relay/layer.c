/*
 * The union of two layers.
 *
 * Problem: layer A knows hours 1 2 4 5 and says relay R had address X in
 * 1..5; layer B knows hours 3 and 6 and says nothing of R. Together the hours
 * are 1..6, and R had X in 1..2 and 4..5. So a run of A is first cut at the
 * hours that only B knows; B's own statements are added; then pieces that
 * touch in the joint list of hours are joined. Every relay and value is
 * handled by itself while both sorted lists are walked once.
 *
 * A run also ends where two known hours are further apart than clients use a
 * consensus (RUN_GAP_S): between them nothing is known.
 *
 * Rejected: one row an hour in a database (0.9 G rows for the whole history),
 * and editing the published file in place (readers map it).
 */
#include "relay/layer.h"

#include "relay/history_file.h"

#include <stdlib.h>
#include <string.h>

uint32_t fact_hour_bits(FactKind kind)
{
    switch (kind) {
    case FACT_V4:
    case FACT_STATUS:
        return HOUR_NS | HOUR_MICRO;
    case FACT_V6:
        return HOUR_HAS_V6;
    case FACT_SUMMARY:
    case FACT_ROUTER:
        return HOUR_NS;
    case FACT_MICRO:
        return HOUR_MICRO;
    case FACT_KINDS:
        break;
    }
    g_assert_not_reached();
}

Layer *layer_new(void)
{
    Layer *layer = g_new0(Layer, 1);
    layer->hours = g_array_new(FALSE, FALSE, sizeof(KnownHour));
    for (int kind = 0; kind < FACT_KINDS; kind++)
        layer->runs[kind] = g_array_new(FALSE, FALSE, sizeof(Run));
    return layer;
}

void layer_free(Layer *layer)
{
    if (!layer)
        return;
    g_array_unref(layer->hours);
    for (int kind = 0; kind < FACT_KINDS; kind++)
        g_array_unref(layer->runs[kind]);
    g_free(layer);
}

size_t layer_size(const Layer *layer)
{
    size_t size = 0;
    for (int kind = 0; kind < FACT_KINDS; kind++)
        size += layer->runs[kind]->len;
    return size;
}

static int compare_runs(gconstpointer a, gconstpointer b)
{
    const Run *ra = a, *rb = b;
    if (ra->relay != rb->relay)
        return ra->relay < rb->relay ? -1 : 1;
    if (ra->value != rb->value)
        return ra->value < rb->value ? -1 : 1;
    return (ra->from > rb->from) - (ra->from < rb->from);
}

void layer_sort_runs(GArray *runs)
{
    const Run *all = (const Run *)runs->data;
    guint sorted = 1;
    while (sorted < runs->len &&
           compare_runs(&all[sorted - 1], &all[sorted]) < 0)
        sorted++;
    if (sorted < runs->len)
        qsort(runs->data, runs->len, sizeof(Run), compare_runs);
}

static bool same_key(const Run *a, const Run *b)
{
    return a->relay == b->relay && a->value == b->value;
}

/* Hours as a plain ascending list. */
typedef struct {
    const uint32_t *at;
    guint count;
} Hours;

/* Index of the first hour after t. */
static guint after(Hours hours, uint32_t t)
{
    guint low = 0, high = hours.count;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (hours.at[middle] <= t)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Does next begin at the known hour after run's end, or within the run? */
static bool touches(Hours known, const Run *run, const Run *next)
{
    if (next->from <= run->to)
        return true;
    if (next->from - run->to > RUN_GAP_S)
        return false;
    guint i = after(known, run->to);
    return i < known.count && known.at[i] == next->from;
}

/* Append to runs, joining with the last one if it touches. */
static void append_joined(Hours known, GArray *runs, const Run *run)
{
    if (runs->len > 0) {
        Run *last = &g_array_index(runs, Run, runs->len - 1);
        if (same_key(last, run) && touches(known, last, run)) {
            last->to = MAX(last->to, run->to);
            return;
        }
    }
    g_array_append_vals(runs, run, 1);
}

/* Append the run, cut at the hours that its own layer did not know. */
static void append_cut(Hours own, Hours foreign, const Run *run, GArray *pieces)
{
    Run piece = *run;
    guint i = after(foreign, run->from);
    while (i < foreign.count && foreign.at[i] < run->to) {
        guint next = after(own, foreign.at[i]);
        if (next == 0 || next >= own.count)
            break; /* not a run of its own layer: a damaged state */
        piece.to = own.at[next - 1];
        g_array_append_val(pieces, piece);
        piece.from = own.at[next];
        i = after(foreign, piece.from);
    }
    piece.to = run->to;
    g_array_append_val(pieces, piece);
}

static int compare_starts(gconstpointer a, gconstpointer b)
{
    const Run *ra = a, *rb = b;
    return (ra->from > rb->from) - (ra->from < rb->from);
}

/* The hours of one kind on both sides, and those that only one side has. */
typedef struct {
    GArray *a, *b, *both, *only_a, *only_b; /* of uint32_t */
} HourLists;

static Hours view(const GArray *list)
{
    return (Hours){(const uint32_t *)list->data, list->len};
}

static GArray *hours_of_kind(const GArray *hours, FactKind kind)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < hours->len; i++) {
        const KnownHour *hour = &g_array_index(hours, KnownHour, i);
        if (hour->bits & fact_hour_bits(kind))
            g_array_append_val(list, hour->valid_after);
    }
    return list;
}

static HourLists hour_lists(const Layer *a, const Layer *b, FactKind kind)
{
    HourLists lists = {
        .a = hours_of_kind(a->hours, kind),
        .b = hours_of_kind(b->hours, kind),
        .both = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
        .only_a = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
        .only_b = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
    };
    guint i = 0, j = 0;
    while (i < lists.a->len || j < lists.b->len) {
        uint32_t ha =
            i < lists.a->len ? g_array_index(lists.a, uint32_t, i) : UINT32_MAX;
        uint32_t hb =
            j < lists.b->len ? g_array_index(lists.b, uint32_t, j) : UINT32_MAX;
        uint32_t hour = MIN(ha, hb);
        g_array_append_val(lists.both, hour);
        if (ha < hb)
            g_array_append_val(lists.only_a, hour);
        if (hb < ha)
            g_array_append_val(lists.only_b, hour);
        i += ha == hour && i < lists.a->len;
        j += hb == hour && j < lists.b->len;
    }
    return lists;
}

static void hour_lists_clear(HourLists *lists)
{
    g_array_unref(lists->a);
    g_array_unref(lists->b);
    g_array_unref(lists->both);
    g_array_unref(lists->only_a);
    g_array_unref(lists->only_b);
}

/* Cut all runs of one key on one side into pieces; returns where they end. */
static guint cut_key(const GArray *runs, guint at, const Run *key, Hours own,
                     Hours foreign, GArray *pieces)
{
    for (; at < runs->len; at++) {
        const Run *run = &g_array_index(runs, Run, at);
        if (!same_key(run, key))
            break;
        append_cut(own, foreign, run, pieces);
    }
    return at;
}

static void union_runs(const GArray *a, const GArray *b, HourLists *lists,
                       GArray *out)
{
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(Run));
    Hours known = view(lists->both);
    for (guint i = 0, j = 0; i < a->len || j < b->len;) {
        const Run *ra = i < a->len ? &g_array_index(a, Run, i) : NULL;
        const Run *rb = j < b->len ? &g_array_index(b, Run, j) : NULL;
        bool from_b =
            !ra || (rb && (rb->relay < ra->relay ||
                           (rb->relay == ra->relay && rb->value < ra->value)));
        Run key = from_b ? *rb : *ra;
        g_array_set_size(pieces, 0);
        i = cut_key(a, i, &key, view(lists->a), view(lists->only_b), pieces);
        guint count = pieces->len;
        j = cut_key(b, j, &key, view(lists->b), view(lists->only_a), pieces);
        if (count > 0 && pieces->len > count)
            g_array_sort(pieces, compare_starts);
        for (guint p = 0; p < pieces->len; p++)
            append_joined(known, out, &g_array_index(pieces, Run, p));
    }
}

static void union_hours(const GArray *a, const GArray *b, GArray *out)
{
    guint i = 0, j = 0;
    while (i < a->len || j < b->len) {
        KnownHour ha = i < a->len ? g_array_index(a, KnownHour, i)
                                  : (KnownHour){UINT32_MAX, 0};
        KnownHour hb = j < b->len ? g_array_index(b, KnownHour, j)
                                  : (KnownHour){UINT32_MAX, 0};
        bool take_a = i < a->len && ha.valid_after <= hb.valid_after;
        bool take_b = j < b->len && hb.valid_after <= ha.valid_after;
        KnownHour hour = {
            .valid_after = take_a ? ha.valid_after : hb.valid_after,
            .bits = (take_a ? ha.bits : 0) | (take_b ? hb.bits : 0),
        };
        g_array_append_val(out, hour);
        i += take_a;
        j += take_b;
    }
}

Layer *layer_union(const Layer *a, const Layer *b)
{
    Layer *out = layer_new();
    union_hours(a->hours, b->hours, out->hours);
    for (int kind = 0; kind < FACT_KINDS; kind++) {
        HourLists lists = hour_lists(a, b, (FactKind)kind);
        union_runs(a->runs[kind], b->runs[kind], &lists, out->runs[kind]);
        hour_lists_clear(&lists);
    }
    return out;
}

/* The run that a relay is in at present; from 0: none. */
typedef struct {
    uint32_t value, from, to;
} OpenRun;

struct LayerBuilder {
    Layer *layer;
    GArray *open[FACT_KINDS];    /* of OpenRun, by relay */
    uint32_t now;                /* the consensus being added */
    uint32_t before[FACT_KINDS]; /* the hour of that kind before it */
    uint32_t latest[FACT_KINDS];
};

LayerBuilder *layer_builder_new(void)
{
    LayerBuilder *builder = g_new0(LayerBuilder, 1);
    builder->layer = layer_new();
    for (int kind = 0; kind < FACT_KINDS; kind++)
        builder->open[kind] = g_array_new(FALSE, TRUE, sizeof(OpenRun));
    return builder;
}

void layer_builder_free(LayerBuilder *builder)
{
    if (!builder)
        return;
    layer_free(builder->layer);
    for (int kind = 0; kind < FACT_KINDS; kind++)
        g_array_unref(builder->open[kind]);
    g_free(builder);
}

bool layer_builder_hour(LayerBuilder *builder, uint32_t valid_after,
                        uint32_t bits)
{
    GArray *hours = builder->layer->hours;
    if (valid_after < builder->now)
        return false;
    if (valid_after > builder->now || hours->len == 0) {
        KnownHour fresh = {.valid_after = valid_after};
        g_array_append_val(hours, fresh);
    }
    g_array_index(hours, KnownHour, hours->len - 1).bits |= bits;
    builder->now = valid_after;
    for (int kind = 0; kind < FACT_KINDS; kind++) {
        if (!(bits & fact_hour_bits((FactKind)kind)) ||
            builder->latest[kind] == valid_after)
            continue;
        builder->before[kind] = builder->latest[kind];
        builder->latest[kind] = valid_after;
    }
    return true;
}

static void close_run(LayerBuilder *builder, FactKind kind, uint32_t relay,
                      const OpenRun *open)
{
    if (open->from == 0)
        return;
    Run run = {relay, open->value, open->from, open->to};
    g_array_append_val(builder->layer->runs[kind], run);
}

void layer_builder_add(LayerBuilder *builder, FactKind kind, uint32_t relay,
                       uint32_t value)
{
    GArray *all = builder->open[kind];
    if (relay >= all->len)
        g_array_set_size(all, relay + 1024);
    OpenRun *open = &g_array_index(all, OpenRun, relay);
    uint32_t now = builder->now;
    bool same = open->from != 0 && open->value == value;
    if (same && (open->to == now || (open->to == builder->before[kind] &&
                                     now - open->to <= RUN_GAP_S))) {
        open->to = now;
        return;
    }
    close_run(builder, kind, relay, open);
    *open = (OpenRun){value, now, now};
}

size_t layer_builder_size(const LayerBuilder *builder)
{
    return layer_size(builder->layer);
}

/* Runs of one relay that alternated between two values are joined only now. */
static void join_sorted(Layer *layer, FactKind kind)
{
    GArray *runs = layer->runs[kind];
    layer_sort_runs(runs);
    g_autoptr(GArray) hours = hours_of_kind(layer->hours, kind);
    GArray *joined = g_array_sized_new(FALSE, FALSE, sizeof(Run), runs->len);
    for (guint i = 0; i < runs->len; i++)
        append_joined(view(hours), joined, &g_array_index(runs, Run, i));
    g_array_unref(runs);
    layer->runs[kind] = joined;
}

Layer *layer_builder_finish(LayerBuilder *builder)
{
    for (int kind = 0; kind < FACT_KINDS; kind++) {
        GArray *open = builder->open[kind];
        for (guint i = 0; i < open->len; i++)
            close_run(builder, (FactKind)kind, i,
                      &g_array_index(open, OpenRun, i));
        g_array_set_size(open, 0);
        builder->before[kind] = builder->latest[kind] = 0;
        join_sorted(builder->layer, (FactKind)kind);
    }
    builder->now = 0;
    Layer *layer = builder->layer;
    builder->layer = layer_new();
    if (layer->hours->len > 0)
        return layer;
    layer_free(layer);
    return NULL;
}
