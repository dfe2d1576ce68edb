#include "relay/stages.h"

#include "relay/facts_cache.h"

#include <stdlib.h>

/* Where a file comes in the order; equal ones as they were listed. */
typedef struct {
    WalkFile *file;
    uint32_t month; /* year * 12 + month, or one of those below */
    guint listed;
} Place;

#define OF_CERTIFICATES 0
#define OF_NO_MONTH     (UINT32_MAX - 1)
#define OF_CACHE        UINT32_MAX

/* "2026-05" at that place, and no digit beside it; 0 if it is none. */
static uint32_t month_at(const char *path, const char *at)
{
    if (at > path && g_ascii_isdigit(at[-1]))
        return 0;
    for (int i = 0; i < 7; i++)
        if (i == 4 ? at[i] != '-' : !g_ascii_isdigit(at[i]))
            return 0;
    uint32_t year = (uint32_t)atoi(at), month = (uint32_t)atoi(at + 5);
    return month >= 1 && month <= 12 && !g_ascii_isdigit(at[7])
               ? year * 12 + month
               : 0;
}

/* The last that the path names. */
static uint32_t month_of_file(const WalkFile *file)
{
    uint32_t month = OF_NO_MONTH;
    if (file->is_certificates)
        return OF_CERTIFICATES;
    if (document_name_is_of_cache(file->path))
        return OF_CACHE;
    for (const char *at = file->path; *at; at++) {
        uint32_t found = month_at(file->path, at);
        month = found ? found : month;
    }
    return month;
}

static int compare_places(const void *a, const void *b)
{
    const Place *pa = a, *pb = b;
    if (pa->month != pb->month)
        return pa->month < pb->month ? -1 : 1;
    return pa->listed < pb->listed ? -1 : 1;
}

static Place *places_new(const GPtrArray *files)
{
    Place *places = g_new(Place, files->len + 1);
    for (guint i = 0; i < files->len; i++) {
        WalkFile *file = g_ptr_array_index(files, i);
        places[i] = (Place){file, month_of_file(file), i};
    }
    qsort(places, files->len, sizeof *places, compare_places);
    return places;
}

GPtrArray *stages_new(const GPtrArray *files, uint64_t stage_bytes)
{
    GPtrArray *stages =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    GPtrArray *stage = g_ptr_array_new();
    uint64_t bytes = 0;
    g_autofree Place *places = places_new(files);
    g_ptr_array_add(stages, stage);
    for (guint i = 0; i < files->len; i++) {
        bool is_free =
            places[i].month == OF_CERTIFICATES || places[i].month == OF_CACHE;
        if (bytes >= stage_bytes && !is_free) {
            g_ptr_array_add(stages, stage = g_ptr_array_new());
            bytes = 0;
        }
        g_ptr_array_add(stage, places[i].file);
        bytes += is_free ? 0 : places[i].file->bytes;
    }
    return stages;
}
