/*
 * Which parts an import needs.
 *
 * Most are wanted by the time that a document states: facts.c asks for them.
 * But descriptors are joined with the consensuses that name them, and those
 * may be of another month, which months_complete() finds out by searching the
 * digests of parts that are not in memory:
 *
 * - A descriptor that was read: which other months name it? Of server
 *   descriptors only the neighbours of the month it was published in do;
 *   microdescriptors have no time, so all are asked. They are taken in, and so
 *   get it.
 * - A digest that was named for the first time: has another month its
 *   descriptor? Of a microdescriptor a copy is taken from the newest that has
 *   it, without taking that month in.
 *
 * Parts are written one by one, each by rename. A crash in between leaves some
 * with the new facts and some without; all are true, and the next import of
 * the same files adds the rest. What nobody named so far is written last, so
 * that nothing leaves it before it stands elsewhere.
 */
#include "relay/months.h"

#include "relay/month_map.h"

#include "base/errors.h"
#include "base/files.h"

#include <string.h>

#define V1_NAME "state" /* of version 1: all months in one file */

struct Months {
    char *directory;
    Facts *facts;
    GArray *stored;  /* of uint32_t: parts that exist, ascending */
    GArray *taken;   /* of uint32_t: months that are in memory */
    GPtrArray *maps; /* of MonthMap, for those of stored that were searched */
    bool has_v1;
    GError *error;
};

static bool contains(const GArray *months, uint32_t month)
{
    for (guint i = 0; i < months->len; i++)
        if (g_array_index(months, uint32_t, i) == month)
            return true;
    return false;
}

static int compare_months(gconstpointer a, gconstpointer b)
{
    uint32_t ma = *(const uint32_t *)a, mb = *(const uint32_t *)b;
    return (ma > mb) - (ma < mb);
}

GArray *months_list(const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, MONTHS_NAME, NULL);
    g_autoptr(GPtrArray) names = directory_list(path, "", error);
    if (!names)
        return NULL;
    GArray *months = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < names->len; i++) {
        uint32_t month;
        if (month_parse_name(g_ptr_array_index(names, i), &month))
            g_array_append_val(months, month);
    }
    g_array_sort(months, compare_months);
    return months;
}

/* Have the month in memory. */
static void take(Months *m, uint32_t month)
{
    if (m->error || contains(m->taken, month))
        return;
    g_array_append_val(m->taken, month);
    if (!contains(m->stored, month))
        return;
    g_autoptr(MonthMap) map = month_map_open(m->directory, month, &m->error);
    if (!map)
        return;
    size_t length;
    const void *data = g_bytes_get_data(map->bytes, &length);
    facts_take(m->facts, data, length, map->path, &m->error);
}

static void want(uint32_t when, gpointer data)
{
    take(data, month_of(when));
}

static bool take_v1(Months *m, GError **error)
{
    g_autofree char *path = g_build_filename(m->directory, V1_NAME, NULL);
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
    if (!file)
        return true;
    m->has_v1 = true;
    if (!facts_take(m->facts, g_mapped_file_get_contents(file),
                    g_mapped_file_get_length(file), path, error))
        return false;
    Facts *facts = m->facts;
    g_autoptr(GArray) hours = g_array_new(FALSE, FALSE, sizeof(KnownHour));
    const Layer *layer = g_ptr_array_index(facts->layers, 0);
    if (layer->hours->len > 0)
        g_array_append_vals(hours, layer->hours->data, layer->hours->len);
    for (guint i = 0; i < hours->len; i++)
        want(g_array_index(hours, KnownHour, i).valid_after, m);
    for (guint i = 0; i < facts->documents->len; i++)
        want(g_array_index(facts->documents, Document, i).when, m);
    return true;
}

Months *months_open(const char *directory, Facts *facts, GError **error)
{
    g_autoptr(Months) m = g_new0(Months, 1);
    m->directory = g_strdup(directory);
    m->facts = facts;
    m->taken = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    m->stored = months_list(directory, error);
    if (!m->stored || !take_v1(m, error))
        return NULL;
    m->maps = g_ptr_array_new_with_free_func((GDestroyNotify)month_map_free);
    g_ptr_array_set_size(m->maps, (int)m->stored->len);
    facts->wanted = want;
    facts->wanted_data = m;
    return g_steal_pointer(&m);
}

void months_free(Months *m)
{
    if (!m)
        return;
    if (m->facts->wanted_data == m)
        m->facts->wanted = NULL;
    g_clear_pointer(&m->stored, g_array_unref);
    g_clear_pointer(&m->taken, g_array_unref);
    g_clear_pointer(&m->maps, g_ptr_array_unref);
    g_clear_error(&m->error);
    g_free(m->directory);
    g_free(m);
}

/* ---- months that are not in memory ----------------------------------------- */

/* A stored part that was not taken in, or NULL. */
static const MonthMap *searched(Months *m, guint index)
{
    uint32_t month = g_array_index(m->stored, uint32_t, index);
    if (m->error || contains(m->taken, month))
        return NULL;
    MonthMap *map = g_ptr_array_index(m->maps, index);
    if (!map) {
        map = month_map_open(m->directory, month, &m->error);
        g_ptr_array_index(m->maps, index) = map;
    }
    return map;
}

static const Document *fact_document(const Facts *facts, bool is_micro,
                                     guint digest)
{
    const GArray *all = is_micro ? facts->micro_facts : facts->router_facts;
    uint32_t document = g_array_index(all, DescriptorFacts, digest).document;
    return document == NO_INDEX
               ? NULL
               : &g_array_index(facts->documents, Document, document);
}

static bool is_near(const Document *document, uint32_t month)
{
    uint32_t home = month_of(document->when);
    return home == MONTH_NONE || (month + 1 >= home && month <= home + 1);
}

/* Take in the months that name a descriptor which was read. */
static void take_naming(Months *m, bool is_micro)
{
    Facts *facts = m->facts;
    const GArray *all = is_micro ? facts->micro_facts : facts->router_facts;
    for (guint d = 0; d < all->len && !m->error; d++) {
        const Document *document = fact_document(facts, is_micro, d);
        if (!document)
            continue;
        guint number =
            (guint)(document - (const Document *)facts->documents->data);
        if (facts->news->data[number] == 0)
            continue;
        uint8_t digest[32];
        memcpy(digest, intern_at(is_micro ? facts->micros : facts->routers, d),
               is_micro ? 32 : 20);
        for (guint i = 0; i < m->stored->len; i++) {
            uint32_t month = g_array_index(m->stored, uint32_t, i);
            const MonthMap *map =
                is_near(fact_document(facts, is_micro, d), month)
                    ? searched(m, i)
                    : NULL;
            if (map &&
                month_map_find(map, is_micro ? STATE_MICROS : STATE_ROUTERS,
                               digest) != NO_INDEX)
                take(m, month);
        }
    }
}

/* Copy what the mapped month has of a digest. False: nothing. */
static bool copy_descriptor(Months *m, const MonthMap *map, bool is_micro,
                            guint digest)
{
    Facts *facts = m->facts;
    const void *hash =
        intern_at(is_micro ? facts->micros : facts->routers, digest);
    uint32_t there =
        month_map_find(map, is_micro ? STATE_MICROS : STATE_ROUTERS, hash);
    const DescriptorFacts *found = month_map_descriptor(map, is_micro, there);
    const Document *document =
        found ? month_map_document(map, found->document) : NULL;
    const char *policy = document ? month_map_text(map, found->policy) : NULL;
    const char *name = policy ? month_map_text(map, document->name) : NULL;
    if (!name)
        return false;
    Document copy = *document;
    copy.name = facts_put_text(facts, name, strlen(name));
    DescriptorFacts one = {
        .policy = facts_put_text(facts, policy, strlen(policy)),
        .document = facts_take_document(facts, &copy),
    };
    facts_take_descriptor(facts, is_micro, digest, &one);
    return true;
}

/* Is the digest named for the first time, and its descriptor unknown? */
static bool is_lacking(const Facts *facts, bool is_micro, guint digest)
{
    const GByteArray *stored = facts->stored[is_micro];
    return !(digest < stored->len && stored->data[digest]) &&
           !fact_document(facts, is_micro, digest);
}

static void find_micros(Months *m)
{
    for (guint d = 0; d < m->facts->micro_facts->len && !m->error; d++) {
        if (!is_lacking(m->facts, true, d))
            continue;
        for (guint i = m->stored->len; i > 0; i--) {
            const MonthMap *map = searched(m, i - 1);
            if (map && copy_descriptor(m, map, true, d))
                break;
        }
    }
}

/* Server descriptors: take the neighbour in that has one. At the turn of a
 * month only. */
static void find_routers(Months *m)
{
    g_autoptr(GArray) taken =
        g_array_copy(m->taken); /* not those that are taken in here */
    for (guint i = 0; i < m->stored->len; i++) {
        uint32_t month = g_array_index(m->stored, uint32_t, i);
        const MonthMap *map =
            contains(taken, month - 1) || contains(taken, month + 1)
                ? searched(m, i)
                : NULL;
        for (guint d = 0; map && d < m->facts->router_facts->len; d++) {
            if (!is_lacking(m->facts, false, d))
                continue;
            uint32_t there = month_map_find(map, STATE_ROUTERS,
                                            intern_at(m->facts->routers, d));
            const DescriptorFacts *found =
                month_map_descriptor(map, false, there);
            if (!found || found->document == NO_INDEX)
                continue;
            take(m, month);
            break;
        }
    }
}

bool months_complete(Months *m, GError **error)
{
    /* Small, and a crash may have left there what stands elsewhere by now. */
    take(m, MONTH_NONE);
    take_naming(m, false);
    take_naming(m, true);
    find_routers(m);
    find_micros(m);
    if (!m->error)
        return true;
    g_propagate_error(error, g_steal_pointer(&m->error));
    return false;
}

/* ---- writing --------------------------------------------------------------- */

static bool write_month(Months *m, const char *directory, uint32_t month,
                        Publishing *publishing, GError **error)
{
    g_autofree char *name = month_new_name(month);
    g_autofree char *path = g_build_filename(directory, name, NULL);
    DerivedMonth derived = {0};
    if (!publishing || m->taken->len > DERIVED_MAX)
        return facts_write_month(m->facts, month, path, error);
    bool done = facts_derive_month(m->facts, month, path, &derived, error);
    if (derived.rows)
        publishing_add(publishing, &derived);
    return done;
}

bool months_write(Months *m, GError **error)
{
    return months_write_for(m, NULL, error);
}

bool months_write_for(Months *m, Publishing *publishing, GError **error)
{
    g_autofree char *directory =
        g_build_filename(m->directory, MONTHS_NAME, NULL);
    g_array_sort(m->taken, compare_months);
    if (m->taken->len == 0)
        return true;
    if (!directory_ensure_readable(directory, error))
        return false;
    for (guint i = m->taken->len; i > 0; i--)
        if (!write_month(m, directory, g_array_index(m->taken, uint32_t, i - 1),
                         publishing, error))
            return false;
    if (!m->has_v1)
        return true;
    g_autofree char *v1 = g_build_filename(m->directory, V1_NAME, NULL);
    return file_remove(v1, error);
}
