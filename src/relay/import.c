/*
 * One import: lock; stage by stage (stages.h) read files into facts beside what
 * the state has of their months, settle, write the months that changed; then
 * publish the history.
 *
 * A crash leaves the old files: each is written beside and renamed, what stands
 * beside the months first, the months next, the history last. A document is
 * known by the months alone, so one that a stage did not get to write there is
 * read again. The history names the months it was derived from, so the next
 * import notices what is newer and derives it, even if it has nothing to add
 * itself (publish.c).
 *
 * From one stage to the next go the certificates, and what of traffic waits to
 * be joined. What only a tor's cache had is forgotten at the end of a stage
 * unless a consensus named it by then: its files are read again in the last.
 */
#include "relay/import.h"

#include "relay/consensus.h"
#include "relay/leftovers.h"
#include "relay/months.h"
#include "relay/places.h"
#include "relay/publish.h"
#include "relay/shelf.h"
#include "relay/stages.h"
#include "relay/walk_files.h"

#include "base/errors.h"
#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

typedef struct {
    Records records;
    Months *months, *unverified; /* of the records' facts */
    ImportSummary *summary;
    ImportProgress progress;
    ImportProgressed progressed;
    gpointer progressed_data;
    uint64_t packed_before;        /* of the files that are over */
    uint64_t packed[WALK_STREAMS]; /* of those that are being read */
    const char *name;              /* of the file or member being read */
    const char *path;              /* of the file */
    bool is_last;                  /* stage */
    GPtrArray *again;              /* of const WalkFile: for the last stage */
    Shelf *shelf;                  /* or NULL */
    GError *shelf_error;
} Import;

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

static void complain(const char *what, const char *why, gpointer data)
{
    Import *import = data;
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
    complain(what, why, import);
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

/* Keep what the facts just took on the shelf, if there is one. */
static void shelve(Import *import, const WalkPlace *place, Text text)
{
    Facts *facts = import->records.facts;
    if (!import->shelf || place->is_archived || import->shelf_error ||
        shelf_holds(import->shelf, import->path))
        return;
    Document document =
        g_array_index(facts->documents, Document, facts->latest);
    g_autoptr(GError) error = NULL;
    if (shelf_put(import->shelf, facts, &document, text, &error))
        return;
    if (g_error_matches(error, DESK_ERROR, DESK_ERROR_LIMIT))
        complain(import->name, error->message, import);
    else
        import->shelf_error = g_steal_pointer(&error);
}

/* What a stage forgets of a cache, a later consensus may name. */
static void note_cached(Import *import, const WalkFile *file)
{
    if (!import->is_last && !g_ptr_array_find(import->again, file, NULL))
        g_ptr_array_add(import->again, (gpointer)file);
}

static void take_document(const WalkFile *file, guint stream,
                          const Source *source, Text document, const char *flaw,
                          const WalkPlace *place, gpointer data)
{
    Import *import = data;
    import->path = file->path;
    import->records.fetched = file->written;
    facts_use_stream(import->records.facts, stream);
    facts_use_stream(import->records.unverified, stream);
    import->name = place->name;
    import->records.is_cached = place->is_cached;
    if (place->is_cached)
        note_cached(import, file);
    if (flaw) {
        count_result(import, source, READ_DAMAGED, flaw);
        return;
    }
    if (!source || !source->read) {
        count_result(import, source, READ_SKIPPED, NULL);
        return;
    }
    import->records.facts->latest = NO_INDEX;
    g_autoptr(GError) error = NULL;
    ReadResult result =
        source->read(&import->records, document, place->name, &error);
    count_result(import, source, result, error ? error->message : NULL);
    if (import->records.facts->latest != NO_INDEX)
        shelve(import, place, document);
}

static void take_bytes(size_t length, gpointer data)
{
    Import *import = data;
    import->progress.bytes += length;
}

static void report(Import *import, const char *name)
{
    import->progress.name = name;
    if (import->progressed)
        import->progressed(&import->progress, import->progressed_data);
}

/* Bytes as stored of files that are read or being read. */
static void count_packed(Import *import)
{
    import->progress.packed_done = import->packed_before;
    for (guint i = 0; i < WALK_STREAMS; i++)
        import->progress.packed_done += import->packed[i];
}

static void end_member(guint stream, const char *name, uint64_t packed,
                       gpointer data)
{
    Import *import = data;
    import->packed[stream] = packed;
    count_packed(import);
    report(import, name);
}

static void end_file(const WalkFile *file, guint stream, const GError *error,
                     gpointer data)
{
    Import *import = data;
    if (error) {
        count_of(import->summary, "file")->damaged++;
        import->summary->damaged++;
        complain(file->path, error->message, import);
    }
    import->packed[stream] = 0;
    import->packed_before += file->bytes;
    count_packed(import);
    import->progress.files_done++;
    report(import, file->path);
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

/* Is the file's content just that? */
static bool file_equals(const char *path, GBytes *bytes)
{
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
    return file && g_mapped_file_get_length(file) == g_bytes_get_size(bytes) &&
           memcmp(g_mapped_file_get_contents(file),
                  g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)) == 0;
}

/* What was read as new, but is not kept, as of a client's cache, or turned out
 * to be known. */
static void correct_counts(ImportSummary *summary, const Facts *facts)
{
    for (uint32_t type = 0; type < DOCUMENT_TYPES; type++) {
        if (facts->forgotten[type] == 0 && facts->known[type] == 0)
            continue;
        ImportCount *count = count_of(summary, document_type_word(type));
        uint64_t forgotten = MIN(facts->forgotten[type], count->fresh);
        count->fresh -= forgotten;
        count->skipped += forgotten;
        uint64_t known = MIN(facts->known[type], count->fresh);
        count->fresh -= known;
        count->known += known;
    }
}

/* ---- certificates ------------------------------------------------------ */

static bool save_certificates(const char *directory, const Records *records,
                              GError **error)
{
    g_autoptr(GString) text = certificates_text(records->certificates);
    if (text->len == 0)
        return true;
    g_autoptr(GBytes) bytes = g_bytes_new_static(text->str, text->len);
    g_autofree char *path =
        g_build_filename(directory, CERTIFICATES_NAME, NULL);
    return file_equals(path, bytes) ||
           file_replace(path, text->str, text->len, 0644, error);
}

/* By the consensuses of this import and of the months that it touches. */
static bool save_traffic(const Records *records, const char *directory,
                         GError **error)
{
    facts_join(records->facts);
    return traffic_save(records->traffic, records->facts, directory, error);
}

/* ---- one import -------------------------------------------------------- */

/* What is loaded for each stage. */
static void clear_stage(Import *import)
{
    Records *records = &import->records;
    g_clear_pointer(&import->months, months_free);
    g_clear_pointer(&import->unverified, months_free);
    g_clear_pointer(&records->facts, facts_free);
    g_clear_pointer(&records->unverified, facts_free);
    g_clear_pointer(&records->people, people_taking_free);
    g_clear_pointer(&records->memory, consensus_memory_free);
    g_clear_pointer(&records->early, early_free);
    g_clear_pointer(&records->hours, signed_hours_free);
    g_clear_pointer(&records->hints, hints_free);
}

static Months *open_months(const char *directory, Facts *facts, GError **error)
{
    return history_has_parts(directory, error)
               ? months_open(directory, facts, error)
               : NULL;
}

static bool load(Import *import, const char *directory, GError **error)
{
    Records *records = &import->records;
    return (records->traffic = traffic_load(directory, error)) &&
           (records->certificates = certificates_load(
                directory, records->authorities, complain, import, error));
}

static bool load_stage(Import *import, const char *directory,
                       const char *unverified, GError **error)
{
    Records *records = &import->records;
    records->facts = facts_new();
    records->unverified = facts_new();
    records->early = early_new(directory, records->authorities);
    records->memory = consensus_memory_new();
    return (records->hours = signed_hours_load(directory, error)) &&
           (records->hints = hints_load(directory, error)) &&
           (records->people = people_load(directory, error)) &&
           (import->months = open_months(directory, records->facts, error)) &&
           (import->unverified =
                open_months(unverified, records->unverified, error));
}

static void read_files(Import *import, const GPtrArray *files)
{
    static const WalkFilesReader READER = {take_document, take_bytes,
                                           end_member, end_file};
    walk_files(files, &READER, import);
    import->summary->files = import->progress.files_done;
    import->summary->packed_bytes = import->progress.packed_done;
    import->summary->bytes = import->progress.bytes;
}

/* Before the history says so, the documents must be there. */
static bool finish_shelf(Import *import, GError **error)
{
    if (!import->shelf || !import->is_last)
        return true;
    if (import->shelf_error) {
        g_propagate_error(error, g_steal_pointer(&import->shelf_error));
        return false;
    }
    bool done = shelf_finish(import->shelf, import->records.facts, error);
    import->summary->shelved = shelf_count(import->shelf);
    return done;
}

static bool write_months(Facts *facts, Months *months, GError **error)
{
    facts_settle(facts);
    return months_write(months, error);
}

static bool import_stage(Import *import, const char *directory,
                         const char *unverified, const GPtrArray *files,
                         GError **error)
{
    Records *records = &import->records;
    bool has_early = false;
    if (!load_stage(import, directory, unverified, error))
        return false;
    read_files(import, files);
    if (import->is_last)
        report(import, "");
    if (!(months_complete(import->unverified, error) &&
          months_complete(import->months, error) &&
          finish_shelf(import, error) &&
          save_certificates(directory, records, error) &&
          people_save(records->people, directory, error) &&
          signed_hours_save(records->hours, directory, error) &&
          save_traffic(records, directory, error) &&
          hints_save(records->hints, directory, error) &&
          early_finish(records->early, &has_early, error) &&
          write_months(records->unverified, import->unverified, error) &&
          write_months(records->facts, import->months, error)))
        return false;
    correct_counts(import->summary, records->facts);
    import->summary->published |= has_early;
    clear_stage(import);
    return true;
}

static void count_files(Import *import, const GPtrArray *files)
{
    import->progress.files_total += files->len;
    for (guint i = 0; i < files->len; i++)
        import->progress.packed_total +=
            ((const WalkFile *)g_ptr_array_index(files, i))->bytes;
}

static bool import_files(Import *import, const char *directory,
                         const GPtrArray *files, uint64_t stage_bytes,
                         GError **error)
{
    g_autofree char *unverified =
        g_build_filename(directory, UNVERIFIED_NAME, NULL);
    g_autoptr(GPtrArray) stages = stages_new(files, stage_bytes);
    leftovers_remove(directory);
    leftovers_remove(unverified);
    import->again = g_ptr_array_new();
    count_files(import, files);
    bool done = load(import, directory, error);
    for (guint i = 0; done && i < stages->len; i++) {
        GPtrArray *stage = g_ptr_array_index(stages, i);
        import->is_last = i + 1 == stages->len;
        if (import->is_last) {
            count_files(import, import->again);
            g_ptr_array_extend(stage, import->again, NULL, NULL);
        }
        done = import_stage(import, directory, unverified, stage, error);
    }
    Publication apart, published;
    if (!done || !history_publish(unverified, &apart, error) ||
        !history_publish(directory, &published, error))
        return false;
    import->summary->published |= published.is_new;
    import->summary->history_bytes = published.bytes;
    return true;
}

static void import_clear(Import *import)
{
    clear_stage(import);
    g_clear_pointer(&import->records.certificates, certificates_free);
    g_clear_pointer(&import->records.traffic, traffic_free);
    g_clear_pointer(&import->again, g_ptr_array_unref);
    g_clear_pointer(&import->shelf, shelf_free);
    g_clear_error(&import->shelf_error);
}

static bool open_shelf(Import *import, const char *shelf, GError **error)
{
    if (!shelf)
        return true;
    if (!directory_ensure_readable(shelf, error))
        return false;
    import->shelf = shelf_new(shelf);
    return true;
}

static bool remember_places(const char *directory, const char *const *paths,
                            const char *shelf, GError **error)
{
    const char *const more[] = {shelf, NULL};
    return places_add(directory, paths, error) &&
           places_add(directory, more, error);
}

bool relay_import_staged(const char *directory, const char *const *paths,
                         const Authorities *authorities, const char *shelf,
                         uint64_t stage_bytes, ImportProgressed progressed,
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
    g_autoptr(GPtrArray) files = walk_list(paths, complain, &import, error);
    if (!files || !directory_ensure_readable(directory, error))
        return false;
    int lock = lock_directory(directory, error);
    if (lock < 0)
        return false;
    bool done = open_shelf(&import, shelf, error) &&
                import_files(&import, directory, files, stage_bytes, error) &&
                remember_places(directory, paths, shelf, error);
    close(lock);
    import_clear(&import);
    return done;
}

bool relay_import(const char *directory, const char *const *paths,
                  const Authorities *authorities, const char *shelf,
                  ImportProgressed progressed, gpointer data,
                  ImportSummary *summary, GError **error)
{
    return relay_import_staged(directory, paths, authorities, shelf,
                               STAGE_BYTES, progressed, data, summary, error);
}
