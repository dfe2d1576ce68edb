/*
 * One import: lock, load the state, read everything into facts, settle, write
 * the state, write the history derived from it.
 *
 * A crash leaves the old files: both are written beside and renamed. The
 * state goes first. A crash between the two leaves a history older than its
 * state; the history names the state it was derived from, so the next import
 * notices and derives it anew even if it has nothing new to add.
 */
#include "relay/import.h"

#include "relay/history_build.h"
#include "relay/splitter.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/files.h"
#include "base/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define STATE_BYTES_MAX        (UINT64_C(16) << 30)
#define CERTIFICATES_BYTES_MAX (64u << 20)

typedef struct {
    Records records;
    ImportSummary *summary;
    ImportProgress progress;
    ImportProgressed progressed;
    gpointer progressed_data;
    uint64_t packed_before; /* of the files read before the present one */
    Splitter *splitter;
    char *name; /* of the file or member being read */
} Import;

typedef struct {
    char *path;
    uint64_t bytes;
    bool is_certificates; /* by its name */
} ImportFile;

static void import_file_free(gpointer data)
{
    ImportFile *file = data;
    g_free(file->path);
    g_free(file);
}

void import_summary_clear(ImportSummary *summary)
{
    g_clear_pointer(&summary->counts, g_array_unref);
    g_clear_pointer(&summary->complaints, g_ptr_array_unref);
}

static ImportCount *count_of(ImportSummary *summary, const char *word)
{
    for (guint i = 0; i < summary->counts->len; i++) {
        ImportCount *count = &g_array_index(summary->counts, ImportCount, i);
        if (g_str_equal(count->word, word))
            return count;
    }
    ImportCount fresh = {.word = word};
    g_array_append_val(summary->counts, fresh);
    return &g_array_index(summary->counts, ImportCount,
                          summary->counts->len - 1);
}

static void complain(Import *import, const char *what, const char *why)
{
    ImportSummary *summary = import->summary;
    if (summary->complaints->len < IMPORT_COMPLAINTS_MAX)
        g_ptr_array_add(summary->complaints,
                        g_strdup_printf("%s: %s", what, why));
}

static void complain_of_document(Import *import, const Source *source,
                                 const char *why)
{
    g_autofree char *what = g_strdup_printf("%s, %s", import->name,
                                            source ? source->word : "unknown");
    complain(import, what, why);
}

static void count_result(Import *import, const Source *source,
                         ReadResult result, const char *why)
{
    ImportCount *count =
        count_of(import->summary, source ? source->word : "unknown");
    switch (result) {
    case READ_NEW:
        count->fresh++;
        return;
    case READ_KNOWN:
        count->known++;
        return;
    case READ_SKIPPED:
        count->skipped++;
        return;
    case READ_UNVERIFIED:
        count->unverified++;
        import->summary->unverified++;
        complain_of_document(import, source, why);
        return;
    case READ_DAMAGED:
        count->damaged++;
        import->summary->damaged++;
        complain_of_document(import, source, why);
        return;
    case READ_RESULTS:
        break;
    }
    g_assert_not_reached();
}

static void take_document(const Source *source, Text document, const char *flaw,
                          gpointer data)
{
    Import *import = data;
    if (flaw) {
        count_result(import, source, READ_DAMAGED, flaw);
        return;
    }
    if (!source || !source->read) {
        count_result(import, source, READ_SKIPPED, NULL);
        return;
    }
    g_autoptr(GError) error = NULL;
    ReadResult result =
        source->read(&import->records, document, import->name, &error);
    count_result(import, source, result, error ? error->message : NULL);
}

static void begin_member(const char *name, gpointer data)
{
    Import *import = data;
    g_free(import->name);
    import->name = g_strdup(name);
}

static void take_bytes(const void *bytes, size_t length, gpointer data)
{
    Import *import = data;
    import->progress.bytes += length;
    splitter_feed(import->splitter, bytes, length);
}

static void report(Import *import)
{
    if (import->progressed)
        import->progressed(&import->progress, import->progressed_data);
}

static void end_member(uint64_t packed, gpointer data)
{
    Import *import = data;
    splitter_finish(import->splitter);
    import->progress.packed_done = import->packed_before + packed;
    import->progress.name = import->name;
    report(import);
}

static void read_file(Import *import, const ImportFile *file)
{
    static const UnpackReader READER = {begin_member, take_bytes, end_member};
    g_autoptr(GError) error = NULL;
    if (!unpack_file(file->path, &READER, import, &error)) {
        count_of(import->summary, "file")->damaged++;
        import->summary->damaged++;
        complain(import, file->path, error->message);
    }
    import->packed_before += file->bytes;
    import->progress.packed_done = import->packed_before;
    import->progress.files_done++;
}

static int compare_paths(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_entries(const char *path, GPtrArray *queue, Import *import)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) directory = g_dir_open(path, 0, &error);
    if (!directory) {
        complain(import, path, error->message);
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
static gint compare_files(gconstpointer a, gconstpointer b)
{
    const ImportFile *fa = *(ImportFile *const *)a;
    const ImportFile *fb = *(ImportFile *const *)b;
    return fb->is_certificates - fa->is_certificates;
}

static void add_file(Import *import, GPtrArray *files, const char *path,
                     uint64_t bytes)
{
    g_autofree char *name = g_path_get_basename(path);
    ImportFile *file = g_new0(ImportFile, 1);
    file->path = g_strdup(path);
    file->bytes = bytes;
    file->is_certificates = strstr(name, "cert") != NULL;
    import->progress.packed_total += bytes;
    g_ptr_array_add(files, file);
}

/* Files named and those under the directories named, in a stable order. A
 * link to a directory within one is not followed, so there are no loops. */
static bool list_files(const char *const *paths, Import *import,
                       GPtrArray *files, GError **error)
{
    g_autoptr(GPtrArray) queue = g_ptr_array_new_with_free_func(g_free);
    for (; *paths; paths++) {
        if (access(*paths, R_OK) != 0) {
            g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                        "cannot read %s: %s", *paths, g_strerror(errno));
            return false;
        }
        g_autofree char *real = realpath(*paths, NULL);
        g_ptr_array_add(queue, g_strdup(real ? real : *paths));
    }
    for (guint i = 0; i < queue->len; i++) {
        const char *path = g_ptr_array_index(queue, i);
        struct stat about, target;
        if (lstat(path, &about) < 0 || stat(path, &target) < 0)
            continue;
        if (S_ISDIR(about.st_mode)) {
            add_entries(path, queue, import);
        } else if (S_ISREG(target.st_mode)) {
            add_file(import, files, path, (uint64_t)target.st_size);
        }
    }
    g_ptr_array_sort(files, compare_files); /* stable */
    import->progress.files_total = files->len;
    return true;
}

static int lock_directory(const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, "lock", NULL);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_DENIED, "cannot open %s: %s",
                    path, g_strerror(errno));
        return -1;
    }
    file_settle_owner(fd, path);
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    close(fd);
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                "another import into %s is running", directory);
    return -1;
}

static Facts *load_state(const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, STATE_NAME, NULL);
    g_autofree char *history = g_build_filename(directory, HISTORY_NAME, NULL);
    g_autoptr(GError) cause = NULL;
    g_autoptr(GBytes) bytes = file_read(path, STATE_BYTES_MAX, &cause);
    if (bytes)
        return facts_unpack(g_bytes_get_data(bytes, NULL),
                            g_bytes_get_size(bytes), path, error);
    if (!g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING)) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return NULL;
    }
    if (access(history, F_OK) != 0)
        return facts_new();
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                "%s is missing beside %s, so nothing can be added: restore "
                "it, or remove the history and import everything again",
                path, history);
    return NULL;
}

/* Is the file's content just that? */
static bool file_equals(const char *path, GBytes *bytes)
{
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
    return file && g_mapped_file_get_length(file) == g_bytes_get_size(bytes) &&
           memcmp(g_mapped_file_get_contents(file),
                  g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)) == 0;
}

static bool replace_if_new(const char *directory, const char *name,
                           GBytes *bytes, bool *written, GError **error)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    *written = !file_equals(path, bytes);
    return !*written || file_replace(path, g_bytes_get_data(bytes, NULL),
                                     g_bytes_get_size(bytes), 0644, error);
}

/* Write the state, then the history derived from it. */
static bool publish(const char *directory, Facts *facts, ImportSummary *summary,
                    GError **error)
{
    facts_settle(facts);
    if (facts->documents->len == 0)
        return true;
    g_autoptr(GBytes) state = facts_pack(facts);
    uint8_t hash[SHA256_BYTES];
    digest_sha256(g_bytes_get_data(state, NULL), g_bytes_get_size(state), hash);
    g_autoptr(GBytes) history = history_build(facts, hash);
    bool state_written, published;
    if (!directory_ensure(directory, error) ||
        !replace_if_new(directory, STATE_NAME, state, &state_written, error) ||
        !replace_if_new(directory, HISTORY_NAME, history, &published, error))
        return false;
    if (summary) {
        summary->history_bytes = g_bytes_get_size(history);
        summary->published = published;
    }
    return true;
}

/* ---- certificates ------------------------------------------------------ */

static void reload_certificate(const Source *source, Text document,
                               const char *flaw, gpointer data)
{
    Import *import = data;
    g_autoptr(GError) error = NULL;
    if (!flaw && source && source->read == source_certificate_read &&
        source->read(&import->records, document, "", &error) != READ_DAMAGED)
        return;
    /* Authorities may have been taken off the list since. */
    complain(import, CERTIFICATES_NAME,
             flaw    ? flaw
             : error ? error->message
                     : "something else stands among them");
}

/* Those of earlier imports, checked again. */
static bool load_certificates(const char *directory, Import *import,
                              GError **error)
{
    g_autofree char *path =
        g_build_filename(directory, CERTIFICATES_NAME, NULL);
    g_autoptr(GError) cause = NULL;
    g_autoptr(GBytes) bytes = file_read(path, CERTIFICATES_BYTES_MAX, &cause);
    if (!bytes && g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING))
        return true;
    if (!bytes) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    g_autoptr(Splitter) splitter = splitter_new(reload_certificate, import);
    splitter_feed(splitter, g_bytes_get_data(bytes, NULL),
                  g_bytes_get_size(bytes));
    splitter_finish(splitter);
    return true;
}

static bool save_certificates(const char *directory, const Records *records,
                              GError **error)
{
    g_autoptr(GString) text = certificates_text(records->certificates);
    if (text->len == 0)
        return true;
    g_autoptr(GBytes) bytes = g_bytes_new_static(text->str, text->len);
    bool written;
    return replace_if_new(directory, CERTIFICATES_NAME, bytes, &written, error);
}

/* ---- one import -------------------------------------------------------- */

static void records_clear(Records *records)
{
    certificates_free(records->certificates);
    facts_free(records->facts);
    facts_free(records->unverified);
}

static bool load(const char *directory, const char *unverified, Import *import,
                 GError **error)
{
    Records *records = &import->records;
    records->certificates = certificates_new();
    return load_certificates(directory, import, error) &&
           (records->facts = load_state(directory, error)) &&
           (records->unverified = load_state(unverified, error));
}

static void read_files(Import *import, const GPtrArray *files)
{
    for (guint i = 0; i < files->len; i++) {
        read_file(import, g_ptr_array_index(files, i));
        report(import);
    }
    import->summary->files = import->progress.files_done;
    import->summary->packed_bytes = import->progress.packed_done;
    import->summary->bytes = import->progress.bytes;
    import->progress.name = "";
    report(import);
}

static bool import_files(Import *import, const char *directory,
                         const GPtrArray *files, GError **error)
{
    g_autofree char *unverified =
        g_build_filename(directory, UNVERIFIED_NAME, NULL);
    Records *records = &import->records;
    if (!load(directory, unverified, import, error))
        return false;
    import->splitter = splitter_new(take_document, import);
    read_files(import, files);
    return save_certificates(directory, records, error) &&
           publish(unverified, records->unverified, NULL, error) &&
           publish(directory, records->facts, import->summary, error);
}

bool relay_import(const char *directory, const char *const *paths,
                  const Authorities *authorities, ImportProgressed progressed,
                  gpointer data, ImportSummary *summary, GError **error)
{
    *summary = (ImportSummary){
        .counts = g_array_new(FALSE, FALSE, sizeof(ImportCount)),
        .complaints = g_ptr_array_new_with_free_func(g_free),
    };
    g_autoptr(Authorities) public = authorities ? NULL : authorities_new();
    Import import = {
        .records.authorities = authorities ? authorities : public,
        .summary = summary,
        .progress.name = "",
        .progressed = progressed,
        .progressed_data = data,
    };
    g_autoptr(GPtrArray) files =
        g_ptr_array_new_with_free_func(import_file_free);
    if (!list_files(paths, &import, files, error) ||
        !directory_ensure(directory, error))
        return false;
    int lock = lock_directory(directory, error);
    if (lock < 0)
        return false;
    bool done = import_files(&import, directory, files, error);
    close(lock);
    splitter_free(import.splitter);
    records_clear(&import.records);
    g_free(import.name);
    return done;
}
