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
 */
#include "relay/history_build.h"

#include "relay/facts_file.h"
#include "relay/history_rows.h"
#include "relay/portpolicy.h"

#include "base/ipaddress.h"

#include <stdlib.h>
#include <string.h>

#define OVERLAPS_MAX 8 /* contradicting runs looked at; honest data has none */

/* How a relay was listed from one hour to another. */
typedef struct {
    uint32_t from, to; /* valid-after */
    Manner manner;
} Period;

typedef struct {
    const Section *facts; /* by StateSection */
    Intern *texts;        /* sorted at the end */
    uint32_t *copied;     /* a text's number in texts by that in facts, or
                             NO_INDEX: not there yet */
    GArray *periods;      /* of Period */
    HistoryRows *rows;    /* hours and relays at first, the rest at the end */
} Build;

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

static const uint8_t *address_of(const Build *b, uint32_t number)
{
    return (const uint8_t *)b->facts[STATE_ADDRESSES].items +
           (size_t)number * 16;
}

static guint hour_after(const Build *b, uint32_t t)
{
    guint low = 0, high = b->rows->hours->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(b->rows->hours, Hour, middle).valid_after <= t)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void build_hours(Build *b)
{
    const KnownHour *known = b->facts[STATE_HOURS].items;
    for (size_t i = 0; i < b->facts[STATE_HOURS].count; i++) {
        Hour hour = {known[i].valid_after, known[i].bits};
        g_array_append_val(b->rows->hours, hour);
    }
}

static uint32_t hour_number(const Build *b, uint32_t t)
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

/* Most relays had one value of a kind after the other. */
static void sort_by_from(GArray *runs)
{
    for (guint i = 1; i < runs->len; i++)
        if (compare_from(&g_array_index(runs, Run, i - 1),
                         &g_array_index(runs, Run, i)) > 0) {
            g_array_sort(runs, compare_from);
            return;
        }
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
        sort_by_from(out->runs[kind]);
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

static int compare_times(gconstpointer a, gconstpointer b)
{
    uint32_t ta = *(const uint32_t *)a, tb = *(const uint32_t *)b;
    return (ta > tb) - (ta < tb);
}

/* Hours at which the policy may change, ascending. */
static void collect_cuts(const Build *b, const RelayRuns *r, GArray *cuts)
{
    g_array_set_size(cuts, 0);
    for (int kind = FACT_SUMMARY; kind <= FACT_MICRO; kind++)
        for (guint i = 0; i < r->runs[kind]->len; i++) {
            const Run *run = &g_array_index(r->runs[kind], Run, i);
            guint after = hour_after(b, run->to);
            g_array_append_val(cuts, run->from);
            if (after < b->rows->hours->len)
                g_array_append_val(
                    cuts,
                    g_array_index(b->rows->hours, Hour, after).valid_after);
        }
    g_array_sort(cuts, compare_times);
}

static void add_period(Build *b, guint first, const Period *period)
{
    if (b->periods->len > first) {
        Period *last = &g_array_index(b->periods, Period, b->periods->len - 1);
        guint after = hour_after(b, last->to);
        if (last->manner.policy == period->manner.policy &&
            last->manner.status == period->manner.status &&
            after < b->rows->hours->len &&
            g_array_index(b->rows->hours, Hour, after).valid_after ==
                period->from &&
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
            to =
                g_array_index(b->rows->hours, Hour, hour_after(b, next - 1) - 1)
                    .valid_after;
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

/* ---- addresses and scans ------------------------------------------------- */

/* A run or, without hours, a scan by its address, to be sorted. */
typedef struct {
    uint8_t address[16];
    bool is_scan;
    uint32_t relay, from, to;
} AddressRow;

static int compare_address_rows(const void *a, const void *b)
{
    const AddressRow *ra = a, *rb = b;
    int order = memcmp(ra->address, rb->address, sizeof ra->address);
    if (order)
        return order;
    if (ra->is_scan != rb->is_scan)
        return ra->is_scan ? 1 : -1;
    if (ra->from != rb->from)
        return ra->from < rb->from ? -1 : 1;
    return (ra->relay > rb->relay) - (ra->relay < rb->relay);
}

static void sort_array(GArray *array, size_t item_bytes,
                       int (*compare)(const void *, const void *))
{
    if (array->len > 0)
        qsort(array->data, array->len, item_bytes, compare);
}

static void collect_runs(const Build *b, FactKind kind, GArray *all)
{
    const Section *runs = &b->facts[STATE_RUNS + kind];
    for (size_t i = 0; i < runs->count; i++) {
        const Run *run = (const Run *)runs->items + i;
        AddressRow row = {.relay = run->relay,
                          .from = hour_number(b, run->from),
                          .to = hour_number(b, run->to)};
        memcpy(row.address, address_of(b, run->value), 16);
        g_array_append_val(all, row);
    }
}

static void collect_scans(const Build *b, bool is_v6, GArray *all)
{
    const Section *scans = &b->facts[STATE_SCANS];
    for (size_t i = 0; i < scans->count; i++) {
        const ScanFacts *scan = (const ScanFacts *)scans->items + i;
        AddressRow row = {.is_scan = true,
                          .relay = scan->relay,
                          .from = scan->first,
                          .to = scan->last};
        IpAddress ip;
        memcpy(ip.bytes, address_of(b, scan->address), 16);
        memcpy(row.address, ip.bytes, 16);
        if (ip_is_v4(&ip) != is_v6)
            g_array_append_val(all, row);
    }
}

static void build_addresses(Build *b, bool is_v6)
{
    AddressRows *rows = &b->rows->addresses[is_v6];
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(AddressRow));
    collect_runs(b, is_v6 ? FACT_V6 : FACT_V4, all);
    collect_scans(b, is_v6, all);
    sort_array(all, sizeof(AddressRow), compare_address_rows);
    for (guint i = 0; i < all->len; i++) {
        const AddressRow *row = &g_array_index(all, AddressRow, i);
        Scan scan = {row->relay, row->from, row->to};
        if (i == 0 || memcmp(row[-1].address, row->address, 16) != 0)
            address_rows_begin(rows, row->address + 16 - rows->width);
        if (row->is_scan)
            g_array_append_val(rows->scans, scan);
        else
            address_rows_add(rows, (HourRun){row->from, row->to, row->relay});
    }
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
    sort_array(manners, sizeof(Manner), compare_manners);
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
            .from = hour_number(b, period->from),
            .to = hour_number(b, period->to),
            .value = (uint32_t)(found - (const Manner *)manners->data),
        });
        g_array_append_val(b->rows->periods, run);
    }
}

static void build_documents(Build *b, uint32_t month, const uint8_t state[32])
{
    HistoryPart part = {.month = month};
    memcpy(part.state, state, sizeof part.state);
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

GBytes *history_build_sections(const Section *facts, uint32_t month,
                               const uint8_t state[32], GError **error)
{
    g_autoptr(HistoryRows) rows = history_rows_new();
    size_t texts = facts[STATE_TEXT_STARTS].count;
    Build b = {
        .facts = facts,
        .texts = intern_new(0),
        .copied = g_new(uint32_t, texts + 1),
        .periods = g_array_new(FALSE, FALSE, sizeof(Period)),
        .rows = rows,
    };
    memset(b.copied, 0xff, texts * sizeof *b.copied);
    build_hours(&b);
    build_relays(&b);
    place_texts(&b);
    place_periods(&b);
    build_addresses(&b, false);
    build_addresses(&b, true);
    build_documents(&b, month, state);
    g_array_unref(b.periods);
    intern_free(b.texts);
    g_free(b.copied);
    return history_rows_pack(rows, error);
}

GBytes *history_build(const Facts *facts, uint32_t month,
                      const uint8_t state[32], GError **error)
{
    Section sections[STATE_SECTIONS];
    g_autoptr(GArray) starts = facts_sections(facts, sections);
    return history_build_sections(sections, month, state, error);
}
