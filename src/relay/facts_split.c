/*
 * What of the facts belongs to which month.
 *
 * - Hours and runs: the month of the hour. A run that goes on is cut at the
 *   border; history_join.c puts it together again.
 * - Documents with a time of their own (consensuses, exit lists) and the scans
 *   that they state: the month of that time.
 * - Server descriptors: each month that names them, if it is the one they were
 *   published in or a neighbour; authorities take none older than days. One
 *   that nobody names (yet) stays in the month it was published in.
 * - Microdescriptors have no time: each month that names them, and until one
 *   does, the part without a month.
 *
 * So a part is all that is needed to derive its month's history, and to prove
 * an answer of that month; and which facts a part has does not depend on the
 * order in which they came. A descriptor named in two months stands in both.
 *
 * Numbers are renumbered in order, so that the tables stay sorted.
 */
#include "relay/facts_file.h"
#include "relay/month.h"
#include "relay/pages.h"

#include "base/files.h"

#include <string.h>

typedef struct {
    const Facts *facts;
    uint32_t month;
    Layer *layer; /* cut to the month */
    GArray *scans;
    bool *relays, *addresses, *routers, *micros, *texts, *documents;
    uint32_t *homes; /* by document: the month it is of */
} Split;

/* Hours of the kind within the month. */
static GArray *month_hours(const Split *s, const GArray *hours, FactKind kind)
{
    GArray *within = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < hours->len; i++) {
        const KnownHour *hour = &g_array_index(hours, KnownHour, i);
        if ((hour->bits & fact_hour_bits(kind)) &&
            month_of(hour->valid_after) == s->month)
            g_array_append_val(within, hour->valid_after);
    }
    return within;
}

/* First of the times that is not before t. */
static guint lower(const GArray *times, uint32_t t)
{
    guint low = 0, high = times->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(times, uint32_t, middle) < t)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void mark_run(Split *s, FactKind kind, const Run *run)
{
    s->relays[run->relay] = true;
    switch (kind) {
    case FACT_V4:
    case FACT_V6:
        s->addresses[run->value] = true;
        return;
    case FACT_STATUS:
        s->texts[run->value >> STATUS_SHIFT] = true;
        return;
    case FACT_SUMMARY:
        s->texts[run->value] = true;
        return;
    case FACT_ROUTER:
        s->routers[run->value] = true;
        return;
    case FACT_MICRO:
        s->micros[run->value] = true;
        return;
    case FACT_KINDS:
        break;
    }
    g_assert_not_reached();
}

/* The part of a run between the first and last of the hours; false if there is
 * none. Runs begin and end at hours of their kind, so most stay as they are. */
static bool cut_run(const GArray *hours, Run *run)
{
    const uint32_t *at = (const uint32_t *)hours->data;
    if (run->from >= at[0] && run->to <= at[hours->len - 1])
        return true;
    if (run->to < at[0] || run->from > at[hours->len - 1])
        return false;
    guint first = lower(hours, run->from);
    guint end = lower(hours, run->to + 1);
    if (first >= end)
        return false;
    run->from = at[first];
    run->to = at[end - 1];
    return true;
}

static void cut_runs(Split *s, FactKind kind)
{
    const Layer *whole = facts_layer(s->facts);
    g_autoptr(GArray) hours = month_hours(s, whole->hours, kind);
    if (hours->len == 0)
        return;
    const GArray *runs = whole->runs[kind];
    GArray *out = s->layer->runs[kind];
    g_array_set_size(out, runs->len);
    Run *room = (Run *)out->data, *end = room;
    pages_enlarge(room, runs->len * sizeof *room);
    for (guint i = 0; i < runs->len; i++) {
        *end = g_array_index(runs, Run, i);
        if (cut_run(hours, end))
            mark_run(s, kind, end++);
    }
    g_array_set_size(out, (guint)(end - room));
}

static void cut_layer(Split *s)
{
    const GArray *hours = facts_layer(s->facts)->hours;
    for (guint i = 0; i < hours->len; i++) {
        const KnownHour *hour = &g_array_index(hours, KnownHour, i);
        if (month_of(hour->valid_after) == s->month)
            g_array_append_vals(s->layer->hours, hour, 1);
    }
    for (int kind = 0; kind < FACT_KINDS; kind++)
        cut_runs(s, (FactKind)kind);
}

static const Document *document_at(const Split *s, uint32_t number)
{
    return &g_array_index(s->facts->documents, Document, number);
}

/* May a consensus of the month be joined with the descriptor? */
static bool is_near(const Split *s, uint32_t document, uint32_t month)
{
    uint32_t home = s->homes[document];
    return home == MONTH_NONE || month + 1 == home || month == home ||
           month == home + 1;
}

/* Take those off the list, by digest, that a month names which they are joined
 * with. */
static void drop_joined(const Split *s, bool is_micro, bool *unnamed)
{
    const GArray *all =
        is_micro ? s->facts->micro_facts : s->facts->router_facts;
    const GArray *runs =
        facts_layer(s->facts)->runs[is_micro ? FACT_MICRO : FACT_ROUTER];
    for (guint i = 0; i < runs->len; i++) {
        const Run *run = &g_array_index(runs, Run, i);
        if (!unnamed[run->value])
            continue;
        uint32_t document =
            g_array_index(all, DescriptorFacts, run->value).document;
        for (uint32_t m = month_of(run->from); m <= month_of(run->to); m++)
            if (is_near(s, document, m))
                unnamed[run->value] = false;
    }
}

/* Keep the descriptors that nobody names in their own month. */
static void keep_unnamed(Split *s, bool is_micro)
{
    const GArray *all =
        is_micro ? s->facts->micro_facts : s->facts->router_facts;
    g_autofree bool *unnamed = g_new0(bool, all->len + 1);
    bool *kept = is_micro ? s->micros : s->routers;
    for (guint i = 0; i < all->len; i++) {
        uint32_t document = g_array_index(all, DescriptorFacts, i).document;
        unnamed[i] =
            document != NO_INDEX && !kept[i] && s->homes[document] == s->month;
    }
    drop_joined(s, is_micro, unnamed);
    for (guint i = 0; i < all->len; i++)
        kept[i] |= unnamed[i];
}

/* The facts of a digest, as far as they belong to the month. */
static DescriptorFacts facts_of_digest(const Split *s, bool is_micro,
                                       uint32_t digest)
{
    const GArray *all =
        is_micro ? s->facts->micro_facts : s->facts->router_facts;
    DescriptorFacts one = g_array_index(all, DescriptorFacts, digest);
    if (one.document != NO_INDEX && !is_near(s, one.document, s->month))
        return (DescriptorFacts){NO_INDEX, NO_INDEX};
    return one;
}

static void mark_descriptors(Split *s, bool is_micro)
{
    const bool *kept = is_micro ? s->micros : s->routers;
    guint count =
        is_micro ? s->facts->micro_facts->len : s->facts->router_facts->len;
    for (guint i = 0; i < count; i++) {
        if (!kept[i])
            continue;
        DescriptorFacts one = facts_of_digest(s, is_micro, i);
        if (one.document != NO_INDEX)
            s->documents[one.document] = true;
        if (one.policy != NO_INDEX)
            s->texts[one.policy] = true;
    }
}

static void mark_documents(Split *s)
{
    for (guint i = 0; i < s->facts->documents->len; i++) {
        const Document *document = document_at(s, i);
        if (document->type != DOCUMENT_DESCRIPTOR &&
            document->type != DOCUMENT_MICRO && s->homes[i] == s->month)
            s->documents[i] = true;
        if (s->documents[i])
            s->texts[document->name] = true;
    }
    for (guint i = 0; i < s->facts->scans->len; i++) {
        const ScanFacts *scan = &g_array_index(s->facts->scans, ScanFacts, i);
        if (s->homes[scan->first_document] != s->month)
            continue;
        g_array_append_vals(s->scans, scan, 1);
        s->relays[scan->relay] = true;
        s->addresses[scan->address] = true;
    }
}

/* ---- renumbering ------------------------------------------------------------ */

/* New number by old. */
static uint32_t *numbers_of(const bool *kept, guint count)
{
    uint32_t *numbers = g_new(uint32_t, count + 1);
    uint32_t next = 0;
    for (guint i = 0; i < count; i++)
        numbers[i] = kept[i] ? next++ : NO_INDEX;
    return numbers;
}

typedef struct {
    uint32_t *relays, *addresses, *routers, *micros, *texts, *documents;
} Numbers;

static Numbers all_numbers(const Split *s)
{
    const Facts *f = s->facts;
    return (Numbers){
        .relays = numbers_of(s->relays, intern_count(f->relays)),
        .addresses = numbers_of(s->addresses, intern_count(f->addresses)),
        .routers = numbers_of(s->routers, intern_count(f->routers)),
        .micros = numbers_of(s->micros, intern_count(f->micros)),
        .texts = numbers_of(s->texts, intern_count(f->texts)),
        .documents = numbers_of(s->documents, f->documents->len),
    };
}

static void numbers_clear(Numbers *n)
{
    g_free(n->relays);
    g_free(n->addresses);
    g_free(n->routers);
    g_free(n->micros);
    g_free(n->texts);
    g_free(n->documents);
}

static uint32_t renumbered_value(const Numbers *n, FactKind kind,
                                 uint32_t value)
{
    switch (kind) {
    case FACT_V4:
    case FACT_V6:
        return n->addresses[value];
    case FACT_STATUS:
        return n->texts[value >> STATUS_SHIFT] << STATUS_SHIFT |
               (value & ((1u << STATUS_SHIFT) - 1));
    case FACT_SUMMARY:
        return n->texts[value];
    case FACT_ROUTER:
        return n->routers[value];
    case FACT_MICRO:
        return n->micros[value];
    case FACT_KINDS:
        break;
    }
    g_assert_not_reached();
}

static void renumber_rows(Split *s, const Numbers *n)
{
    for (int kind = 0; kind < FACT_KINDS; kind++)
        for (guint i = 0; i < s->layer->runs[kind]->len; i++) {
            Run *run = &g_array_index(s->layer->runs[kind], Run, i);
            run->relay = n->relays[run->relay];
            run->value = renumbered_value(n, (FactKind)kind, run->value);
        }
    for (guint i = 0; i < s->scans->len; i++) {
        ScanFacts *scan = &g_array_index(s->scans, ScanFacts, i);
        scan->relay = n->relays[scan->relay];
        scan->address = n->addresses[scan->address];
        scan->first_document = n->documents[scan->first_document];
        scan->last_document = n->documents[scan->last_document];
    }
}

static bool keeps_all(const bool *kept, guint count)
{
    return count == 0 || !memchr(kept, false, count);
}

static GByteArray *kept_items(const Intern *intern, const bool *kept)
{
    size_t length;
    const uint8_t *begin = intern_bytes(intern, &length);
    GByteArray *bytes = g_byte_array_sized_new((guint)length);
    uint32_t count = intern_count(intern);
    pages_enlarge(bytes->data, length);
    for (uint32_t i = 0, end; i < count; i = end + 1) {
        for (end = i; end < count && kept[end];)
            end++;
        if (end == i)
            continue;
        const uint8_t *at = intern_at(intern, i);
        const uint8_t *stop =
            end < count ? intern_at(intern, end) : begin + length;
        g_byte_array_append(bytes, at, (guint)(stop - at));
    }
    return bytes;
}

/* The items that are kept; where that is all of them, as they stand. */
static Section kept_section(const Intern *intern, const bool *kept,
                            size_t width, GByteArray **own)
{
    size_t length;
    const void *bytes = intern_bytes(intern, &length);
    if (keeps_all(kept, intern_count(intern)))
        return (Section){bytes, length / width};
    *own = kept_items(intern, kept);
    return (Section){(*own)->data, (*own)->len / width};
}

static GArray *kept_descriptors(const Split *s, bool is_micro, const Numbers *n)
{
    const bool *kept = is_micro ? s->micros : s->routers;
    guint count =
        is_micro ? s->facts->micro_facts->len : s->facts->router_facts->len;
    GArray *out =
        g_array_sized_new(FALSE, FALSE, sizeof(DescriptorFacts), count);
    g_array_set_size(out, count);
    DescriptorFacts *end = (DescriptorFacts *)out->data;
    pages_enlarge(end, count * sizeof *end);
    for (guint i = 0; i < count; i++) {
        if (!kept[i])
            continue;
        DescriptorFacts one = facts_of_digest(s, is_micro, i);
        if (one.policy != NO_INDEX)
            one.policy = n->texts[one.policy];
        if (one.document != NO_INDEX)
            one.document = n->documents[one.document];
        *end++ = one;
    }
    g_array_set_size(out, (guint)(end - (DescriptorFacts *)out->data));
    return out;
}

static GArray *kept_documents(const Split *s, const Numbers *n)
{
    if (keeps_all(s->documents, s->facts->documents->len) &&
        keeps_all(s->texts, intern_count(s->facts->texts)))
        return g_array_ref(s->facts->documents);
    GArray *out = g_array_new(FALSE, FALSE, sizeof(Document));
    for (guint i = 0; i < s->facts->documents->len; i++) {
        if (!s->documents[i])
            continue;
        Document document = *document_at(s, i);
        document.name = n->texts[document.name];
        g_array_append_val(out, document);
    }
    return out;
}

/* Put the sections at path, unless the file there is just that. */
static bool put_sections(const Section *sections, uint32_t month,
                         const char *path, DerivedMonth *derived,
                         GError **error)
{
    if (sections_stand(&STATE_LAYOUT, sections, path))
        return true;
    return derived ? derived_write(derived, sections, month, path, error)
                   : sections_replace(&STATE_LAYOUT, sections, path, error);
}

static bool write_part(Split *s, const char *path, DerivedMonth *derived,
                       GError **error)
{
    Numbers n = all_numbers(s);
    renumber_rows(s, &n);
    const Facts *f = s->facts;
    g_autoptr(GByteArray) relays = NULL;
    g_autoptr(GByteArray) addresses = NULL;
    g_autoptr(GByteArray) routers = NULL;
    g_autoptr(GByteArray) micros = NULL;
    g_autoptr(GByteArray) texts = NULL;
    Section text = kept_section(f->texts, s->texts, 1, &texts);
    g_autoptr(GArray) router_facts = kept_descriptors(s, false, &n);
    g_autoptr(GArray) micro_facts = kept_descriptors(s, true, &n);
    g_autoptr(GArray) documents = kept_documents(s, &n);
    g_autoptr(GArray) starts = state_text_starts(text.items, text.count);
    numbers_clear(&n);
    Section sections[STATE_SECTIONS] = {
        [STATE_RELAYS] = kept_section(f->relays, s->relays, 20, &relays),
        [STATE_ADDRESSES] =
            kept_section(f->addresses, s->addresses, 16, &addresses),
        [STATE_ROUTERS] = kept_section(f->routers, s->routers, 20, &routers),
        [STATE_MICROS] = kept_section(f->micros, s->micros, 32, &micros),
        [STATE_ROUTER_FACTS] = {router_facts->data, router_facts->len},
        [STATE_MICRO_FACTS] = {micro_facts->data, micro_facts->len},
        [STATE_DOCUMENTS] = {documents->data, documents->len},
        [STATE_SCANS] = {s->scans->data, s->scans->len},
        [STATE_TEXT] = text,
        [STATE_HOURS] = {s->layer->hours->data, s->layer->hours->len},
        [STATE_TEXT_STARTS] = {starts->data, starts->len},
    };
    for (int kind = 0; kind < FACT_KINDS; kind++)
        sections[STATE_RUNS + kind] =
            (Section){s->layer->runs[kind]->data, s->layer->runs[kind]->len};
    if (documents->len == 0 && s->layer->hours->len == 0)
        return file_remove(path, error);
    return put_sections(sections, s->month, path, derived, error);
}

bool facts_write_month(const Facts *facts, uint32_t month, const char *path,
                       GError **error)
{
    return facts_derive_month(facts, month, path, NULL, error);
}

bool facts_derive_month(const Facts *facts, uint32_t month, const char *path,
                        DerivedMonth *derived, GError **error)
{
    Split s = {
        .facts = facts,
        .month = month,
        .layer = layer_new(),
        .scans = g_array_new(FALSE, FALSE, sizeof(ScanFacts)),
        .relays = g_new0(bool, intern_count(facts->relays) + 1),
        .addresses = g_new0(bool, intern_count(facts->addresses) + 1),
        .routers = g_new0(bool, intern_count(facts->routers) + 1),
        .micros = g_new0(bool, intern_count(facts->micros) + 1),
        .texts = g_new0(bool, intern_count(facts->texts) + 1),
        .documents = g_new0(bool, facts->documents->len + 1),
        .homes = g_new(uint32_t, facts->documents->len + 1),
    };
    for (guint i = 0; i < facts->documents->len; i++)
        s.homes[i] = month_of(document_at(&s, i)->when);
    cut_layer(&s);
    keep_unnamed(&s, false);
    keep_unnamed(&s, true);
    mark_descriptors(&s, false);
    mark_descriptors(&s, true);
    mark_documents(&s);
    bool is_done = write_part(&s, path, derived, error);
    layer_free(s.layer);
    g_array_unref(s.scans);
    g_free(s.relays);
    g_free(s.addresses);
    g_free(s.routers);
    g_free(s.micros);
    g_free(s.texts);
    g_free(s.documents);
    g_free(s.homes);
    return is_done;
}
