/*
 * From the facts of a month to its history.
 *
 * Addresses are turned round (facts are by relay, lookups by address). The
 * policy of a relay over time is put together from four kinds of facts: its
 * status runs say when it was listed; within them the policy changes where a
 * run of descriptor digests, port summaries or microdescriptor digests begins
 * or ends. The best known of them is stored for each period: the full policy
 * of the descriptor that the consensus names, else the consensus's own
 * summary (with the microdescriptor's for IPv6), else the microdescriptor's.
 *
 * A relay's runs of one kind stand in the order of their values, and are
 * wanted by time: they are few, so they are sorted by insertion.
 */
#include "relay/history_building.h"

#include "relay/facts_file.h"
#include "relay/nearly.h"
#include "relay/portpolicy.h"

#include <stdlib.h>
#include <string.h>

#define OVERLAPS_MAX 8 /* contradicting runs looked at; honest data has none */

/* How a relay was listed from one hour to another. */
typedef struct {
    uint32_t from, to; /* valid-after */
    Manner manner;
} Period;

#define SLOT_S 3600 /* consensuses come hourly */

/* Runs of one relay and kind, by from. */
typedef struct {
    GArray *runs[FACT_KINDS];
    size_t at[FACT_KINDS]; /* where the next relay's begin in the facts */
} RelayRuns;

static const char *text_of(const Build *b, uint32_t number)
{
    const uint32_t *starts = b->facts[STATE_TEXT_STARTS].items;
    return (const char *)b->facts[STATE_TEXT].items + starts[number];
}

static uint32_t copy_text(Build *b, uint32_t number)
{
    const char *text = text_of(b, number);
    if (b->copied[number] == NO_INDEX)
        b->copied[number] = intern_put(b->texts, text, strlen(text));
    return b->copied[number];
}

static uint32_t hour_at(const Build *b, guint index)
{
    return g_array_index(b->rows->hours, Hour, index).valid_after;
}

/* Index of the first hour after t. */
static guint hour_after(const Build *b, uint32_t t)
{
    guint count = b->rows->hours->len;
    if (count == 0 || t < hour_at(b, 0))
        return 0;
    uint32_t slot = (t - hour_at(b, 0)) / SLOT_S;
    if (slot >= b->slots->len)
        return count;
    guint index = g_array_index(b->slots, guint, slot);
    while (index < count && hour_at(b, index) <= t)
        index++;
    return index;
}

static void build_hours(Build *b)
{
    const KnownHour *known = b->facts[STATE_HOURS].items;
    for (guint i = 0; i < b->facts[STATE_HOURS].count; i++) {
        Hour hour = {known[i].valid_after, known[i].bits};
        g_array_append_val(b->rows->hours, hour);
        uint32_t slot = (hour.valid_after - hour_at(b, 0)) / SLOT_S;
        while (b->slots->len <= slot)
            g_array_append_val(b->slots, i);
    }
}

uint32_t build_hour_number(const Build *b, uint32_t t)
{
    guint after = hour_after(b, t);
    return after > 0 ? after - 1 : 0;
}

static int compare_from(gconstpointer a, gconstpointer b)
{
    const Run *ra = a, *rb = b;
    if (ra->from != rb->from)
        return ra->from < rb->from ? -1 : 1;
    return (ra->value > rb->value) - (ra->value < rb->value);
}

static void take_relay_runs(const Build *b, uint32_t relay, RelayRuns *out)
{
    for (int kind = 0; kind < FACT_KINDS; kind++) {
        const Section *all = &b->facts[STATE_RUNS + kind];
        const Run *runs = all->items;
        size_t first = out->at[kind], end = first;
        while (end < all->count && runs[end].relay == relay)
            end++;
        g_array_set_size(out->runs[kind], 0);
        if (end > first)
            g_array_append_vals(out->runs[kind], runs + first,
                                (guint)(end - first));
        out->at[kind] = end;
        sort_nearly(out->runs[kind]->data, out->runs[kind]->len, sizeof(Run),
                    compare_from);
    }
}

/* The run in force at t, or NULL. */
static const Run *run_at(const GArray *runs, uint32_t t)
{
    guint low = 0, high = runs->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(runs, Run, middle).from <= t)
            low = middle + 1;
        else
            high = middle;
    }
    for (guint back = 0; low > 0 && back < OVERLAPS_MAX; low--, back++)
        if (g_array_index(runs, Run, low - 1).to >= t)
            return &g_array_index(runs, Run, low - 1);
    return NULL;
}

static uint32_t descriptor_policy(const Section *facts, const Run *run)
{
    const DescriptorFacts *all = facts->items;
    return run ? all[run->value].policy : NO_INDEX;
}

/* The consensus's summary for IPv4, the microdescriptor's for IPv6. */
static uint32_t joined_summary(Build *b, const Run *summary, uint32_t micro)
{
    g_autofree char *ipv6 = NULL;
    if (micro != NO_INDEX) {
        g_auto(GStrv) fields = g_strsplit(text_of(b, micro), "\t", 3);
        ipv6 = g_strdup(fields[0] ? fields[1] : NULL);
    }
    g_autofree char *policy =
        policy_from_summaries(text_of(b, summary->value), ipv6);
    return intern_put(b->texts, policy, strlen(policy));
}

static uint32_t policy_at(Build *b, const RelayRuns *r, uint32_t t)
{
    uint32_t full = descriptor_policy(&b->facts[STATE_ROUTER_FACTS],
                                      run_at(r->runs[FACT_ROUTER], t));
    if (full != NO_INDEX)
        return copy_text(b, full);
    uint32_t micro = descriptor_policy(&b->facts[STATE_MICRO_FACTS],
                                       run_at(r->runs[FACT_MICRO], t));
    const Run *summary = run_at(r->runs[FACT_SUMMARY], t);
    if (summary)
        return joined_summary(b, summary, micro);
    return micro == NO_INDEX ? NO_INDEX : copy_text(b, micro);
}

/* Insert the time, unless it is there. They mostly come in order. */
static void add_cut(GArray *cuts, uint32_t t)
{
    const uint32_t *times = (const uint32_t *)cuts->data;
    guint low = 0, high = cuts->len;
    if (high > 0 && times[high - 1] < t)
        low = high;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (times[middle] < t)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == cuts->len || times[low] != t)
        g_array_insert_val(cuts, low, t);
}

/* Hours at which the policy may change, ascending. */
static void collect_cuts(const Build *b, const RelayRuns *r, GArray *cuts)
{
    g_array_set_size(cuts, 0);
    for (int kind = FACT_SUMMARY; kind <= FACT_MICRO; kind++)
        for (guint i = 0; i < r->runs[kind]->len; i++) {
            const Run *run = &g_array_index(r->runs[kind], Run, i);
            guint after = hour_after(b, run->to);
            add_cut(cuts, run->from);
            if (after < b->rows->hours->len)
                add_cut(cuts, hour_at(b, after));
        }
}

static void add_period(Build *b, guint first, const Period *period)
{
    if (b->periods->len > first) {
        Period *last = &g_array_index(b->periods, Period, b->periods->len - 1);
        guint after = hour_after(b, last->to);
        if (last->manner.policy == period->manner.policy &&
            last->manner.status == period->manner.status &&
            after < b->rows->hours->len && hour_at(b, after) == period->from &&
            period->from - last->to <= RUN_GAP_S) {
            last->to = period->to;
            return;
        }
    }
    g_array_append_val(b->periods, *period);
}

/* Cut one status run where the policy changes. */
static void add_status_run(Build *b, const RelayRuns *r, const Run *run,
                           const GArray *cuts, guint *cut, guint first)
{
    uint32_t status = copy_text(b, run->value >> STATUS_SHIFT) << STATUS_SHIFT |
                      (run->value & ((1u << STATUS_SHIFT) - 1));
    uint32_t from = run->from;
    while (*cut < cuts->len && g_array_index(cuts, uint32_t, *cut) <= from)
        (*cut)++;
    for (guint i = *cut; from <= run->to; i++) {
        uint32_t next =
            i < cuts->len ? g_array_index(cuts, uint32_t, i) : UINT32_MAX;
        if (next <= from)
            continue;
        uint32_t to = run->to;
        if (next <= run->to)
            to = hour_at(b, hour_after(b, next - 1) - 1);
        Period period = {from, to, {status, policy_at(b, r, from)}};
        add_period(b, first, &period);
        if (next > run->to)
            return;
        from = next;
    }
}

static void build_relays(Build *b)
{
    RelayRuns runs = {0};
    for (int kind = 0; kind < FACT_KINDS; kind++)
        runs.runs[kind] = g_array_new(FALSE, FALSE, sizeof(Run));
    g_autoptr(GArray) cuts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    const uint8_t *fingerprints = b->facts[STATE_RELAYS].items;
    for (uint32_t i = 0; i < b->facts[STATE_RELAYS].count; i++) {
        Relay relay = {.first_period = b->periods->len};
        memcpy(relay.fingerprint, fingerprints + (size_t)i * 20, 20);
        g_array_append_val(b->rows->relays, relay);
        take_relay_runs(b, i, &runs);
        collect_cuts(b, &runs, cuts);
        const GArray *status = runs.runs[FACT_STATUS];
        guint cut = 0;
        for (guint s = 0; s < status->len; s++)
            add_status_run(b, &runs, &g_array_index(status, Run, s), cuts, &cut,
                           relay.first_period);
    }
    for (int kind = 0; kind < FACT_KINDS; kind++)
        g_array_unref(runs.runs[kind]);
}

/* ---- texts, periods, documents ------------------------------------------- */

static void place_texts(Build *b)
{
    g_autofree uint32_t *moved = intern_sort(&b->texts, NULL);
    for (uint32_t i = 0; i < intern_count(b->texts); i++)
        history_rows_add_text(b->rows, intern_at(b->texts, i),
                              intern_length(b->texts, i));
    for (guint i = 0; i < b->periods->len; i++) {
        Manner *manner = &g_array_index(b->periods, Period, i).manner;
        uint32_t flags = manner->status & ((1u << STATUS_SHIFT) - 1);
        uint32_t nickname = moved[manner->status >> STATUS_SHIFT];
        manner->status = nickname << STATUS_SHIFT | flags;
        if (manner->policy != NO_INDEX)
            manner->policy = moved[manner->policy];
    }
}

static int compare_manners(const void *a, const void *b)
{
    const Manner *ma = a, *mb = b;
    if (ma->status != mb->status)
        return ma->status < mb->status ? -1 : 1;
    return (ma->policy > mb->policy) - (ma->policy < mb->policy);
}

static void place_periods(Build *b)
{
    GArray *manners = b->rows->manners;
    for (guint i = 0; i < b->periods->len; i++)
        g_array_append_val(manners,
                           g_array_index(b->periods, Period, i).manner);
    if (manners->len > 0)
        qsort(manners->data, manners->len, sizeof(Manner), compare_manners);
    guint kept = 0;
    Manner *all = (Manner *)manners->data;
    for (guint i = 0; i < manners->len; i++)
        if (i == 0 || compare_manners(&all[kept - 1], &all[i]) != 0)
            all[kept++] = all[i];
    g_array_set_size(manners, kept);
    for (guint i = 0; i < b->periods->len; i++) {
        const Period *period = &g_array_index(b->periods, Period, i);
        const Manner *found = bsearch(&period->manner, manners->data, kept,
                                      sizeof(Manner), compare_manners);
        uint64_t run = packed_run((HourRun){
            .from = build_hour_number(b, period->from),
            .to = build_hour_number(b, period->to),
            .value = (uint32_t)(found - (const Manner *)manners->data),
        });
        g_array_append_val(b->rows->periods, run);
    }
}

static void build_documents(Build *b, uint32_t month)
{
    HistoryPart part = {.month = month};
    const Section *documents = &b->facts[STATE_DOCUMENTS];
    for (size_t i = 0; i < documents->count; i++) {
        const Document *document = (const Document *)documents->items + i;
        if (document->type < DOCUMENT_TYPES)
            part.documents[document->type]++;
        if (document->type == DOCUMENT_EXIT_LIST)
            g_array_append_val(b->rows->lists, document->when);
    }
    g_array_append_val(b->rows->parts, part);
}

HistoryRows *history_build_rows(const Section *facts, uint32_t month)
{
    size_t texts = facts[STATE_TEXT_STARTS].count;
    Build b = {
        .facts = facts,
        .texts = intern_new(0),
        .copied = g_new(uint32_t, texts + 1),
        .periods = g_array_new(FALSE, FALSE, sizeof(Period)),
        .rows = history_rows_new(),
        .slots = g_array_new(FALSE, FALSE, sizeof(guint)),
    };
    memset(b.copied, 0xff, texts * sizeof *b.copied);
    build_hours(&b);
    build_relays(&b);
    place_texts(&b);
    place_periods(&b);
    build_addresses(&b, false);
    build_addresses(&b, true);
    build_documents(&b, month);
    g_array_unref(b.periods);
    g_array_unref(b.slots);
    intern_free(b.texts);
    g_free(b.copied);
    return b.rows;
}

GBytes *history_build_end(HistoryRows *rows, const uint8_t state[32],
                          GError **error)
{
    HistoryPart *part = &g_array_index(rows->parts, HistoryPart, 0);
    memcpy(part->state, state, sizeof part->state);
    GBytes *bytes = history_rows_pack(rows, error);
    history_rows_free(rows);
    return bytes;
}

GBytes *history_build(const Facts *facts, uint32_t month,
                      const uint8_t state[32], GError **error)
{
    Section sections[STATE_SECTIONS];
    g_autoptr(GArray) starts = facts_sections(facts, sections);
    return history_build_end(history_build_rows(sections, month), state, error);
}
