#include "relay/import_state.h"

#include "relay/consensus.h"
#include "relay/history_file.h"
#include "relay/publish.h"

#include "base/files.h"

bool import_state_open(ImportState *state, const char *directory,
                       WalkComplaint complaint, gpointer data, GError **error)
{
    Records *records = &state->records;
    state->directory = g_strdup(directory);
    state->apart = g_build_filename(directory, UNVERIFIED_NAME, NULL);
    state->publishing = publishing_begin(directory);
    records->policies = policy_memory_new();
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
    g_clear_pointer(&state->publishing, publishing_free);
    g_clear_pointer(&state->records.certificates, certificates_free);
    g_clear_pointer(&state->records.traffic, traffic_free);
    g_clear_pointer(&state->records.policies, policy_memory_free);
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

static bool save_certificates(const ImportState *state, GError **error)
{
    g_autoptr(GString) text = certificates_text(state->records.certificates);
    if (text->len == 0)
        return true;
    g_autoptr(GBytes) bytes = g_bytes_new_static(text->str, text->len);
    g_autofree char *path =
        g_build_filename(state->directory, CERTIFICATES_NAME, NULL);
    return file_holds(path, bytes) ||
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

/* The people have nothing in common with the facts: they are written in a
 * thread of their own while those are settled. */
typedef struct {
    const ImportState *state;
    GError *error;
} PeopleSaving;

static gpointer save_people(gpointer data)
{
    PeopleSaving *saving = data;
    const ImportState *state = saving->state;
    return GINT_TO_POINTER(
        people_save(state->records.people, state->directory, &saving->error));
}

static bool await_people(GThread *thread, PeopleSaving *saving, GError **error)
{
    if (g_thread_join(thread))
        return true;
    g_propagate_error(error, saving->error);
    return false;
}

/* All that stands beside the months; the facts are settled then. */
static bool write_beside(ImportState *state, bool *has_early, GError **error)
{
    const Records *records = &state->records;
    PeopleSaving saving = {.state = state};
    GThread *thread = g_thread_new("people", save_people, &saving);
    bool done = save_certificates(state, error) &&
                signed_hours_save(records->hours, state->directory, error) &&
                save_traffic(state, error) &&
                hints_save(records->hints, state->directory, error) &&
                early_finish(records->early, has_early, error);
    if (done) {
        facts_settle(records->unverified);
        facts_settle(records->facts);
    }
    return await_people(thread, &saving, done ? error : NULL) && done;
}

bool import_state_write(ImportState *state, bool *has_early, GError **error)
{
    return write_beside(state, has_early, error) &&
           months_write(state->unverified, error) &&
           months_write_for(state->months, state->publishing, error);
}
