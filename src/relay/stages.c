#include "relay/stages.h"

#include <string.h>

static bool is_archive(const WalkFile *file)
{
    const char *slash = strrchr(file->path, '/');
    return strstr(slash ? slash : file->path, ".tar") != NULL;
}

GPtrArray *stages_new(const GPtrArray *files, uint64_t stage_bytes)
{
    GPtrArray *stages =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    GPtrArray *last = g_ptr_array_new(), *stage = NULL;
    uint64_t bytes = 0;
    for (guint i = 0; i < files->len; i++) {
        WalkFile *file = g_ptr_array_index(files, i);
        if (!file->is_certificates && !is_archive(file)) {
            g_ptr_array_add(last, file);
            continue;
        }
        if (!stage || bytes >= stage_bytes) {
            g_ptr_array_add(stages, stage = g_ptr_array_new());
            bytes = 0;
        }
        g_ptr_array_add(stage, file);
        bytes += file->is_certificates ? 0 : file->bytes;
    }
    if (stages->len > 1 || !stage) {
        g_ptr_array_add(stages, last);
        return stages;
    }
    /* Nothing to divide. */
    g_ptr_array_extend_and_steal(stage, last);
    return stages;
}
