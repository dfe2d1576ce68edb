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

/* Before the history says so, the documents must be there. */
static bool finish_shelf(ImportReading *reading, GError **error)
{
    if (!reading->shelf || !reading->is_last)
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

static bool import_stage(ImportReading *reading, const GPtrArray *files,
                         GError **error)
{
    ImportState *state = reading->state;
    bool has_early = false;
    if (!import_state_begin(state, error))
        return false;
    import_read(reading, files);
    if (reading->is_last)
        import_report(reading, "");
    if (!import_state_complete(state, error) || !finish_shelf(reading, error) ||
        !import_state_write(state, &has_early, error))
        return false;
    tally_correct(reading->summary, state->records.facts);
    reading->summary->published |= has_early;
    import_state_end(state);
    return true;
}

static bool import_stages(ImportReading *reading, const GPtrArray *stages,
                          GError **error)
{
    bool done = true;
    reading->again = g_ptr_array_new();
    for (guint i = 0; done && i < stages->len; i++) {
        GPtrArray *stage = g_ptr_array_index(stages, i);
        reading->is_last = i + 1 == stages->len;
        if (reading->is_last) {
            import_expect(reading, reading->again);
            g_ptr_array_extend(stage, reading->again, NULL, NULL);
        }
        done = import_stage(reading, stage, error);
    }
    g_ptr_array_unref(reading->again);
    return done;
}

static bool publish(const ImportState *state, ImportSummary *summary,
                    GError **error)
{
    Publication apart, published;
    if (!history_publish(state->apart, &apart, error) ||
        !history_publish(state->directory, &published, error))
        return false;
    summary->published |= published.is_new;
    summary->history_bytes = published.bytes;
    return true;
}

static bool open_shelf(ImportReading *reading, const char *shelf,
                       GError **error)
{
    if (!shelf)
        return true;
    if (!directory_ensure_readable(shelf, error))
        return false;
    reading->shelf = shelf_new(shelf);
    return true;
}

static bool import_files(ImportReading *reading, const char *directory,
                         const GPtrArray *files, const char *shelf,
                         uint64_t stage_bytes, GError **error)
{
    ImportState *state = reading->state;
    g_autoptr(GPtrArray) stages = stages_new(files, stage_bytes);
    if (!open_shelf(reading, shelf, error) ||
        !import_state_open(state, directory, tally_complain, reading->summary,
                           error))
        return false;
    leftovers_remove(state->directory);
    leftovers_remove(state->apart);
    import_expect(reading, files);
    return import_stages(reading, stages, error) &&
           publish(state, reading->summary, error);
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
    tally_init(summary);
    g_autoptr(Authorities) public = authorities ? NULL : authorities_new();
    ImportState state = {
        .records.authorities = authorities ? authorities : public,
    };
    ImportReading reading = {
        .state = &state,
        .summary = summary,
        .progress.name = "",
        .progressed = progressed,
        .progressed_data = data,
    };
    g_autoptr(GPtrArray) files =
        walk_list(paths, tally_complain, summary, error);
    if (!files || !directory_ensure_readable(directory, error))
        return false;
    int lock = lock_directory(directory, error);
    if (lock < 0)
        return false;
    bool done =
        import_files(&reading, directory, files, shelf, stage_bytes, error) &&
        remember_places(directory, paths, shelf, error);
    close(lock);
    import_state_close(&state);
    g_clear_pointer(&reading.shelf, shelf_free);
    g_clear_error(&reading.shelf_error);
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
