#include "relay/facts.h"

#include "relay/facts_cache.h"
#include "relay/facts_file.h"
#include "relay/pages.h"

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

void facts_take_first(Facts *facts, const Document *stored, guint count,
                      const uint32_t *texts, bool some_held)
{
    g_assert(facts->documents->len == 0);
    g_array_set_size(facts->documents, count);
    pages_enlarge(facts->documents->data, count * sizeof *stored);
    memcpy(facts->documents->data, stored, count * sizeof *stored);
    g_byte_array_set_size(facts->held, count);
    g_byte_array_set_size(facts->news, count);
    memset(facts->news->data, 0, count);
    for (guint i = 0; i < count; i++) {
        Document *document = document_at(facts, i);
        document->name = texts[document->name];
        facts->held->data[i] = some_held && was_held(facts, document);
    }
    intern_fill_column(facts->document_hashes, stored->sha256, sizeof *stored,
                       count);
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

void facts_expect_descriptors(Facts *facts, bool is_micro)
{
    GArray *all = is_micro ? facts->micro_facts : facts->router_facts;
    GByteArray *marks = facts->stored[is_micro];
    guint count = intern_count(is_micro ? facts->micros : facts->routers);
    guint had = all->len, marked = marks->len;
    if (count > had) {
        g_array_set_size(all, count);
        memset(&g_array_index(all, DescriptorFacts, had), 0xff,
               (count - had) * sizeof(DescriptorFacts));
    }
    if (count > marked) {
        g_byte_array_set_size(marks, count);
        memset(marks->data + marked, 0, count - marked);
    }
}

void facts_take_descriptor(Facts *facts, bool is_micro, uint32_t digest,
                           const DescriptorFacts *stored)
{
    GArray *all = is_micro ? facts->micro_facts : facts->router_facts;
    if (digest >= all->len || digest >= facts->stored[is_micro]->len)
        facts_expect_descriptors(facts, is_micro);
    facts->stored[is_micro]->data[digest] = 1;
    DescriptorFacts *known = &g_array_index(all, DescriptorFacts, digest);
    if (stored->policy != NO_INDEX)
        known->policy = stored->policy;
    if (stored->document != NO_INDEX &&
        (known->document == NO_INDEX ||
         is_better(facts, stored->document, known->document)))
        known->document = stored->document;
}

void facts_put_scan(Facts *facts, uint32_t relay, uint32_t address,
                    uint32_t when, uint32_t document)
{
    ScanFacts scan = {relay, address, when, when, document, document};
    g_array_append_val(facts->scans, scan);
    if (facts->scans->len % SCANS_MAX == 0)
        facts_join_scans(facts);
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
