/*
 * DIR/state: settled facts as a sections file. Numbers in one section are
 * indexes into another; the reader checks the content hash and every index
 * once, and trusts them from then on.
 */
#include "relay/facts.h"

#include "relay/facts_cache.h"

#include "base/errors.h"

#include <string.h>

typedef enum {
    STATE_RELAYS,
    STATE_ADDRESSES,
    STATE_ROUTERS,
    STATE_MICROS,
    STATE_ROUTER_FACTS,
    STATE_MICRO_FACTS,
    STATE_DOCUMENTS,
    STATE_SCANS,
    STATE_TEXT,
    STATE_HOURS,
    STATE_RUNS, /* one section for each FactKind from here */
    STATE_SECTIONS = STATE_RUNS + FACT_KINDS
} StateSection;

static const SectionLayout STATE_LAYOUT = {
    .magic = "EXDstat\n",
    .version = 1,
    .count = STATE_SECTIONS,
    .item_bytes =
        {
            [STATE_RELAYS] = 20,
            [STATE_ADDRESSES] = 16,
            [STATE_ROUTERS] = 20,
            [STATE_MICROS] = 32,
            [STATE_ROUTER_FACTS] = sizeof(DescriptorFacts),
            [STATE_MICRO_FACTS] = sizeof(DescriptorFacts),
            [STATE_DOCUMENTS] = sizeof(Document),
            [STATE_SCANS] = sizeof(ScanFacts),
            [STATE_TEXT] = 1,
            [STATE_HOURS] = sizeof(KnownHour),
            [STATE_RUNS + FACT_V4] = sizeof(Run),
            [STATE_RUNS + FACT_V6] = sizeof(Run),
            [STATE_RUNS + FACT_STATUS] = sizeof(Run),
            [STATE_RUNS + FACT_SUMMARY] = sizeof(Run),
            [STATE_RUNS + FACT_ROUTER] = sizeof(Run),
            [STATE_RUNS + FACT_MICRO] = sizeof(Run),
        },
};

static Section section_of_array(const GArray *array)
{
    return (Section){array->data, array->len};
}

static Section section_of_intern(const Intern *intern, size_t item_bytes)
{
    size_t length;
    const void *bytes = intern_bytes(intern, &length);
    return (Section){bytes, length / item_bytes};
}

GBytes *facts_pack(const Facts *facts)
{
    const Layer *layer = facts_layer(facts);
    Section sections[STATE_SECTIONS] = {
        [STATE_RELAYS] = section_of_intern(facts->relays, 20),
        [STATE_ADDRESSES] = section_of_intern(facts->addresses, 16),
        [STATE_ROUTERS] = section_of_intern(facts->routers, 20),
        [STATE_MICROS] = section_of_intern(facts->micros, 32),
        [STATE_ROUTER_FACTS] = section_of_array(facts->router_facts),
        [STATE_MICRO_FACTS] = section_of_array(facts->micro_facts),
        [STATE_DOCUMENTS] = section_of_array(facts->documents),
        [STATE_SCANS] = section_of_array(facts->scans),
        [STATE_TEXT] = section_of_intern(facts->texts, 1),
        [STATE_HOURS] = section_of_array(layer->hours),
    };
    for (int kind = 0; kind < FACT_KINDS; kind++)
        sections[STATE_RUNS + kind] = section_of_array(layer->runs[kind]);
    return sections_pack(&STATE_LAYOUT, sections);
}

static void fill_array(GArray *array, const Section *section)
{
    if (section->count > 0)
        g_array_append_vals(array, section->items, (guint)section->count);
}

static void fill_intern(Intern *intern, const Section *section,
                        size_t item_bytes)
{
    const uint8_t *items = section->items;
    for (size_t i = 0; i < section->count; i++)
        intern_put(intern, items + i * item_bytes, item_bytes);
}

static void fill_texts(Intern *texts, const Section *section)
{
    const char *at = section->items, *end = at + section->count;
    while (at < end) {
        size_t length = strnlen(at, (size_t)(end - at));
        intern_put(texts, at, length);
        at += length + 1;
    }
}

static uint32_t value_count(const Facts *facts, FactKind kind)
{
    switch (kind) {
    case FACT_V4:
    case FACT_V6:
        return intern_count(facts->addresses);
    case FACT_STATUS:
        return intern_count(facts->texts) << STATUS_SHIFT;
    case FACT_SUMMARY:
        return intern_count(facts->texts);
    case FACT_ROUTER:
        return intern_count(facts->routers);
    case FACT_MICRO:
        return intern_count(facts->micros);
    case FACT_KINDS:
        break;
    }
    g_assert_not_reached();
}

static bool runs_are_sound(const Facts *facts)
{
    const Layer *layer = facts_layer(facts);
    uint32_t relays = intern_count(facts->relays);
    for (int kind = 0; kind < FACT_KINDS; kind++) {
        uint32_t values = value_count(facts, (FactKind)kind);
        const GArray *runs = layer->runs[kind];
        for (guint i = 0; i < runs->len; i++) {
            const Run *run = &g_array_index(runs, Run, i);
            if (run->relay >= relays || run->value >= values ||
                run->from > run->to)
                return false;
        }
    }
    return true;
}

static bool descriptors_are_sound(const Facts *facts, const GArray *all,
                                  const Intern *digests)
{
    if (all->len != intern_count(digests))
        return false;
    for (guint i = 0; i < all->len; i++) {
        const DescriptorFacts *d = &g_array_index(all, DescriptorFacts, i);
        if ((d->policy != NO_INDEX &&
             d->policy >= intern_count(facts->texts)) ||
            (d->document != NO_INDEX && d->document >= facts->documents->len))
            return false;
    }
    return true;
}

static bool facts_are_sound(const Facts *facts)
{
    for (guint i = 0; i < facts->documents->len; i++)
        if (g_array_index(facts->documents, Document, i).name >=
            intern_count(facts->texts))
            return false;
    for (guint i = 0; i < facts->scans->len; i++) {
        const ScanFacts *scan = &g_array_index(facts->scans, ScanFacts, i);
        if (scan->relay >= intern_count(facts->relays) ||
            scan->address >= intern_count(facts->addresses) ||
            scan->first_document >= facts->documents->len ||
            scan->last_document >= facts->documents->len)
            return false;
    }
    return facts->documents->len == intern_count(facts->document_hashes) &&
           descriptors_are_sound(facts, facts->router_facts, facts->routers) &&
           descriptors_are_sound(facts, facts->micro_facts, facts->micros) &&
           runs_are_sound(facts);
}

static Facts *facts_of_sections(const Section *sections)
{
    Facts *facts = facts_new();
    fill_intern(facts->relays, &sections[STATE_RELAYS], 20);
    fill_intern(facts->addresses, &sections[STATE_ADDRESSES], 16);
    fill_intern(facts->routers, &sections[STATE_ROUTERS], 20);
    fill_intern(facts->micros, &sections[STATE_MICROS], 32);
    fill_texts(facts->texts, &sections[STATE_TEXT]);
    fill_array(facts->router_facts, &sections[STATE_ROUTER_FACTS]);
    fill_array(facts->micro_facts, &sections[STATE_MICRO_FACTS]);
    fill_array(facts->documents, &sections[STATE_DOCUMENTS]);
    fill_array(facts->scans, &sections[STATE_SCANS]);
    for (guint i = 0; i < facts->documents->len; i++)
        intern_put(facts->document_hashes,
                   g_array_index(facts->documents, Document, i).sha256, 0);
    Layer *layer = layer_new();
    fill_array(layer->hours, &sections[STATE_HOURS]);
    for (int kind = 0; kind < FACT_KINDS; kind++)
        fill_array(layer->runs[kind], &sections[STATE_RUNS + kind]);
    g_ptr_array_add(facts->layers, layer);
    return facts;
}

Facts *facts_unpack(const void *data, size_t length, const char *path,
                    GError **error)
{
    Section sections[STATE_SECTIONS];
    if (!sections_open(&STATE_LAYOUT, data, length, path, sections, error) ||
        !sections_verify(data, length, path, error))
        return NULL;
    g_autoptr(Facts) facts = facts_of_sections(sections);
    if (facts_are_sound(facts)) {
        facts_hold_known(facts);
        return g_steal_pointer(&facts);
    }
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                "%s is damaged (numbers do not fit): remove it and import "
                "again",
                path);
    return NULL;
}
