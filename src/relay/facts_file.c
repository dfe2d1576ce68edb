/*
 * A part of the state: settled facts as a sections file. The reader checks the
 * content hash and every index once, and trusts them from then on. The hash is
 * taken in a thread of its own while the part is taken in, which needs the
 * indexes alone to be sound.
 */
#include "relay/facts_file.h"

#include "relay/facts_cache.h"
#include "relay/pages.h"

#include "base/errors.h"

#include <string.h>

const SectionLayout STATE_LAYOUT = {
    .magic = "EXDstat\n",
    .version = 2,
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
            [STATE_TEXT_STARTS] = sizeof(uint32_t),
            [STATE_RUNS + FACT_V4] = sizeof(Run),
            [STATE_RUNS + FACT_V6] = sizeof(Run),
            [STATE_RUNS + FACT_STATUS] = sizeof(Run),
            [STATE_RUNS + FACT_SUMMARY] = sizeof(Run),
            [STATE_RUNS + FACT_ROUTER] = sizeof(Run),
            [STATE_RUNS + FACT_MICRO] = sizeof(Run),
        },
};

/* Version 1: all in one file, DIR/state, without the starts of texts. */
#define V1_RUNS  STATE_TEXT_STARTS
#define V1_KINDS 6

bool state_open(const void *data, size_t length, const char *path,
                Section *sections, GError **error)
{
    if (sections_version(data, length) != 1)
        return sections_open(&STATE_LAYOUT, data, length, path, sections,
                             error);
    SectionLayout layout = STATE_LAYOUT;
    layout.version = 1;
    layout.count = V1_RUNS + V1_KINDS;
    for (uint32_t i = V1_RUNS; i < layout.count; i++)
        layout.item_bytes[i] = sizeof(Run);
    Section old[SECTIONS_MAX];
    if (!sections_open(&layout, data, length, path, old, error))
        return false;
    memset(sections, 0, STATE_SECTIONS * sizeof *sections);
    memcpy(sections, old, V1_RUNS * sizeof *sections);
    memcpy(sections + STATE_RUNS, old + V1_RUNS, V1_KINDS * sizeof *sections);
    return true;
}

GArray *state_text_starts(const void *text, size_t length)
{
    GArray *starts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    const char *begin = text, *end = begin + length;
    for (const char *at = begin; at < end;) {
        uint32_t start = (uint32_t)(at - begin);
        g_array_append_val(starts, start);
        const char *stop = memchr(at, 0, (size_t)(end - at));
        at = stop ? stop + 1 : end;
    }
    return starts;
}

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

GArray *facts_sections(const Facts *facts, Section *sections)
{
    const Layer *layer = facts_layer(facts);
    size_t text_bytes;
    const void *text = intern_bytes(facts->texts, &text_bytes);
    GArray *starts = state_text_starts(text, text_bytes);
    const Section all[STATE_SECTIONS] = {
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
        [STATE_TEXT_STARTS] = section_of_array(starts),
    };
    memcpy(sections, all, sizeof all);
    for (int kind = 0; kind < FACT_KINDS; kind++)
        sections[STATE_RUNS + kind] = section_of_array(layer->runs[kind]);
    return starts;
}

GBytes *facts_pack(const Facts *facts)
{
    Section sections[STATE_SECTIONS];
    g_autoptr(GArray) starts = facts_sections(facts, sections);
    return sections_pack(&STATE_LAYOUT, sections);
}

/* ---- soundness ------------------------------------------------------------ */

/* Texts are counted by their NULs. */
static uint32_t text_count(const Section *text)
{
    const char *at = text->items, *end = at + text->count;
    uint32_t count = 0;
    for (; at < end; count++) {
        const char *stop = memchr(at, 0, (size_t)(end - at));
        at = stop ? stop + 1 : end;
    }
    return count;
}

static uint32_t value_count(const Section *s, uint32_t texts, FactKind kind)
{
    switch (kind) {
    case FACT_V4:
    case FACT_V6:
        return (uint32_t)s[STATE_ADDRESSES].count;
    case FACT_STATUS:
        return texts << STATUS_SHIFT;
    case FACT_SUMMARY:
        return texts;
    case FACT_ROUTER:
        return (uint32_t)s[STATE_ROUTERS].count;
    case FACT_MICRO:
        return (uint32_t)s[STATE_MICROS].count;
    case FACT_KINDS:
        break;
    }
    g_assert_not_reached();
}

static bool runs_are_sound(const Section *s, uint32_t texts)
{
    for (int kind = 0; kind < FACT_KINDS; kind++) {
        uint32_t values = value_count(s, texts, (FactKind)kind);
        const Run *runs = s[STATE_RUNS + kind].items;
        for (size_t i = 0; i < s[STATE_RUNS + kind].count; i++)
            if (runs[i].relay >= s[STATE_RELAYS].count ||
                runs[i].value >= values || runs[i].from > runs[i].to)
                return false;
    }
    return true;
}

static bool descriptors_are_sound(const Section *s, StateSection facts,
                                  StateSection digests, uint32_t texts)
{
    const DescriptorFacts *all = s[facts].items;
    if (s[facts].count != s[digests].count)
        return false;
    for (size_t i = 0; i < s[facts].count; i++)
        if ((all[i].policy != NO_INDEX && all[i].policy >= texts) ||
            (all[i].document != NO_INDEX &&
             all[i].document >= s[STATE_DOCUMENTS].count))
            return false;
    return true;
}

static bool scans_are_sound(const Section *s)
{
    const ScanFacts *scans = s[STATE_SCANS].items;
    for (size_t i = 0; i < s[STATE_SCANS].count; i++)
        if (scans[i].relay >= s[STATE_RELAYS].count ||
            scans[i].address >= s[STATE_ADDRESSES].count ||
            scans[i].first_document >= s[STATE_DOCUMENTS].count ||
            scans[i].last_document >= s[STATE_DOCUMENTS].count)
            return false;
    return true;
}

static bool numbers_are_sound(const Section *s, uint32_t texts)
{
    const Document *documents = s[STATE_DOCUMENTS].items;
    for (size_t i = 0; i < s[STATE_DOCUMENTS].count; i++)
        if (documents[i].name >= texts ||
            documents[i].type >= DOCUMENT_TYPES_MAX)
            return false;
    return scans_are_sound(s) &&
           descriptors_are_sound(s, STATE_ROUTER_FACTS, STATE_ROUTERS, texts) &&
           descriptors_are_sound(s, STATE_MICRO_FACTS, STATE_MICROS, texts) &&
           runs_are_sound(s, texts);
}

bool state_is_sound(const Section *s)
{
    return numbers_are_sound(s, text_count(&s[STATE_TEXT]));
}

/* Does each text begin behind another's NUL? */
static bool texts_are_sound(const Section *s)
{
    const char *text = s[STATE_TEXT].items;
    const uint32_t *starts = s[STATE_TEXT_STARTS].items;
    size_t length = s[STATE_TEXT].count, count = s[STATE_TEXT_STARTS].count;
    if (length == 0 || count == 0)
        return length == count;
    if (text[length - 1] != 0 || starts[0] != 0)
        return false;
    for (size_t i = 1; i < count; i++)
        if (starts[i] <= starts[i - 1] || starts[i] >= length ||
            text[starts[i] - 1] != 0)
            return false;
    return true;
}

static bool refuse_numbers(const char *path, GError **error)
{
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                "%s is damaged (numbers do not fit): remove it and import "
                "again",
                path);
    return false;
}

bool state_check(const void *data, size_t length, const char *path,
                 const Section *sections, GError **error)
{
    if (!sections_verify(data, length, path, error))
        return false;
    return (texts_are_sound(sections) &&
            numbers_are_sound(sections,
                              (uint32_t)sections[STATE_TEXT_STARTS].count)) ||
           refuse_numbers(path, error);
}

/* ---- taking a part in ------------------------------------------------------ */

/* New number by the part's. */
typedef struct {
    uint32_t *relays, *addresses, *routers, *micros, *texts, *documents;
} Places;

/* Put items into the intern; returns their numbers there. */
static uint32_t *take_items(Intern *intern, const Section *section,
                            size_t width)
{
    const uint8_t *at = section->items;
    const uint8_t *end = at + section->count * (width ? width : 1);
    bool is_first = intern_count(intern) == 0;
    if (is_first && end > at)
        intern_fill(intern, at, (size_t)(end - at));
    uint32_t count = is_first ? intern_count(intern)
                     : width  ? (uint32_t)section->count
                              : text_count(section);
    uint32_t *places = g_new(uint32_t, count + 1);
    for (uint32_t i = 0; is_first && i < count; i++)
        places[i] = i;
    for (uint32_t i = 0; !is_first && i < count; i++) {
        size_t length =
            width ? width : strnlen((const char *)at, (size_t)(end - at));
        places[i] = intern_put(intern, at, length);
        at += length + (width == 0);
    }
    return places;
}

static uint32_t *take_documents(Facts *facts, const Section *section,
                                const uint32_t *texts, bool some_held)
{
    const Document *documents = section->items;
    uint32_t *places = g_new(uint32_t, section->count + 1);
    if (facts->documents->len == 0 && section->count > 0) {
        for (uint32_t i = 0; i < section->count; i++)
            places[i] = i;
        facts_take_first(facts, documents, (guint)section->count, texts,
                         some_held);
        return places;
    }
    for (size_t i = 0; i < section->count; i++) {
        Document document = documents[i];
        document.name = texts[document.name];
        places[i] = facts_take_document(facts, &document);
    }
    return places;
}

static void take_descriptors(Facts *facts, bool is_micro,
                             const Section *section, const Places *places)
{
    const DescriptorFacts *all = section->items;
    const uint32_t *digests = is_micro ? places->micros : places->routers;
    facts_expect_descriptors(facts, is_micro);
    for (size_t i = 0; i < section->count; i++) {
        DescriptorFacts one = all[i];
        if (one.policy != NO_INDEX)
            one.policy = places->texts[one.policy];
        if (one.document != NO_INDEX)
            one.document = places->documents[one.document];
        facts_take_descriptor(facts, is_micro, digests[i], &one);
    }
}

static void take_scans(Facts *facts, const Section *section,
                       const Places *places)
{
    const ScanFacts *scans = section->items;
    for (size_t i = 0; i < section->count; i++) {
        ScanFacts scan = scans[i];
        scan.relay = places->relays[scan.relay];
        scan.address = places->addresses[scan.address];
        scan.first_document = places->documents[scan.first_document];
        scan.last_document = places->documents[scan.last_document];
        g_array_append_val(facts->scans, scan);
    }
}

static uint32_t placed_value(const Places *places, FactKind kind,
                             uint32_t value)
{
    switch (kind) {
    case FACT_V4:
    case FACT_V6:
        return places->addresses[value];
    case FACT_STATUS:
        return places->texts[value >> STATUS_SHIFT] << STATUS_SHIFT |
               (value & ((1u << STATUS_SHIFT) - 1));
    case FACT_SUMMARY:
        return places->texts[value];
    case FACT_ROUTER:
        return places->routers[value];
    case FACT_MICRO:
        return places->micros[value];
    case FACT_KINDS:
        break;
    }
    g_assert_not_reached();
}

static Layer *take_layer(const Section *s, const Places *places)
{
    Layer *layer = layer_new();
    if (s[STATE_HOURS].count > 0)
        g_array_append_vals(layer->hours, s[STATE_HOURS].items,
                            (guint)s[STATE_HOURS].count);
    for (int kind = 0; kind < FACT_KINDS; kind++) {
        size_t count = s[STATE_RUNS + kind].count;
        g_array_set_size(layer->runs[kind], (guint)count);
        Run *runs = (Run *)layer->runs[kind]->data;
        pages_enlarge(runs, count * sizeof *runs);
        for (size_t i = 0; i < count; i++) {
            runs[i] = ((const Run *)s[STATE_RUNS + kind].items)[i];
            runs[i].relay = places->relays[runs[i].relay];
            runs[i].value = placed_value(places, (FactKind)kind, runs[i].value);
        }
        layer_sort_runs(layer->runs[kind]);
    }
    return layer;
}

/* What is looked at in a thread of its own while a part is taken in. */
typedef struct {
    const void *data;
    size_t length;
    const char *path;
    const Section *text;
    bool is_whole;  /* the content is that of the checksum */
    bool some_held; /* a document may be one that only a cache had */
    GError *error;
} PartCheck;

static gpointer check_part(gpointer data)
{
    PartCheck *check = data;
    const Section *text = check->text;
    check->is_whole =
        sections_verify(check->data, check->length, check->path, &check->error);
    check->some_held = text->count > 0 &&
                       document_names_may_be_of_cache(text->items, text->count);
    return NULL;
}

/* What is looked up next, got ready while the rest is taken, which looks up
 * nothing. */
static gpointer index_items(gpointer data)
{
    Facts *facts = data;
    intern_index(facts->texts);
    intern_index(facts->routers);
    intern_index(facts->document_hashes);
    return NULL;
}

static void take_sections(Facts *facts, const Section *s, GThread *checking,
                          const PartCheck *check)
{
    Places places = {
        .relays = take_items(facts->relays, &s[STATE_RELAYS], 20),
        .addresses = take_items(facts->addresses, &s[STATE_ADDRESSES], 16),
        .routers = take_items(facts->routers, &s[STATE_ROUTERS], 20),
        .micros = take_items(facts->micros, &s[STATE_MICROS], 32),
        .texts = take_items(facts->texts, &s[STATE_TEXT], 0),
    };
    g_thread_join(checking);
    places.documents = take_documents(facts, &s[STATE_DOCUMENTS], places.texts,
                                      check->some_held);
    GThread *indexing = g_thread_new("index", index_items, facts);
    take_descriptors(facts, false, &s[STATE_ROUTER_FACTS], &places);
    take_descriptors(facts, true, &s[STATE_MICRO_FACTS], &places);
    take_scans(facts, &s[STATE_SCANS], &places);
    facts_take_layer(facts, take_layer(s, &places));
    g_thread_join(indexing);
    g_free(places.relays);
    g_free(places.addresses);
    g_free(places.routers);
    g_free(places.micros);
    g_free(places.texts);
    g_free(places.documents);
}

bool facts_take(Facts *facts, const void *data, size_t length, const char *path,
                GError **error)
{
    Section sections[STATE_SECTIONS];
    if (!state_open(data, length, path, sections, error))
        return false;
    PartCheck check = {data,  length, path, &sections[STATE_TEXT],
                       false, false,  NULL};
    GThread *checking = g_thread_new("check", check_part, &check);
    bool is_sound = state_is_sound(sections);
    if (is_sound)
        take_sections(facts, sections, checking, &check);
    else
        g_thread_join(checking);
    if (check.is_whole)
        return is_sound || refuse_numbers(path, error);
    g_propagate_error(error, check.error);
    return false;
}

Facts *facts_unpack(const void *data, size_t length, const char *path,
                    GError **error)
{
    g_autoptr(Facts) facts = facts_new();
    if (!facts_take(facts, data, length, path, error))
        return NULL;
    facts_join(facts);
    return g_steal_pointer(&facts);
}
