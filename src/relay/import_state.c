#include "relay/import_state.h"

#include "relay/consensus.h"
#include "relay/history_file.h"
#include "relay/publish.h"

#include "base/files.h"

#include <string.h>

bool import_state_open(ImportState *state, const char *directory,
                       WalkComplaint complaint, gpointer data, GError **error)
{
    Records *records = &state->records;
    state->directory = g_strdup(directory);
    state->apart = g_build_filename(directory, UNVERIFIED_NAME, NULL);
    return (records->traffic = traffic_load(directory, error)) &&
           (records->certificates = certificates_load(
                directory, records->authorities, complaint, data, error));
}

void import_state_end(ImportState *state)
{
    Records *records = &state->records;
    g_clear_pointer(&state->months, months_free);
    g_clear_pointer(&state->unverified, months_free);
    g_clear_pointer(&records->facts, facts_free);
    g_clear_pointer(&records->unverified, facts_free);
    g_clear_pointer(&records->people, people_taking_free);
    g_clear_pointer(&records->memory, consensus_memory_free);
    g_clear_pointer(&records->early, early_free);
    g_clear_pointer(&records->hours, signed_hours_free);
    g_clear_pointer(&records->hints, hints_free);
}

void import_state_close(ImportState *state)
{
    import_state_end(state);
    g_clear_pointer(&state->records.certificates, certificates_free);
    g_clear_pointer(&state->records.traffic, traffic_free);
    g_clear_pointer(&state->directory, g_free);
    g_clear_pointer(&state->apart, g_free);
}

static Months *open_months(const char *directory, Facts *facts, GError **error)
{
    return history_has_parts(directory, error)
               ? months_open(directory, facts, error)
               : NULL;
}

bool import_state_begin(ImportState *state, GError **error)
{
    Records *records = &state->records;
    const char *directory = state->directory;
    records->facts = facts_new();
    records->unverified = facts_new();
    records->early = early_new(directory, records->authorities);
    records->memory = consensus_memory_new();
    return (records->hours = signed_hours_load(directory, error)) &&
           (records->hints = hints_load(directory, error)) &&
           (records->people = people_load(directory, error)) &&
           (state->months = open_months(directory, records->facts, error)) &&
           (state->unverified =
                open_months(state->apart, records->unverified, error));
}

bool import_state_complete(ImportState *state, GError **error)
{
    return months_complete(state->unverified, error) &&
           months_complete(state->months, error);
}

/* ---- writing ------------------------------------------------------------- */

/* Is the file's content just that? */
static bool file_equals(const char *path, GBytes *bytes)
{
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
    return file && g_mapped_file_get_length(file) == g_bytes_get_size(bytes) &&
           memcmp(g_mapped_file_get_contents(file),
                  g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)) == 0;
}

static bool save_certificates(const ImportState *state, GError **error)
{
    g_autoptr(GString) text = certificates_text(state->records.certificates);
    if (text->len == 0)
        return true;
    g_autoptr(GBytes) bytes = g_bytes_new_static(text->str, text->len);
    g_autofree char *path =
        g_build_filename(state->directory, CERTIFICATES_NAME, NULL);
    return file_equals(path, bytes) ||
           file_replace(path, text->str, text->len, 0644, error);
}

/* By the consensuses of this import and of the months that it touches. */
static bool save_traffic(const ImportState *state, GError **error)
{
    const Records *records = &state->records;
    facts_join(records->facts);
    return traffic_save(records->traffic, records->facts, state->directory,
                        error);
}

static bool write_months(Facts *facts, Months *months, GError **error)
{
    facts_settle(facts);
    return months_write(months, error);
}

bool import_state_write(ImportState *state, bool *has_early, GError **error)
{
    const Records *records = &state->records;
    const char *directory = state->directory;
    return save_certificates(state, error) &&
           people_save(records->people, directory, error) &&
           signed_hours_save(records->hours, directory, error) &&
           save_traffic(state, error) &&
           hints_save(records->hints, directory, error) &&
           early_finish(records->early, has_early, error) &&
           write_months(records->unverified, state->unverified, error) &&
           write_months(records->facts, state->months, error);
}
