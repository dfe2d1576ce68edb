/*
 * The history names the parts it was derived from by their hashes. So what has
 * to be derived anew is found by comparing, whoever wrote the parts, and a
 * crash between parts and history leaves nothing undone for longer than until
 * the next import.
 *
 * A history that is damaged or of an older version is derived anew from all
 * parts: 0.1 s a month.
 */
#include "relay/publish.h"

#include "relay/early.h"
#include "relay/history_build.h"
#include "relay/history_figures.h"
#include "relay/history_join.h"
#include "relay/month_map.h"
#include "relay/months.h"
#include "relay/pages.h"
#include "relay/signed_hours.h"

#include "base/errors.h"
#include "base/files.h"

#include <string.h>
#include <sys/stat.h>

#define MONTHS_AT_ONCE 24 /* derived and joined together: some 100 MB */

struct Publishing {
    char *directory;
    GThread *opening; /* of the base; NULL: it was opened */
    History *base;    /* as it was; NULL: it has to be derived anew */
    GArray *derived;  /* of DerivedMonth */
};

/* The history as it is, or NULL if it has to be derived anew. */
static gpointer open_base(gpointer directory)
{
    g_autoptr(History) base = history_open(directory, NULL);
    if (!base || !history_verify(base, NULL))
        return NULL;
    size_t length;
    const void *data = g_bytes_get_data(base->bytes, &length);
    pages_leave(data, length); /* the import needs its memory for the facts */
    return g_steal_pointer(&base);
}

Publishing *publishing_begin(const char *directory)
{
    Publishing *p = g_new0(Publishing, 1);
    p->directory = g_strdup(directory);
    p->derived = g_array_new(FALSE, FALSE, sizeof(DerivedMonth));
    p->opening = g_thread_new("base", open_base, p->directory);
    return p;
}

static void await_base(Publishing *p)
{
    if (p->opening)
        p->base = g_thread_join(g_steal_pointer(&p->opening));
}

static void drop_derived(Publishing *p, guint index)
{
    history_rows_free(g_array_index(p->derived, DerivedMonth, index).rows);
    g_array_remove_index(p->derived, index);
}

void publishing_free(Publishing *p)
{
    if (!p)
        return;
    await_base(p);
    g_clear_pointer(&p->base, history_unref);
    while (p->derived->len > 0)
        drop_derived(p, 0);
    g_array_unref(p->derived);
    g_free(p->directory);
    g_free(p);
}

void publishing_add(Publishing *p, const DerivedMonth *derived)
{
    if (p->derived->len == DERIVED_MAX)
        drop_derived(p, 0);
    g_array_append_vals(p->derived, derived, 1);
}

/* The rows that were derived from that very part, or NULL; yours. */
static HistoryRows *take_derived(Publishing *p, const uint8_t part[32])
{
    for (guint i = 0; i < p->derived->len; i++) {
        DerivedMonth *one = &g_array_index(p->derived, DerivedMonth, i);
        if (one->rows && memcmp(one->part, part, sizeof one->part) == 0)
            return g_steal_pointer(&one->rows);
    }
    return NULL;
}

static const HistoryPart *part_of(const History *base, uint32_t month)
{
    for (size_t i = 0; base && i < base->part_count; i++)
        if (base->parts[i].month == month)
            return &base->parts[i];
    return NULL;
}

static bool is_changed(const char *directory, const History *base,
                       uint32_t month)
{
    const HistoryPart *part = part_of(base, month);
    g_autoptr(MonthMap) map =
        part ? month_map_open(directory, month, NULL) : NULL;
    if (!map)
        return true;
    uint8_t hash[32];
    sections_hash(g_bytes_get_data(map->bytes, NULL), hash);
    return memcmp(hash, part->state, sizeof hash) != 0;
}

static int compare_months(gconstpointer a, gconstpointer b)
{
    uint32_t ma = *(const uint32_t *)a, mb = *(const uint32_t *)b;
    return (ma > mb) - (ma < mb);
}

/* Months whose part is another than the history's, or gone. */
static GArray *changed_months(const char *directory, const History *base,
                              GError **error)
{
    g_autoptr(GArray) stored = months_list(directory, error);
    if (!stored)
        return NULL;
    GArray *changed = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < stored->len; i++) {
        uint32_t month = g_array_index(stored, uint32_t, i);
        if (is_changed(directory, base, month))
            g_array_append_val(changed, month);
    }
    for (size_t i = 0; base && i < base->part_count; i++) {
        uint32_t month = base->parts[i].month;
        bool is_there = false;
        for (guint k = 0; k < stored->len; k++)
            is_there |= g_array_index(stored, uint32_t, k) == month;
        if (!is_there)
            g_array_append_val(changed, month);
    }
    g_array_sort(changed, compare_months);
    return changed;
}

/* Must hours be left out that two consensuses contradict each other of? */
static bool is_contradicted(const SignedHours *hours, uint32_t month)
{
    Instant unused;
    if (month == MONTH_NONE)
        return false;
    Interval when = {month_start(month), month_start(month + 1) - 1};
    return signed_hours_contradict(hours, when, &unused);
}

/* From the part as it is mapped, unless that was done while it was written;
 * taken apart only where hours are left out. */
static GBytes *derive_part(Publishing *p, const SignedHours *hours,
                           const MonthMap *map, GError **error)
{
    uint8_t hash[32];
    size_t length;
    const void *data = g_bytes_get_data(map->bytes, &length);
    sections_hash(data, hash);
    if (sections_version(data, length) == STATE_LAYOUT.version &&
        !is_contradicted(hours, map->month)) {
        HistoryRows *rows = take_derived(p, hash);
        if (!rows &&
            !state_check(data, length, map->path, map->sections, error))
            return NULL;
        if (!rows)
            rows = history_build_rows(map->sections, map->month);
        return history_build_end(rows, hash, error);
    }
    g_autoptr(Facts) facts = facts_unpack(data, length, map->path, error);
    if (!facts)
        return NULL;
    signed_hours_drop(hours, facts);
    return history_build(facts, map->month, hash, error);
}

/* The history of one month alone; empty if its part is gone. */
static History *derive(Publishing *p, const SignedHours *hours, uint32_t month,
                       GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(MonthMap) map = month_map_open(p->directory, month, &cause);
    g_autoptr(GBytes) bytes = NULL;
    if (map) {
        bytes = derive_part(p, hours, map, error);
    } else if (g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING)) {
        g_autoptr(Facts) none = facts_new();
        facts_settle(none);
        bytes = history_build(none, month, (uint8_t[32]){0}, error);
    } else {
        g_propagate_error(error, g_steal_pointer(&cause));
    }
    return bytes ? history_of_bytes(bytes, "the new history", error) : NULL;
}

static HistoryRows *join_months(Publishing *p, const History *base,
                                const uint32_t *months, guint count,
                                GError **error)
{
    g_autoptr(SignedHours) hours = signed_hours_load(p->directory, error);
    if (!hours)
        return NULL;
    g_autoptr(GPtrArray) derived =
        g_ptr_array_new_with_free_func((GDestroyNotify)history_unref);
    for (guint i = 0; i < count; i++) {
        History *one = derive(p, hours, months[i], error);
        if (!one)
            return NULL;
        g_ptr_array_add(derived, one);
    }
    return history_join(base, (const History *const *)derived->pdata, count);
}

/* The rows of all; what earlier batches came to is the next one's base. */
static HistoryRows *derive_history(Publishing *p, const GArray *months,
                                   GError **error)
{
    g_autoptr(History) joined = p->base ? history_ref(p->base) : NULL;
    for (guint done = 0;; done += MONTHS_AT_ONCE) {
        guint count = MIN(months->len - done, MONTHS_AT_ONCE);
        g_autoptr(HistoryRows) rows = join_months(
            p, joined, &g_array_index(months, uint32_t, done), count, error);
        if (!rows || done + count == months->len)
            return g_steal_pointer(&rows);
        g_clear_pointer(&joined, history_unref);
        g_autoptr(GBytes) bytes = history_rows_pack(rows, error);
        joined =
            bytes ? history_of_bytes(bytes, "the new history", error) : NULL;
        if (!joined)
            return NULL;
    }
}

static uint64_t size_of(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 ? (uint64_t)about.st_size : 0;
}

bool publishing_end(Publishing *p, Publication *out, GError **error)
{
    *out = (Publication){0};
    await_base(p);
    g_autofree char *path = g_build_filename(p->directory, HISTORY_NAME, NULL);
    g_autoptr(GArray) changed = changed_months(p->directory, p->base, error);
    if (!changed)
        return false;
    /* What is known from before consensuses wants a history to stand beside. */
    uint32_t none = MONTH_NONE;
    if (changed->len == 0 && !p->base && early_is_known(p->directory))
        g_array_append_val(changed, none);
    if (changed->len == 0) {
        out->bytes = size_of(path);
        return true;
    }
    g_autoptr(HistoryRows) rows = derive_history(p, changed, error);
    if (!rows || !history_rows_replace(rows, path, error))
        return false;
    *out = (Publication){true, size_of(path)};
    return true;
}

bool history_publish(const char *directory, Publication *out, GError **error)
{
    g_autoptr(Publishing) publishing = publishing_begin(directory);
    return publishing_end(publishing, out, error);
}

bool history_has_parts(const char *directory, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(History) history = history_open(directory, &cause);
    g_autoptr(GArray) stored = months_list(directory, error);
    g_autofree char *v1 = g_build_filename(directory, "state", NULL);
    if (!stored)
        return false;
    bool is_whole = history != NULL ||
                    g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING) ||
                    stored->len > 0 || g_file_test(v1, G_FILE_TEST_EXISTS);
    for (size_t i = 0; history && i < history->part_count; i++) {
        bool is_there = false;
        for (guint k = 0; k < stored->len; k++)
            is_there |=
                g_array_index(stored, uint32_t, k) == history->parts[i].month;
        is_whole &= is_there || history->parts[i].month == MONTH_NONE;
    }
    if (!is_whole)
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "parts are missing in %s/%s that the history beside them "
                    "was made of, so nothing can be added: restore them, or "
                    "remove the history and import everything again",
                    directory, MONTHS_NAME);
    return is_whole;
}
