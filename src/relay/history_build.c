/*
 * From facts to the published history.
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

#include "relay/portpolicy.h"

#include <stdlib.h>
#include <string.h>

#define OVERLAPS_MAX 8 /* contradicting runs looked at; honest data has none */

typedef struct {
    const Facts *facts;
    const Layer *layer;
    Intern *texts;   /* of the new file; numbers become offsets at the end */
    GArray *hours;   /* of Hour */
    GArray *relays;  /* of Relay */
    GArray *periods; /* of Period */
    GArray *v4, *v6, *scans, *proofs, *documents;
    uint32_t *buckets;
} Build;

/* Runs of one relay and kind, by from. */
typedef struct {
    GArray *runs[FACT_KINDS];
    guint at[FACT_KINDS]; /* where the next relay's begin in the layer */
} RelayRuns;

static uint32_t copy_text(Build *b, uint32_t number)
{
    const Intern *from = b->facts->texts;
    return intern_put(b->texts, intern_at(from, number),
                      intern_length(from, number));
}

static void build_documents(Build *b)
{
    const GArray *documents = b->facts->documents;
    for (guint i = 0; i < documents->len; i++) {
        Document document = g_array_index(documents, Document, i);
        document.name = copy_text(b, document.name);
        g_array_append_val(b->documents, document);
    }
}

static guint hour_after(const Build *b, uint32_t t)
{
    guint low = 0, high = b->hours->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(b->hours, Hour, middle).valid_after <= t)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void build_hours(Build *b)
{
    for (guint i = 0; i < b->layer->hours->len; i++) {
        const KnownHour *known = &g_array_index(b->layer->hours, KnownHour, i);
        Hour hour = {known->valid_after, known->bits, NO_INDEX, NO_INDEX};
        g_array_append_val(b->hours, hour);
    }
    for (guint i = 0; i < b->documents->len; i++) {
        const Document *document = &g_array_index(b->documents, Document, i);
        guint after = hour_after(b, document->when);
        if (document->type > DOCUMENT_CONSENSUS_MICRO || after == 0)
            continue;
        Hour *hour = &g_array_index(b->hours, Hour, after - 1);
        uint32_t *slot =
            document->type == DOCUMENT_CONSENSUS ? &hour->ns : &hour->micro;
        if (hour->valid_after == document->when && *slot == NO_INDEX)
            *slot = i;
    }
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
        const GArray *all = b->layer->runs[kind];
        g_array_set_size(out->runs[kind], 0);
        for (; out->at[kind] < all->len; out->at[kind]++) {
            const Run *run = &g_array_index(all, Run, out->at[kind]);
            if (run->relay != relay)
                break;
            g_array_append_vals(out->runs[kind], run, 1);
        }
        g_array_sort(out->runs[kind], compare_from);
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

static const char *text_of(const Build *b, uint32_t number)
{
    return intern_at(b->facts->texts, number);
}

static uint32_t descriptor_policy(const GArray *facts, const Run *run)
{
    return run ? g_array_index(facts, DescriptorFacts, run->value).policy
               : NO_INDEX;
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
    uint32_t full = descriptor_policy(b->facts->router_facts,
                                      run_at(r->runs[FACT_ROUTER], t));
    if (full != NO_INDEX)
        return copy_text(b, full);
    uint32_t micro = descriptor_policy(b->facts->micro_facts,
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
            if (after < b->hours->len)
                g_array_append_val(
                    cuts, g_array_index(b->hours, Hour, after).valid_after);
        }
    g_array_sort(cuts, compare_times);
}

static void add_period(Build *b, guint first, const Period *period)
{
    if (b->periods->len > first) {
        Period *last = &g_array_index(b->periods, Period, b->periods->len - 1);
        guint after = hour_after(b, last->to);
        if (last->policy == period->policy && last->status == period->status &&
            after < b->hours->len &&
            g_array_index(b->hours, Hour, after).valid_after == period->from &&
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
            to = g_array_index(b->hours, Hour, hour_after(b, next - 1) - 1)
                     .valid_after;
        Period period = {from, to, policy_at(b, r, from), status};
        add_period(b, first, &period);
        if (next > run->to)
            return;
        from = next;
    }
}

static void add_proofs(Build *b, const RelayRuns *r, FactKind kind)
{
    const GArray *facts =
        kind == FACT_MICRO ? b->facts->micro_facts : b->facts->router_facts;
    for (guint i = 0; i < r->runs[kind]->len; i++) {
        const Run *run = &g_array_index(r->runs[kind], Run, i);
        uint32_t document =
            g_array_index(facts, DescriptorFacts, run->value).document;
        Proof proof = {run->relay, run->from, run->to, document};
        if (document != NO_INDEX)
            g_array_append_val(b->proofs, proof);
    }
}

static int compare_proofs(gconstpointer a, gconstpointer b)
{
    const Proof *pa = a, *pb = b;
    if (pa->relay != pb->relay)
        return pa->relay < pb->relay ? -1 : 1;
    if (pa->from != pb->from)
        return pa->from < pb->from ? -1 : 1;
    return (pa->document > pb->document) - (pa->document < pb->document);
}

static void build_relays(Build *b)
{
    RelayRuns runs = {0};
    for (int kind = 0; kind < FACT_KINDS; kind++)
        runs.runs[kind] = g_array_new(FALSE, FALSE, sizeof(Run));
    g_autoptr(GArray) cuts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    uint32_t count = intern_count(b->facts->relays);
    for (uint32_t i = 0; i < count; i++) {
        Relay relay = {.first_period = b->periods->len};
        memcpy(relay.fingerprint, intern_at(b->facts->relays, i), 20);
        g_array_append_val(b->relays, relay);
        take_relay_runs(b, i, &runs);
        collect_cuts(b, &runs, cuts);
        const GArray *status = runs.runs[FACT_STATUS];
        guint cut = 0;
        for (guint s = 0; s < status->len; s++)
            add_status_run(b, &runs, &g_array_index(status, Run, s), cuts, &cut,
                           relay.first_period);
        add_proofs(b, &runs, FACT_ROUTER);
        add_proofs(b, &runs, FACT_MICRO);
    }
    Relay end = {.first_period = b->periods->len};
    memset(end.fingerprint, 0xff, sizeof end.fingerprint);
    g_array_append_val(b->relays, end);
    g_array_sort(b->proofs, compare_proofs);
    for (int kind = 0; kind < FACT_KINDS; kind++)
        g_array_unref(runs.runs[kind]);
}

static int compare_v4(const void *a, const void *b)
{
    const V4Interval *va = a, *vb = b;
    if (va->address != vb->address)
        return va->address < vb->address ? -1 : 1;
    if (va->from != vb->from)
        return va->from < vb->from ? -1 : 1;
    return (va->relay > vb->relay) - (va->relay < vb->relay);
}

static int compare_v6(const void *a, const void *b)
{
    const V6Interval *va = a, *vb = b;
    int order = memcmp(va->address, vb->address, sizeof va->address);
    if (order)
        return order;
    if (va->from != vb->from)
        return va->from < vb->from ? -1 : 1;
    return (va->relay > vb->relay) - (va->relay < vb->relay);
}

static void sort_array(GArray *array, size_t item_bytes,
                       int (*compare)(const void *, const void *))
{
    if (array->len > 0)
        qsort(array->data, array->len, item_bytes, compare);
}

static void build_addresses(Build *b)
{
    const GArray *runs = b->layer->runs[FACT_V4];
    for (guint i = 0; i < runs->len; i++) {
        const Run *run = &g_array_index(runs, Run, i);
        const uint8_t *ip = intern_at(b->facts->addresses, run->value);
        V4Interval v4 = {
            .address = (uint32_t)ip[12] << 24 | (uint32_t)ip[13] << 16 |
                       (uint32_t)ip[14] << 8 | ip[15],
            .relay = run->relay,
            .from = run->from,
            .to = run->to,
        };
        g_array_append_val(b->v4, v4);
    }
    runs = b->layer->runs[FACT_V6];
    for (guint i = 0; i < runs->len; i++) {
        const Run *run = &g_array_index(runs, Run, i);
        V6Interval v6 = {.relay = run->relay, .from = run->from, .to = run->to};
        memcpy(v6.address, intern_at(b->facts->addresses, run->value), 16);
        g_array_append_val(b->v6, v6);
    }
    sort_array(b->v4, sizeof(V4Interval), compare_v4);
    sort_array(b->v6, sizeof(V6Interval), compare_v6);
    guint at = 0;
    for (uint32_t half = 0; half <= 65536; half++) {
        while (at < b->v4->len &&
               g_array_index(b->v4, V4Interval, at).address >> 16 < half)
            at++;
        b->buckets[half] = at;
    }
}

static int compare_scan_rows(const void *a, const void *b)
{
    const Scan *sa = a, *sb = b;
    int order = memcmp(sa->address, sb->address, sizeof sa->address);
    if (order)
        return order;
    if (sa->first != sb->first)
        return sa->first < sb->first ? -1 : 1;
    return (sa->relay > sb->relay) - (sa->relay < sb->relay);
}

static void build_scans(Build *b)
{
    const GArray *scans = b->facts->scans;
    for (guint i = 0; i < scans->len; i++) {
        const ScanFacts *s = &g_array_index(scans, ScanFacts, i);
        Scan scan = {
            .relay = s->relay,
            .first = s->first,
            .last = s->last,
            .first_document = s->first_document,
            .last_document = s->last_document,
        };
        memcpy(scan.address, intern_at(b->facts->addresses, s->address), 16);
        g_array_append_val(b->scans, scan);
    }
    sort_array(b->scans, sizeof(Scan), compare_scan_rows);
}

/* Sort the texts and put offsets in place of their numbers. */
static void place_texts(Build *b)
{
    g_autofree uint32_t *moved = intern_sort(&b->texts, NULL);
    uint32_t count = intern_count(b->texts);
    g_autofree uint32_t *offsets = g_new(uint32_t, count + 1);
    uint32_t offset = 0;
    for (uint32_t i = 0; i < count; i++) {
        offsets[i] = offset;
        offset += (uint32_t)intern_length(b->texts, i) + 1;
    }
    for (guint i = 0; i < b->documents->len; i++) {
        Document *document = &g_array_index(b->documents, Document, i);
        document->name = offsets[moved[document->name]];
    }
    for (guint i = 0; i < b->periods->len; i++) {
        Period *period = &g_array_index(b->periods, Period, i);
        uint32_t flags = period->status & ((1u << STATUS_SHIFT) - 1);
        uint32_t nickname = moved[period->status >> STATUS_SHIFT];
        period->status = offsets[nickname] << STATUS_SHIFT | flags;
        if (period->policy != NO_INDEX)
            period->policy = offsets[moved[period->policy]];
    }
}

static GBytes *pack(const Build *b, const uint8_t state_hash[32])
{
    About about;
    memcpy(about.state_hash, state_hash, sizeof about.state_hash);
    size_t text_bytes;
    const void *text = intern_bytes(b->texts, &text_bytes);
    Section sections[SECTION_COUNT] = {
        [SECTION_ABOUT] = {&about, 1},
        [SECTION_HOURS] = {b->hours->data, b->hours->len},
        [SECTION_RELAYS] = {b->relays->data, b->relays->len},
        [SECTION_PERIODS] = {b->periods->data, b->periods->len},
        [SECTION_V4_BUCKETS] = {b->buckets, 65537},
        [SECTION_V4] = {b->v4->data, b->v4->len},
        [SECTION_V6] = {b->v6->data, b->v6->len},
        [SECTION_SCANS] = {b->scans->data, b->scans->len},
        [SECTION_PROOFS] = {b->proofs->data, b->proofs->len},
        [SECTION_DOCUMENTS] = {b->documents->data, b->documents->len},
        [SECTION_TEXT] = {text, text_bytes},
    };
    return sections_pack(&HISTORY_LAYOUT, sections);
}

GBytes *history_build(const Facts *facts, const uint8_t state_hash[32])
{
    Build b = {
        .facts = facts,
        .layer = facts_layer(facts),
        .texts = intern_new(0),
        .hours = g_array_new(FALSE, FALSE, sizeof(Hour)),
        .relays = g_array_new(FALSE, FALSE, sizeof(Relay)),
        .periods = g_array_new(FALSE, FALSE, sizeof(Period)),
        .v4 = g_array_new(FALSE, FALSE, sizeof(V4Interval)),
        .v6 = g_array_new(FALSE, FALSE, sizeof(V6Interval)),
        .scans = g_array_new(FALSE, FALSE, sizeof(Scan)),
        .proofs = g_array_new(FALSE, FALSE, sizeof(Proof)),
        .documents = g_array_new(FALSE, FALSE, sizeof(Document)),
        .buckets = g_new(uint32_t, 65537),
    };
    intern_put(b.texts, "", 0); /* so that the text is never empty */
    build_documents(&b);
    build_hours(&b);
    build_relays(&b);
    build_addresses(&b);
    build_scans(&b);
    place_texts(&b);
    GBytes *bytes = pack(&b, state_hash);
    GArray *arrays[] = {b.hours, b.relays, b.periods, b.v4,
                        b.v6,    b.scans,  b.proofs,  b.documents};
    for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_array_unref(arrays[i]);
    intern_free(b.texts);
    g_free(b.buckets);
    return bytes;
}
