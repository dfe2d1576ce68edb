#include "relay/signed_hours.h"

#include "relay/sections.h"

#include "base/errors.h"
#include "base/files.h"

#include <string.h>

#define SIGNED_NAME    "signed"
#define FILE_BYTES_MAX (64u << 20) /* a century of both flavours */
#define HASH_BYTES     16

/* Flavours, and the mark of an hour that is contradicted. */
enum { FLAVOUR_NS, FLAVOUR_MICRO, CONTRADICTED };

typedef struct {
    uint32_t valid_after, flavour;
    uint8_t hash[HASH_BYTES]; /* the first bytes of it; zero if contradicted */
} SignedHour;

static const SectionLayout LAYOUT = {
    .magic = "EXDsign\n",
    .version = 1,
    .count = 1,
    .item_bytes = {sizeof(SignedHour)},
};

struct SignedHours {
    GArray *all; /* of SignedHour, by valid_after, flavour */
    bool is_changed;
};

static SignedHours *hours_new(void)
{
    SignedHours *hours = g_new0(SignedHours, 1);
    hours->all = g_array_new(FALSE, FALSE, sizeof(SignedHour));
    return hours;
}

void signed_hours_free(SignedHours *hours)
{
    if (!hours)
        return;
    g_array_unref(hours->all);
    g_free(hours);
}

static const SignedHour *at(const SignedHours *hours, guint i)
{
    return &g_array_index(hours->all, SignedHour, i);
}

/* Index of the first row at or behind. */
static guint find(const SignedHours *hours, uint32_t valid_after,
                  uint32_t flavour)
{
    guint low = 0, high = hours->all->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        const SignedHour *row = at(hours, middle);
        if (row->valid_after < valid_after ||
            (row->valid_after == valid_after && row->flavour < flavour))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const SignedHour *row_of(const SignedHours *hours, uint32_t valid_after,
                                uint32_t flavour)
{
    guint i = find(hours, valid_after, flavour);
    return i < hours->all->len && at(hours, i)->valid_after == valid_after &&
                   at(hours, i)->flavour == flavour
               ? at(hours, i)
               : NULL;
}

SignedHours *signed_hours_load(const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, SIGNED_NAME, NULL);
    g_autoptr(SignedHours) hours = hours_new();
    g_autoptr(GError) cause = NULL;
    g_autoptr(GBytes) bytes = file_read(path, FILE_BYTES_MAX, &cause);
    if (!bytes && g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING))
        return g_steal_pointer(&hours);
    if (!bytes) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return NULL;
    }
    Section section;
    gsize length;
    const void *data = g_bytes_get_data(bytes, &length);
    if (!sections_open(&LAYOUT, data, length, path, &section, error) ||
        !sections_verify(data, length, path, error))
        return NULL;
    if (section.count > 0)
        g_array_append_vals(hours->all, section.items, (guint)section.count);
    return g_steal_pointer(&hours);
}

static void insert(SignedHours *hours, const SignedHour *row)
{
    guint i = find(hours, row->valid_after, row->flavour);
    g_array_insert_vals(hours->all, i, row, 1);
    hours->is_changed = true;
}

bool signed_hours_put(SignedHours *hours, uint32_t valid_after, bool is_micro,
                      const uint8_t part_sha256[32])
{
    if (row_of(hours, valid_after, CONTRADICTED))
        return false;
    SignedHour row = {valid_after, is_micro ? FLAVOUR_MICRO : FLAVOUR_NS, {0}};
    memcpy(row.hash, part_sha256, HASH_BYTES);
    const SignedHour *known = row_of(hours, valid_after, row.flavour);
    if (!known) {
        insert(hours, &row);
        return true;
    }
    if (memcmp(known->hash, row.hash, HASH_BYTES) == 0)
        return true;
    SignedHour mark = {valid_after, CONTRADICTED, {0}};
    insert(hours, &mark);
    return false;
}

bool signed_hours_save(SignedHours *hours, const char *directory,
                       GError **error)
{
    if (!hours->is_changed)
        return true;
    g_autofree char *path = g_build_filename(directory, SIGNED_NAME, NULL);
    Section section = {hours->all->data, hours->all->len};
    g_autoptr(GBytes) bytes = sections_pack(&LAYOUT, &section);
    hours->is_changed = false;
    return file_replace(path, g_bytes_get_data(bytes, NULL),
                        g_bytes_get_size(bytes), 0644, error);
}

/* A consensus is the network from its valid-after to an hour later. */
bool signed_hours_contradict(const SignedHours *hours, Interval when,
                             Instant *hour)
{
    Instant from = MAX(when.from - INSTANT_HOUR_S + 1, 0);
    if (when.to < 0 || from > UINT32_MAX)
        return false;
    for (guint i = find(hours, (uint32_t)from, 0);
         i < hours->all->len && at(hours, i)->valid_after <= when.to; i++)
        if (at(hours, i)->flavour == CONTRADICTED) {
            *hour = at(hours, i)->valid_after;
            return true;
        }
    return false;
}

uint64_t signed_hours_contradictions(const SignedHours *hours)
{
    uint64_t count = 0;
    for (guint i = 0; i < hours->all->len; i++)
        count += at(hours, i)->flavour == CONTRADICTED;
    return count;
}

/* ---- out of the facts --------------------------------------------------- */

/* The known hour that can state such a fact before or after t; 0: none. */
static uint32_t known_hour(const GArray *hours, FactKind kind, uint32_t t,
                           bool is_after)
{
    uint32_t found = 0;
    for (guint i = 0; i < hours->len; i++) {
        const KnownHour *hour = &g_array_index(hours, KnownHour, i);
        if (!(hour->bits & fact_hour_bits(kind)) || hour->valid_after == t)
            continue;
        if (is_after && hour->valid_after > t)
            return hour->valid_after;
        if (!is_after && hour->valid_after < t)
            found = hour->valid_after;
    }
    return found;
}

/* Runs that begin or end with the hour give it up; those of it alone go. */
static void drop_from_runs(Layer *layer, FactKind kind, uint32_t t)
{
    GArray *runs = layer->runs[kind];
    uint32_t before = known_hour(layer->hours, kind, t, false);
    uint32_t next = known_hour(layer->hours, kind, t, true);
    guint kept = 0;
    for (guint i = 0; i < runs->len; i++) {
        Run run = g_array_index(runs, Run, i);
        if (run.from == t && run.to == t)
            continue;
        run.from = run.from == t ? next : run.from;
        run.to = run.to == t ? before : run.to;
        g_array_index(runs, Run, kept++) = run;
    }
    g_array_set_size(runs, kept);
}

static void drop_hour(Layer *layer, guint index)
{
    uint32_t t = g_array_index(layer->hours, KnownHour, index).valid_after;
    for (int kind = 0; kind < FACT_KINDS; kind++)
        drop_from_runs(layer, (FactKind)kind, t);
    g_array_remove_index(layer->hours, index);
}

void signed_hours_drop(const SignedHours *hours, Facts *facts)
{
    Layer *layer = g_ptr_array_index(facts->layers, 0);
    for (guint i = layer->hours->len; i > 0; i--)
        if (row_of(hours,
                   g_array_index(layer->hours, KnownHour, i - 1).valid_after,
                   CONTRADICTED))
            drop_hour(layer, i - 1);
}
