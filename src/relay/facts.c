#include "relay/facts.h"

#include "relay/facts_cache.h"
#include "relay/month.h"

#include <stdlib.h>
#include <string.h>

/* Runs held in the builder before they become a layer: 64 MB. */
#define LAYER_RUNS_MAX 4000000
#define SCANS_MAX      1000000

Facts *facts_new(void)
{
    Facts *facts = g_new0(Facts, 1);
    facts->relays = intern_new(20);
    facts->addresses = intern_new(16);
    facts->routers = intern_new(20);
    facts->micros = intern_new(32);
    facts->texts = intern_new(0);
    facts->router_facts = g_array_new(FALSE, FALSE, sizeof(DescriptorFacts));
    facts->micro_facts = g_array_new(FALSE, FALSE, sizeof(DescriptorFacts));
    facts->document_hashes = intern_new(32);
    facts->documents = g_array_new(FALSE, FALSE, sizeof(Document));
    facts->held = g_byte_array_new();
    facts->latest = NO_INDEX;
    facts->news = g_byte_array_new();
    facts->stored[false] = g_byte_array_new();
    facts->stored[true] = g_byte_array_new();
    facts->scans = g_array_new(FALSE, FALSE, sizeof(ScanFacts));
    facts->layers = g_ptr_array_new_with_free_func((GDestroyNotify)layer_free);
    for (guint i = 0; i < FACTS_STREAMS; i++)
        facts->streams[i] = (FactsStream){
            .builder = layer_builder_new(),
            .last_listings = g_array_new(FALSE, TRUE, sizeof(LastListing)),
        };
    facts->stream = &facts->streams[0];
    return facts;
}

void facts_free(Facts *facts)
{
    if (!facts)
        return;
    intern_free(facts->relays);
    intern_free(facts->addresses);
    intern_free(facts->routers);
    intern_free(facts->micros);
    intern_free(facts->texts);
    g_array_unref(facts->router_facts);
    g_array_unref(facts->micro_facts);
    intern_free(facts->document_hashes);
    g_array_unref(facts->documents);
    g_byte_array_unref(facts->held);
    g_byte_array_unref(facts->news);
    g_byte_array_unref(facts->stored[false]);
    g_byte_array_unref(facts->stored[true]);
    g_array_unref(facts->scans);
    g_ptr_array_unref(facts->layers);
    for (guint i = 0; i < FACTS_STREAMS; i++) {
        layer_builder_free(facts->streams[i].builder);
        g_array_unref(facts->streams[i].last_listings);
    }
    g_free(facts);
}

static Document *document_at(const Facts *facts, uint32_t number)
{
    return &g_array_index(facts->documents, Document, number);
}

uint32_t facts_put_text(Facts *facts, const char *text, size_t length)
{
    return intern_put(facts->texts, text, length);
}

bool facts_has_document(Facts *facts, const uint8_t sha256[32],
                        const char *name)
{
    uint32_t number = intern_find(facts->document_hashes, sha256, 0);
    if (number == NO_INDEX)
        return false;
    Document *document = document_at(facts, number);
    const char *known = intern_at(facts->texts, document->name);
    if (document_name_compare(name, known) < 0) {
        document->name = facts_put_text(facts, name, strlen(name));
        facts->news->data[number] |= NEWS_RENAMED;
    }
    return true;
}

static uint32_t append_document(Facts *facts, const Document *document,
                                uint8_t held, uint8_t news)
{
    g_array_append_vals(facts->documents, document, 1);
    g_byte_array_append(facts->held, &held, 1);
    g_byte_array_append(facts->news, &news, 1);
    return intern_put(facts->document_hashes, document->sha256, 0);
}

static void want(Facts *facts, uint32_t when)
{
    if (facts->wanted)
        facts->wanted(when, facts->wanted_data);
}

uint32_t facts_put_document(Facts *facts, DocumentType type, uint32_t when,
                            const uint8_t sha256[32], const char *name)
{
    /* Descriptors are named by hours of other months; months.c sees to it. */
    if (when != 0 || (type != DOCUMENT_DESCRIPTOR && type != DOCUMENT_MICRO))
        want(facts, when);
    if (facts_has_document(facts, sha256, name)) {
        facts->known[type]++;
        facts->latest = NO_INDEX;
        return intern_find(facts->document_hashes, sha256, 0);
    }
    Document document = {
        .type = type,
        .when = when,
        .name = facts_put_text(facts, name, strlen(name)),
    };
    memcpy(document.sha256, sha256, sizeof document.sha256);
    return facts->latest = append_document(facts, &document, 0, NEWS_READ);
}

/* Is a stored document one that only a tor's cache had? */
static bool was_held(const Facts *facts, const Document *stored)
{
    return (stored->type == DOCUMENT_DESCRIPTOR ||
            stored->type == DOCUMENT_MICRO) &&
           document_name_is_of_cache(intern_at(facts->texts, stored->name));
}

void facts_take_first(Facts *facts, const Document *stored, guint count)
{
    g_autofree uint8_t *hashes = g_malloc((size_t)count * 32 + 1);
    g_assert(facts->documents->len == 0);
    g_array_append_vals(facts->documents, stored, count);
    g_byte_array_set_size(facts->held, count);
    g_byte_array_set_size(facts->news, count);
    memset(facts->news->data, 0, count);
    for (guint i = 0; i < count; i++) {
        memcpy(hashes + (size_t)i * 32, stored[i].sha256, 32);
        facts->held->data[i] = was_held(facts, &stored[i]);
    }
    intern_fill(facts->document_hashes, hashes, (size_t)count * 32);
}

uint32_t facts_take_document(Facts *facts, const Document *stored)
{
    const char *name = intern_at(facts->texts, stored->name);
    bool is_held = was_held(facts, stored);
    uint32_t number = intern_find(facts->document_hashes, stored->sha256, 0);
    if (number == NO_INDEX)
        return append_document(facts, stored, is_held, 0);
    Document *known = document_at(facts, number);
    if (document_name_compare(name, intern_at(facts->texts, known->name)) < 0)
        known->name = stored->name;
    if (!is_held)
        facts->held->data[number] = 0;
    if ((facts->news->data[number] & NEWS_READ) && known->type < DOCUMENT_TYPES)
        facts->known[known->type]++;
    facts->news->data[number] &= (uint8_t)~NEWS_READ;
    return number;
}

static Layer *top_layer(const Facts *facts, guint depth)
{
    return g_ptr_array_index(facts->layers, facts->layers->len - 1 - depth);
}

/* Join the two topmost layers. */
static void join_top(Facts *facts)
{
    Layer *joined = layer_union(top_layer(facts, 1), top_layer(facts, 0));
    g_ptr_array_set_size(facts->layers, (int)facts->layers->len - 2);
    g_ptr_array_add(facts->layers, joined);
}

/* Layers are joined when they are of similar size, so that each run is moved
 * only as often as the logarithm of their number. */
void facts_take_layer(Facts *facts, Layer *layer)
{
    g_ptr_array_add(facts->layers, layer);
    while (facts->layers->len > 1 && layer_size(top_layer(facts, 1)) <
                                         2 * layer_size(top_layer(facts, 0)))
        join_top(facts);
}

void facts_use_stream(Facts *facts, guint stream)
{
    g_assert(stream < FACTS_STREAMS);
    facts->stream = &facts->streams[stream];
}

static void finish_layer(Facts *facts)
{
    Layer *layer = layer_builder_finish(facts->stream->builder);
    if (layer)
        facts_take_layer(facts, layer);
}

void facts_begin_hour(Facts *facts, uint32_t valid_after, uint32_t bits)
{
    want(facts, valid_after);
    if (layer_builder_size(facts->stream->builder) > LAYER_RUNS_MAX)
        finish_layer(facts);
    if (layer_builder_hour(facts->stream->builder, valid_after, bits))
        return;
    finish_layer(facts);
    g_assert(layer_builder_hour(facts->stream->builder, valid_after, bits));
}

void facts_put_listing(Facts *facts, FactKind kind, uint32_t relay,
                       uint32_t value)
{
    layer_builder_add(facts->stream->builder, kind, relay, value);
}

uint32_t facts_put_relay(Facts *facts, const uint8_t fingerprint[20],
                         LastListing **last)
{
    uint32_t relay = intern_put_near(facts->relays, fingerprint, 0,
                                     facts->stream->next_relay);
    facts->stream->next_relay = relay + 1;
    if (relay >= facts->stream->last_listings->len)
        g_array_set_size(facts->stream->last_listings, relay + 1024);
    *last = &g_array_index(facts->stream->last_listings, LastListing, relay);
    return relay;
}

uint32_t facts_put_digest(Facts *facts, bool is_micro, const uint8_t *digest,
                          uint32_t guess)
{
    GArray *all = is_micro ? facts->micro_facts : facts->router_facts;
    uint32_t number = intern_put_near(is_micro ? facts->micros : facts->routers,
                                      digest, 0, guess);
    DescriptorFacts unseen = {NO_INDEX, NO_INDEX};
    while (all->len <= number)
        g_array_append_val(all, unseen);
    return number;
}

/* The same descriptor with other line ends is another document: keep one that
 * others have, too, then the one with the smaller hash, in whichever order
 * they come. */
static bool is_better(const Facts *facts, uint32_t a, uint32_t b)
{
    const uint8_t *held = facts->held->data;
    if (held[a] != held[b])
        return held[a] < held[b];
    return memcmp(document_at(facts, a)->sha256, document_at(facts, b)->sha256,
                  32) < 0;
}

void facts_put_descriptor(Facts *facts, bool is_micro, const uint8_t *digest,
                          const char *policy, uint32_t document)
{
    uint32_t number = facts_put_digest(facts, is_micro, digest, NO_INDEX);
    DescriptorFacts *known =
        &g_array_index(is_micro ? facts->micro_facts : facts->router_facts,
                       DescriptorFacts, number);
    known->policy = facts_put_text(facts, policy, strlen(policy));
    if (known->document == NO_INDEX ||
        is_better(facts, document, known->document))
        known->document = document;
}

void facts_take_descriptor(Facts *facts, bool is_micro, uint32_t digest,
                           const DescriptorFacts *stored)
{
    GArray *all = is_micro ? facts->micro_facts : facts->router_facts;
    GByteArray *marks = facts->stored[is_micro];
    DescriptorFacts unseen = {NO_INDEX, NO_INDEX};
    while (all->len <= digest)
        g_array_append_val(all, unseen);
    while (marks->len <= digest)
        g_byte_array_append(marks, (const uint8_t *)"", 1);
    marks->data[digest] = 1;
    DescriptorFacts *known = &g_array_index(all, DescriptorFacts, digest);
    if (stored->policy != NO_INDEX)
        known->policy = stored->policy;
    if (stored->document != NO_INDEX &&
        (known->document == NO_INDEX ||
         is_better(facts, stored->document, known->document)))
        known->document = stored->document;
}

static const Facts *sorting;     /* qsort has no argument for it */
static uint32_t *sorting_months; /* by document */

static int compare_documents(uint32_t a, uint32_t b)
{
    const Document *da = document_at(sorting, a), *db = document_at(sorting, b);
    if (da->type != db->type)
        return da->type < db->type ? -1 : 1;
    if (da->when != db->when)
        return da->when < db->when ? -1 : 1;
    return memcmp(da->sha256, db->sha256, sizeof da->sha256);
}

/* A scan stands in the month of the list that states it. */
static uint32_t scan_month(const ScanFacts *scan)
{
    return sorting_months[scan->first_document];
}

static int compare_scans(gconstpointer a, gconstpointer b)
{
    const ScanFacts *sa = a, *sb = b;
    if (sa->relay != sb->relay)
        return sa->relay < sb->relay ? -1 : 1;
    if (sa->address != sb->address)
        return sa->address < sb->address ? -1 : 1;
    if (scan_month(sa) != scan_month(sb))
        return scan_month(sa) < scan_month(sb) ? -1 : 1;
    if (sa->first != sb->first)
        return sa->first < sb->first ? -1 : 1;
    return compare_documents(sa->first_document, sb->first_document);
}

static bool scans_join(const ScanFacts *a, const ScanFacts *b)
{
    return a->relay == b->relay && a->address == b->address &&
           scan_month(a) == scan_month(b) &&
           a->first / SCAN_BUCKET_S == b->first / SCAN_BUCKET_S &&
           (int64_t)b->first - a->last <= SCAN_GAP_S;
}

/* Of two documents with the same scan the first in order is its proof. */
static void join_scan(ScanFacts *known, const ScanFacts *next)
{
    if (next->last > known->last ||
        (next->last == known->last &&
         compare_documents(next->last_document, known->last_document) < 0))
        known->last_document = next->last_document;
    known->last = MAX(known->last, next->last);
}

static void join_scans(Facts *facts)
{
    if (facts->scans->len == 0)
        return;
    g_autofree uint32_t *months = g_new(uint32_t, facts->documents->len + 1);
    for (guint i = 0; i < facts->documents->len; i++)
        months[i] = month_of(document_at(facts, i)->when);
    sorting = facts;
    sorting_months = months;
    qsort(facts->scans->data, facts->scans->len, sizeof(ScanFacts),
          compare_scans);
    ScanFacts *all = (ScanFacts *)facts->scans->data;
    guint kept = 1;
    for (guint i = 1; i < facts->scans->len; i++) {
        if (scans_join(&all[kept - 1], &all[i]))
            join_scan(&all[kept - 1], &all[i]);
        else
            all[kept++] = all[i];
    }
    g_array_set_size(facts->scans, kept);
}

void facts_put_scan(Facts *facts, uint32_t relay, uint32_t address,
                    uint32_t when, uint32_t document)
{
    ScanFacts scan = {relay, address, when, when, document, document};
    g_array_append_val(facts->scans, scan);
    if (facts->scans->len % SCANS_MAX == 0)
        join_scans(facts);
}

static int compare_document_numbers(gconstpointer a, gconstpointer b)
{
    return compare_documents(*(const uint32_t *)a, *(const uint32_t *)b);
}

/* Sort the documents that are kept; returns new number by old. */
static uint32_t *sort_documents(Facts *facts, const bool *kept)
{
    guint all = facts->documents->len, count = 0;
    g_autofree uint32_t *order = g_new(uint32_t, all + 1);
    uint32_t *moved = g_new(uint32_t, all + 1);
    memset(moved, 0xff, (all + 1) * sizeof *moved);
    for (guint i = 0; i < all; i++)
        if (kept[i])
            order[count++] = i;
    sorting = facts;
    qsort(order, count, sizeof *order, compare_document_numbers);
    GArray *sorted = g_array_sized_new(FALSE, FALSE, sizeof(Document), count);
    intern_free(facts->document_hashes);
    facts->document_hashes = intern_new(32);
    for (guint i = 0; i < count; i++) {
        const Document *document = document_at(facts, order[i]);
        moved[order[i]] = i;
        g_array_append_vals(sorted, document, 1);
        intern_put(facts->document_hashes, document->sha256, 0);
    }
    g_array_unref(facts->documents);
    facts->documents = sorted;
    g_byte_array_set_size(facts->held, count);
    g_byte_array_set_size(facts->news, count);
    if (count > 0)
        memset(facts->news->data, 0, count);
    return moved;
}

/* Permute descriptor facts along with their digests. */
static void move_descriptors(GArray **facts, guint count, const uint32_t *moved,
                             const uint32_t *texts, const uint32_t *documents)
{
    GArray *old = *facts;
    GArray *fresh =
        g_array_sized_new(FALSE, TRUE, sizeof(DescriptorFacts), count);
    g_array_set_size(fresh, count);
    for (guint i = 0; i < old->len; i++) {
        if (moved[i] == NO_INDEX)
            continue;
        DescriptorFacts known = g_array_index(old, DescriptorFacts, i);
        if (known.policy != NO_INDEX)
            known.policy = texts[known.policy];
        if (known.document != NO_INDEX)
            known.document = documents[known.document];
        g_array_index(fresh, DescriptorFacts, moved[i]) = known;
    }
    g_array_unref(old);
    *facts = fresh;
}

/* Which texts anything still refers to: a document that got a smaller name
 * leaves its old one behind. */
static bool *used_texts(const Facts *facts, const bool *documents)
{
    bool *used = g_new0(bool, intern_count(facts->texts) + 1);
    const Layer *layer = facts_layer(facts);
    const GArray *status = layer->runs[FACT_STATUS];
    const GArray *summary = layer->runs[FACT_SUMMARY];
    for (guint i = 0; i < status->len; i++)
        used[g_array_index(status, Run, i).value >> STATUS_SHIFT] = true;
    for (guint i = 0; i < summary->len; i++)
        used[g_array_index(summary, Run, i).value] = true;
    for (guint i = 0; i < facts->documents->len; i++)
        used[document_at(facts, i)->name] |= documents[i];
    for (int micro = 0; micro < 2; micro++) {
        const GArray *all = micro ? facts->micro_facts : facts->router_facts;
        for (guint i = 0; i < all->len; i++) {
            uint32_t policy = g_array_index(all, DescriptorFacts, i).policy;
            if (policy != NO_INDEX)
                used[policy] = true;
        }
    }
    return used;
}

/* New number by old, for each kind of number. */
typedef struct {
    uint32_t *relays, *addresses, *routers, *micros, *texts, *documents;
} Moves;

static uint32_t moved_value(const Moves *moves, FactKind kind, uint32_t value)
{
    switch (kind) {
    case FACT_V4:
    case FACT_V6:
        return moves->addresses[value];
    case FACT_STATUS:
        return moves->texts[value >> STATUS_SHIFT] << STATUS_SHIFT |
               (value & ((1u << STATUS_SHIFT) - 1));
    case FACT_SUMMARY:
        return moves->texts[value];
    case FACT_ROUTER:
        return moves->routers[value];
    case FACT_MICRO:
        return moves->micros[value];
    case FACT_KINDS:
        break;
    }
    g_assert_not_reached();
}

static void move_runs(Layer *layer, const Moves *moves)
{
    for (int kind = 0; kind < FACT_KINDS; kind++) {
        GArray *runs = layer->runs[kind];
        for (guint i = 0; i < runs->len; i++) {
            Run *run = &g_array_index(runs, Run, i);
            run->relay = moves->relays[run->relay];
            run->value = moved_value(moves, (FactKind)kind, run->value);
        }
        layer_sort_runs(runs);
    }
}

static void move_scans(Facts *facts, const Moves *moves)
{
    for (guint i = 0; i < facts->scans->len; i++) {
        ScanFacts *scan = &g_array_index(facts->scans, ScanFacts, i);
        scan->relay = moves->relays[scan->relay];
        scan->address = moves->addresses[scan->address];
        scan->first_document = moves->documents[scan->first_document];
        scan->last_document = moves->documents[scan->last_document];
    }
    join_scans(facts);
}

const Layer *facts_layer(const Facts *facts)
{
    g_assert(facts->layers->len == 1);
    return g_ptr_array_index(facts->layers, 0);
}

void facts_join(Facts *facts)
{
    for (guint i = 0; i < FACTS_STREAMS; i++) {
        facts_use_stream(facts, i);
        finish_layer(facts);
    }
    facts_use_stream(facts, 0);
    if (facts->layers->len == 0)
        g_ptr_array_add(facts->layers, layer_new());
    while (facts->layers->len > 1)
        join_top(facts);
}

void facts_settle(Facts *facts)
{
    facts_join(facts);
    join_scans(facts);
    g_byte_array_set_size(facts->stored[false], 0);
    g_byte_array_set_size(facts->stored[true], 0);
    FactsKept kept;
    facts_forget_held(facts, &kept);
    g_autofree bool *used = used_texts(facts, kept.documents);
    Moves moves = {
        .relays = intern_sort(&facts->relays, NULL),
        .addresses = intern_sort(&facts->addresses, NULL),
        .routers = intern_sort(&facts->routers, kept.routers),
        .micros = intern_sort(&facts->micros, kept.micros),
        .texts = intern_sort(&facts->texts, used),
    };
    moves.documents = sort_documents(facts, kept.documents);
    for (guint i = 0; i < facts->documents->len; i++)
        document_at(facts, i)->name = moves.texts[document_at(facts, i)->name];
    move_descriptors(&facts->router_facts, intern_count(facts->routers),
                     moves.routers, moves.texts, moves.documents);
    move_descriptors(&facts->micro_facts, intern_count(facts->micros),
                     moves.micros, moves.texts, moves.documents);
    move_runs(g_ptr_array_index(facts->layers, 0), &moves);
    move_scans(facts, &moves);
    g_free(moves.relays);
    g_free(moves.addresses);
    g_free(moves.routers);
    g_free(moves.micros);
    g_free(moves.texts);
    g_free(moves.documents);
    g_free(kept.documents);
    g_free(kept.routers);
    g_free(kept.micros);
}
