#include "relay/walk.h"

#include "relay/facts_cache.h"
#include "relay/splitter.h"

#include "base/errors.h"
#include "base/unpack.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NANOSECONDS 1000000000

typedef struct {
    const WalkReader *reader;
    gpointer data;
    Splitter *splitter;
    char *name;
} Walk;

/* ---- listing ----------------------------------------------------------- */

static void walk_file_free(gpointer data)
{
    WalkFile *file = data;
    g_free(file->path);
    g_free(file);
}

static int compare_paths(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_entries(const char *path, GPtrArray *queue,
                        WalkComplaint complaint, gpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) directory = g_dir_open(path, 0, &error);
    if (!directory) {
        complaint(path, error->message, data);
        return;
    }
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const char *name; (name = g_dir_read_name(directory));)
        if (*name != '.')
            g_ptr_array_add(names, g_build_filename(path, name, NULL));
    g_ptr_array_sort(names, compare_paths);
    for (guint i = 0; i < names->len; i++)
        g_ptr_array_add(queue, g_ptr_array_index(names, i));
}

/* Whoever reads a consensus needs the certificates first. */
static int compare_files(gconstpointer a, gconstpointer b)
{
    const WalkFile *fa = *(WalkFile *const *)a, *fb = *(WalkFile *const *)b;
    return fb->is_certificates - fa->is_certificates;
}

static int64_t nanoseconds(const struct timespec *time)
{
    return (int64_t)time->tv_sec * NANOSECONDS + time->tv_nsec;
}

static void add_file(GPtrArray *files, const char *path,
                     const struct stat *about)
{
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *parent = g_path_get_dirname(path);
    g_autofree char *folder = g_path_get_basename(parent);
    WalkFile *file = g_new0(WalkFile, 1);
    file->path = g_strdup(path);
    file->bytes = (uint64_t)about->st_size;
    file->written = about->st_mtime;
    file->written_ns = nanoseconds(&about->st_mtim);
    file->changed_ns = nanoseconds(&about->st_ctim);
    /* CollecTor's "certs/" holds files without the word in their names. */
    file->is_certificates = strstr(name, "cert") || strstr(folder, "cert");
    g_ptr_array_add(files, file);
}

static GPtrArray *named_paths(const char *const *paths, GError **error)
{
    g_autoptr(GPtrArray) queue = g_ptr_array_new_with_free_func(g_free);
    for (; *paths; paths++) {
        if (access(*paths, R_OK) != 0) {
            g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                        "cannot read %s: %s", *paths, g_strerror(errno));
            return NULL;
        }
        g_autofree char *real = realpath(*paths, NULL);
        g_ptr_array_add(queue, g_strdup(real ? real : *paths));
    }
    return g_steal_pointer(&queue);
}

GPtrArray *walk_list(const char *const *paths, WalkComplaint complaint,
                     gpointer data, GError **error)
{
    g_autoptr(GPtrArray) queue = named_paths(paths, error);
    if (!queue)
        return NULL;
    GPtrArray *files = g_ptr_array_new_with_free_func(walk_file_free);
    for (guint i = 0; i < queue->len; i++) {
        const char *path = g_ptr_array_index(queue, i);
        struct stat about, target;
        if (lstat(path, &about) < 0 || stat(path, &target) < 0)
            continue;
        if (S_ISDIR(about.st_mode))
            add_entries(path, queue, complaint, data);
        else if (S_ISREG(target.st_mode))
            add_file(files, path, &target);
    }
    g_ptr_array_sort(files, compare_files); /* stable */
    return files;
}

/* ---- reading ----------------------------------------------------------- */

static void take_document(const Source *source, Text document, const char *flaw,
                          gpointer data)
{
    const Walk *walk = data;
    size_t length;
    g_autofree char *plain = source && source->undoes_cr
                                 ? source_without_cr(document, &length)
                                 : NULL;
    if (plain)
        document = text_of_bytes(plain, length);
    WalkPlace place = {
        .name = walk->name,
        .is_cached = splitter_is_cached(walk->splitter) ||
                     document_name_is_of_cache(walk->name),
        .is_archived = strchr(walk->name, ':') != NULL,
    };
    walk->reader->document(source, document, flaw, &place, walk->data);
}

static void begin_member(const char *name, gpointer data)
{
    Walk *walk = data;
    g_free(walk->name);
    walk->name = g_strdup(name);
}

static void take_bytes(const void *bytes, size_t length, gpointer data)
{
    Walk *walk = data;
    if (walk->reader->bytes)
        walk->reader->bytes(length, walk->data);
    splitter_feed(walk->splitter, bytes, length);
}

static void end_member(uint64_t packed, gpointer data)
{
    Walk *walk = data;
    splitter_finish(walk->splitter);
    if (walk->reader->end)
        walk->reader->end(walk->name, packed, walk->data);
}

bool walk_file(const char *path, const WalkReader *reader, gpointer data,
               GError **error)
{
    static const UnpackReader READER = {begin_member, take_bytes, end_member};
    Walk walk = {.reader = reader, .data = data};
    walk.splitter = splitter_new(take_document, &walk);
    bool done = unpack_file(path, &READER, &walk, error);
    splitter_free(walk.splitter);
    g_free(walk.name);
    return done;
}
