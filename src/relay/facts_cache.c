/*
 * What a tor's cache gives away, and what is kept of it.
 *
 * Problem: a client's cache holds the descriptors of its bridges beside those
 * of relays. A bridge is known to few, and must not become known by a state
 * file, an archive or a proof. tor marks them, but not in every version, and
 * files are copied.
 *
 * Approach: a document that only a cache had is held, in memory, until the
 * import has read everything. If no verified consensus, of this import or an
 * earlier one, names its digest, nothing of it is stored: not its bytes, its
 * hash, its policy nor its digest. Bridges stand in no consensus.
 *
 * The price: descriptors of a cache must come with their consensus or after
 * it, while those of an archive may come in any order. They stand beside each
 * other in one directory, so that is the normal case.
 *
 * Rejected: reading the caches last (two imports of one directory would still
 * depend on each other); forgetting unnamed descriptors after a time (until
 * then they would lie on the disk, and archives come in any order).
 */
#include "relay/facts_cache.h"

#include <string.h>

bool document_name_is_of_cache(const char *name)
{
    const char *base = name + strlen(name);
    while (base > name && base[-1] != '/' && base[-1] != ':')
        base--;
    return g_str_has_prefix(base, "cached-") ||
           g_str_has_prefix(base, "unverified-");
}

bool document_names_may_be_of_cache(const void *texts, size_t length)
{
    return memmem(texts, length, "cached-", 7) ||
           memmem(texts, length, "unverified-", 11);
}

int document_name_compare(const char *a, const char *b)
{
    bool a_cached = document_name_is_of_cache(a);
    bool b_cached = document_name_is_of_cache(b);
    return a_cached != b_cached ? (a_cached ? 1 : -1) : strcmp(a, b);
}

void facts_hold(Facts *facts, uint32_t document)
{
    if (facts->news->data[document] & NEWS_READ)
        facts->held->data[document] = 1;
}

void facts_release(Facts *facts, const uint8_t sha256[32])
{
    uint32_t number = intern_find(facts->document_hashes, sha256, 0);
    if (number != NO_INDEX)
        facts->held->data[number] = 0;
}

/* By digest: does a consensus name it? */
static bool *named_digests(const Facts *facts, FactKind kind, guint count)
{
    bool *named = g_new0(bool, count + 1);
    const GArray *runs = facts_layer(facts)->runs[kind];
    for (guint i = 0; i < runs->len; i++)
        named[g_array_index(runs, Run, i).value] = true;
    return named;
}

static void mark_named(const Facts *facts, FactKind kind, bool *documents)
{
    const GArray *all =
        kind == FACT_MICRO ? facts->micro_facts : facts->router_facts;
    g_autofree bool *named = named_digests(facts, kind, all->len);
    for (guint i = 0; i < all->len; i++) {
        uint32_t document = g_array_index(all, DescriptorFacts, i).document;
        if (named[i] && document != NO_INDEX)
            documents[document] = true;
    }
}

bool *facts_named_documents(const Facts *facts)
{
    bool *named = g_new0(bool, facts->documents->len + 1);
    mark_named(facts, FACT_ROUTER, named);
    mark_named(facts, FACT_MICRO, named);
    return named;
}

/* Forget the held of one kind that nobody names. */
static bool *forget_digests(Facts *facts, FactKind kind, bool *keep_document)
{
    GArray *all = kind == FACT_MICRO ? facts->micro_facts : facts->router_facts;
    bool *keep = named_digests(facts, kind, all->len);
    for (guint i = 0; i < all->len; i++) {
        DescriptorFacts *d = &g_array_index(all, DescriptorFacts, i);
        if (d->document == NO_INDEX)
            continue;
        if (keep[i])
            keep_document[d->document] = true;
        else if (facts->held->data[d->document])
            *d = (DescriptorFacts){NO_INDEX, NO_INDEX};
        else
            keep[i] = true;
    }
    return keep;
}

void facts_forget_held(Facts *facts, FactsKept *kept)
{
    guint count = facts->documents->len;
    kept->documents = g_new0(bool, count + 1);
    for (guint i = 0; i < count; i++)
        kept->documents[i] = !facts->held->data[i];
    kept->routers = forget_digests(facts, FACT_ROUTER, kept->documents);
    kept->micros = forget_digests(facts, FACT_MICRO, kept->documents);
    for (guint i = 0; i < count; i++) {
        const Document *document =
            &g_array_index(facts->documents, Document, i);
        if (!kept->documents[i])
            facts->forgotten[document->type]++;
    }
    if (facts->held->len > 0)
        memset(facts->held->data, 0, facts->held->len);
}
