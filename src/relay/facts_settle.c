/*
 * Bringing facts into the canonical form: everything sorted, scans joined, and
 * without what nothing refers to.
 *
 * An hour adds little to a month that is sorted already, so each sort begins
 * with what stands in order. Texts, which are half of all bytes, are sorted by
 * the caller's thread while another one sorts the digests and documents, which
 * have nothing in common with them; what refers to both comes after.
 */
#include "relay/facts_cache.h"
#include "relay/month.h"
#include "relay/nearly.h"
#include "relay/pages.h"

#include <stdlib.h>
#include <string.h>

static Document *document_at(const Facts *facts, uint32_t number)
{
    return &g_array_index(facts->documents, Document, number);
}

static const Facts *sorting;     /* qsort has no argument for it */
static uint32_t *sorting_months; /* by document that states scans */

static int compare_documents(const Facts *facts, uint32_t a, uint32_t b)
{
    const Document *da = document_at(facts, a), *db = document_at(facts, b);
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
    return compare_documents(sorting, sa->first_document, sb->first_document);
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
         compare_documents(sorting, next->last_document, known->last_document) <
             0))
        known->last_document = next->last_document;
    known->last = MAX(known->last, next->last);
}

void facts_join_scans(Facts *facts)
{
    if (facts->scans->len == 0)
        return;
    g_autofree uint32_t *months = g_new0(uint32_t, facts->documents->len + 1);
    ScanFacts *all = (ScanFacts *)facts->scans->data;
    for (guint i = 0; i < facts->scans->len; i++)
        months[all[i].first_document] =
            month_of(document_at(facts, all[i].first_document)->when);
    sorting = facts;
    sorting_months = months;
    guint kept = 1;
    while (kept < facts->scans->len &&
           compare_scans(&all[kept - 1], &all[kept]) <= 0)
        kept++;
    if (kept < facts->scans->len)
        qsort(all, facts->scans->len, sizeof(ScanFacts), compare_scans);
    kept = 1;
    for (guint i = 1; i < facts->scans->len; i++) {
        if (scans_join(&all[kept - 1], &all[i]))
            join_scan(&all[kept - 1], &all[i]);
        else
            all[kept++] = all[i];
    }
    g_array_set_size(facts->scans, kept);
}

static int compare_document_numbers(gconstpointer a, gconstpointer b)
{
    return compare_documents(sorting, *(const uint32_t *)a,
                             *(const uint32_t *)b);
}

/* A part's come sorted, what was read stands behind: sort that and merge. */
static void sort_numbers(const Facts *facts, uint32_t *order, guint count)
{
    guint sorted = count > 0;
    while (sorted < count &&
           compare_documents(facts, order[sorted - 1], order[sorted]) < 0)
        sorted++;
    if (sorted == count)
        return;
    sorting = facts;
    qsort(order + sorted, count - sorted, sizeof *order,
          compare_document_numbers);
    g_autofree uint32_t *old = g_memdup2(order, count * sizeof *order);
    for (guint i = 0, a = 0, b = sorted; i < count; i++)
        order[i] = b == count || (a < sorted &&
                                  compare_documents(facts, old[a], old[b]) < 0)
                       ? old[a++]
                       : old[b++];
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
    sort_numbers(facts, order, count);
    GArray *sorted = g_array_sized_new(FALSE, FALSE, sizeof(Document), count);
    pages_enlarge(sorted->data, count * sizeof(Document));
    g_array_set_size(sorted, count);
    for (guint i = 0; i < count; i++) {
        g_array_index(sorted, Document, i) = *document_at(facts, order[i]);
        moved[order[i]] = i;
    }
    intern_free(facts->document_hashes);
    facts->document_hashes = intern_new(32);
    if (count > 0)
        intern_fill_column(facts->document_hashes,
                           ((const Document *)sorted->data)->sha256,
                           sizeof(Document), count);
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

static bool is_before(const Run *a, const Run *b)
{
    if (a->relay != b->relay)
        return a->relay < b->relay;
    return a->value != b->value ? a->value < b->value : a->from < b->from;
}

static int compare_runs(const void *a, const void *b)
{
    return is_before(a, b) ? -1 : is_before(b, a);
}

/* Sort the runs behind those that are in order, and merge them in. */
static void merge_rest(Run *all, guint sorted, guint count)
{
    g_autofree Run *rest =
        g_memdup2(all + sorted, (count - sorted) * sizeof *all);
    guint left = count - sorted;
    qsort(rest, left, sizeof *rest, compare_runs);
    for (guint at = count; left > 0;)
        all[--at] = sorted > 0 && is_before(&rest[left - 1], &all[sorted - 1])
                        ? all[--sorted]
                        : rest[--left];
}

/* Known relays come in order, new ones behind them. Of a relay runs are out of
 * order where one of its values is new. */
static void sort_moved_runs(Run *all, guint count)
{
    for (guint i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && all[end].relay == all[i].relay;)
            end++;
        sort_nearly(all + i, end - i, sizeof *all, compare_runs);
    }
    guint sorted = count > 0;
    while (sorted < count && is_before(&all[sorted - 1], &all[sorted]))
        sorted++;
    if (sorted < count)
        merge_rest(all, sorted, count);
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
        sort_moved_runs((Run *)runs->data, runs->len);
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
    facts_join_scans(facts);
}

/* What is sorted in a thread of its own: all but the texts. */
typedef struct {
    Facts *facts;
    const FactsKept *kept;
    Moves *moves;
} Sorting;

static gpointer sort_all_but_texts(gpointer data)
{
    Sorting *s = data;
    s->moves->relays = intern_sort(&s->facts->relays, NULL);
    s->moves->addresses = intern_sort(&s->facts->addresses, NULL);
    s->moves->routers = intern_sort(&s->facts->routers, s->kept->routers);
    s->moves->micros = intern_sort(&s->facts->micros, s->kept->micros);
    s->moves->documents = sort_documents(s->facts, s->kept->documents);
    return NULL;
}

static void moves_clear(Moves *moves)
{
    g_free(moves->relays);
    g_free(moves->addresses);
    g_free(moves->routers);
    g_free(moves->micros);
    g_free(moves->texts);
    g_free(moves->documents);
}

void facts_settle(Facts *facts)
{
    facts_join(facts);
    facts_join_scans(facts);
    g_byte_array_set_size(facts->stored[false], 0);
    g_byte_array_set_size(facts->stored[true], 0);
    FactsKept kept;
    facts_forget_held(facts, &kept);
    g_autofree bool *used = used_texts(facts, kept.documents);
    Moves moves = {0};
    Sorting sorting_rest = {facts, &kept, &moves};
    GThread *thread = g_thread_new("settle", sort_all_but_texts, &sorting_rest);
    moves.texts = intern_sort(&facts->texts, used);
    g_thread_join(thread);
    for (guint i = 0; i < facts->documents->len; i++)
        document_at(facts, i)->name = moves.texts[document_at(facts, i)->name];
    move_descriptors(&facts->router_facts, intern_count(facts->routers),
                     moves.routers, moves.texts, moves.documents);
    move_descriptors(&facts->micro_facts, intern_count(facts->micros),
                     moves.micros, moves.texts, moves.documents);
    move_runs(g_ptr_array_index(facts->layers, 0), &moves);
    move_scans(facts, &moves);
    moves_clear(&moves);
    g_free(kept.documents);
    g_free(kept.routers);
    g_free(kept.micros);
}
