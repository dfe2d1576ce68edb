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
 *
 * When the months of a stage are written its files are put down as read
 * (ledger.h), never before; a crash in between has them read once more. At last
 * come those files put down whose descriptors may name an extra-info that came
 * after them, and those in quarantine if new certificates came.
 */
#include "relay/import.h"

#include "relay/import_read.h"
#include "relay/leftovers.h"
#include "relay/places.h"
#include "relay/publish.h"
#include "relay/stages.h"
#include "relay/tally.h"

#include "base/errors.h"
#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#define NANOSECONDS INT64_C(1000000000)

/* One import under way. */
typedef struct {
    const ImportTask *task;
    ImportReading reading;
    Ledger *ledger;       /* or NULL */
    GPtrArray *to_read;   /* of WalkFile */
    GPtrArray *unchanged; /* of WalkFile: not to be read */
} Import;

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

/* ---- stages -------------------------------------------------------------- */

/* Before the history says so, the documents must be there. */
static bool finish_shelf(ImportReading *reading, GError **error)
{
    if (!reading->shelf)
        return true;
    if (reading->shelf_error) {
        g_propagate_error(error, g_steal_pointer(&reading->shelf_error));
        return false;
    }
    bool done =
        shelf_finish(reading->shelf, reading->state->records.facts, error);
    reading->summary->shelved = shelf_count(reading->shelf);
    return done;
}

/* What changed just now may be written to without a trace. */
static bool is_settled(const WalkFile *file, Instant now)
{
    return file->changed_ns < (now - LEDGER_RACE_S) * NANOSECONDS;
}

/* Would it be the same to read the file now? Certificates may have come behind
 * what waits for them. */
static bool is_done_with(const Import *import, const FileRead *read)
{
    const Records *records = &import->reading.state->records;
    return is_settled(read->file, import->task->now) &&
           (read->standing == FILE_READ ||
            read->certificates == certificates_count(records->certificates));
}

/* The stage is written: so is what its files say. */
static bool put_down(Import *import, GError **error)
{
    GArray *read = import->reading.read;
    Ledger *ledger = import->ledger;
    const char *directory = import->task->directory;
    if (ledger)
        ledger_free_waiting(ledger, directory);
    for (guint i = 0; ledger && i < read->len; i++) {
        const FileRead *one = &g_array_index(read, FileRead, i);
        if (is_done_with(import, one))
            ledger_put(ledger, one->file, one->standing, &one->descriptors);
    }
    g_array_set_size(read, 0);
    return !ledger || ledger_save(ledger, directory, error);
}

static bool import_stage(Import *import, const GPtrArray *files, GError **error)
{
    ImportReading *reading = &import->reading;
    ImportState *state = reading->state;
    bool has_early = false;
    if (!import_state_begin(state, error))
        return false;
    import_read(reading, files);
    if (reading->is_last)
        import_report(reading, "");
    if (!import_state_complete(state, error) || !finish_shelf(reading, error) ||
        !import_state_write(state, &has_early, error) ||
        !put_down(import, error))
        return false;
    tally_correct(reading->summary, state->records.facts);
    reading->summary->published |= has_early;
    import_state_end(state);
    return true;
}

static bool import_stages(Import *import, const GPtrArray *files,
                          GError **error)
{
    ImportReading *reading = &import->reading;
    uint64_t bytes = import->task->stage_bytes;
    g_autoptr(GPtrArray) stages =
        stages_new(files, bytes ? bytes : STAGE_BYTES);
    import_expect(reading, files);
    for (guint i = 0; i < stages->len; i++) {
        GPtrArray *stage = g_ptr_array_index(stages, i);
        reading->is_last = i + 1 == stages->len;
        if (reading->is_last) {
            import_expect(reading, reading->again);
            g_ptr_array_extend(stage, reading->again, NULL, NULL);
            g_ptr_array_set_size(reading->again, 0);
        }
        if (!import_stage(import, stage, error))
            return false;
    }
    return true;
}

/* Unchanged files that are to be read nevertheless: their descriptors may name
 * an extra-info that came later, or certificates came that they wait for. */
static GPtrArray *files_to_join(const Import *import)
{
    GPtrArray *files = g_ptr_array_new();
    g_autoptr(GArray) wanted =
        traffic_wanted(import->reading.state->records.traffic);
    for (guint i = 0; i < import->unchanged->len; i++) {
        WalkFile *file = g_ptr_array_index(import->unchanged, i);
        LedgerDescriptors d;
        FileStanding standing = ledger_find(import->ledger, file, &d);
        if (standing == FILE_UNREAD ||
            (d.first > 0 &&
             traffic_is_wanted(wanted, d.first, d.last, d.known)))
            g_ptr_array_add(files, file);
        else if (standing == FILE_WAITING)
            import->reading.summary->waiting++;
    }
    return files;
}

static bool import_joined(Import *import, GError **error)
{
    g_autoptr(GPtrArray) files = files_to_join(import);
    import->reading.summary->unchanged = import->unchanged->len - files->len;
    return files->len == 0 || import_stages(import, files, error);
}

static bool publish(const ImportState *state, ImportSummary *summary,
                    GError **error)
{
    Publication apart, published;
    if (!history_publish(state->apart, &apart, error) ||
        !publishing_end(state->publishing, &published, error))
        return false;
    summary->published |= published.is_new;
    summary->history_bytes = published.bytes;
    return true;
}

/* ---- one import ---------------------------------------------------------- */

static bool open_shelf(Import *import, GError **error)
{
    const char *shelf = import->task->shelf;
    if (!shelf)
        return true;
    if (!directory_ensure_readable(shelf, error))
        return false;
    import->reading.shelf = shelf_new(shelf);
    return true;
}

/* Part the files into those to be read and those that were. */
static void open_ledger(Import *import, const GPtrArray *files)
{
    const ImportTask *task = import->task;
    ImportReading *reading = &import->reading;
    if (task->now > 0) {
        import->ledger =
            ledger_open(task->directory, reading->state->records.authorities,
                        &reading->summary->anew);
        ledger_expect(import->ledger, files);
    }
    import->to_read = g_ptr_array_new();
    import->unchanged = g_ptr_array_new();
    for (guint i = 0; i < files->len; i++) {
        WalkFile *file = g_ptr_array_index(files, i);
        bool is_read = import->ledger && !task->reads_all &&
                       ledger_find(import->ledger, file, NULL) != FILE_UNREAD;
        g_ptr_array_add(is_read ? import->unchanged : import->to_read, file);
    }
}

static bool import_files(Import *import, const GPtrArray *files, GError **error)
{
    ImportReading *reading = &import->reading;
    ImportState *state = reading->state;
    if (!open_shelf(import, error) ||
        !import_state_open(state, import->task->directory, tally_complain,
                           reading->summary, error))
        return false;
    leftovers_remove(state->directory);
    leftovers_remove(state->apart);
    open_ledger(import, files);
    reading->again = g_ptr_array_new();
    reading->read = g_array_new(FALSE, FALSE, sizeof(FileRead));
    return import_stages(import, import->to_read, error) &&
           import_joined(import, error) &&
           publish(state, reading->summary, error);
}

static void import_clear(Import *import)
{
    ImportReading *reading = &import->reading;
    import_state_close(reading->state);
    g_clear_pointer(&reading->shelf, shelf_free);
    g_clear_pointer(&reading->again, g_ptr_array_unref);
    g_clear_pointer(&reading->read, g_array_unref);
    g_clear_error(&reading->shelf_error);
    g_clear_pointer(&import->ledger, ledger_free);
    g_clear_pointer(&import->to_read, g_ptr_array_unref);
    g_clear_pointer(&import->unchanged, g_ptr_array_unref);
}

static bool remember_places(const ImportTask *task, GError **error)
{
    const char *const more[] = {task->shelf, NULL};
    return places_add(task->directory, task->paths, error) &&
           places_add(task->directory, more, error);
}

bool relay_import_run(const ImportTask *task, ImportSummary *summary,
                      GError **error)
{
    tally_init(summary);
    g_autoptr(Authorities) public =
        task->authorities ? NULL : authorities_new();
    ImportState state = {
        .records.authorities = public ? public : task->authorities,
    };
    Import import = {
        .task = task,
        .reading = {.state = &state,
                    .summary = summary,
                    .progress.name = "",
                    .progressed = task->progressed,
                    .progressed_data = task->data},
    };
    g_autoptr(GPtrArray) files =
        walk_list(task->paths, tally_complain, summary, error);
    if (!files || !directory_ensure_readable(task->directory, error))
        return false;
    int lock = lock_directory(task->directory, error);
    if (lock < 0)
        return false;
    bool done =
        import_files(&import, files, error) && remember_places(task, error);
    close(lock);
    import_clear(&import);
    return done;
}

bool relay_import(const char *directory, const char *const *paths,
                  const Authorities *authorities, const char *shelf,
                  ImportProgressed progressed, gpointer data,
                  ImportSummary *summary, GError **error)
{
    ImportTask task = {
        .directory = directory,
        .paths = paths,
        .authorities = authorities,
        .shelf = shelf,
        .progressed = progressed,
        .data = data,
    };
    return relay_import_run(&task, summary, error);
}
