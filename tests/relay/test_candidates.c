/* Which relays outside of the members' files are put to a person, and which
 * are not whatever they say; proofs kept of domains. */
#include "network.h"

#include "relay/candidates.h"
#include "relay/import.h"

#include "base/errors.h"
#include "base/files.h"

#include <string.h>

static char *directory;
static People *people;

static Fingerprint relay_named(const char *nickname)
{
    Fingerprint relay;
    network_fingerprint(nickname, relay.bytes);
    return relay;
}

static Members *members_with(const char *nickname)
{
    Member *member = g_new0(Member, 1);
    Fingerprint own = relay_named(nickname);
    member->id = g_strdup("library");
    member->name = g_strdup("Library");
    member->country = g_strdup("DE");
    member->website = g_strdup("https://library.example");
    member->contacts = g_ptr_array_new_with_free_func(g_free);
    member->fingerprints = g_array_new(FALSE, FALSE, FINGERPRINT_BYTES);
    g_array_append_vals(member->fingerprints, own.bytes, 1);
    member->prefixes = g_array_new(FALSE, FALSE, sizeof(MemberPrefix));
    member->statements = g_ptr_array_new();
    member->modes = g_ptr_array_new();
    member->consent_given = member->ended = INSTANT_NONE;
    GPtrArray *list =
        g_ptr_array_new_with_free_func((GDestroyNotify)member_free);
    g_ptr_array_add(list, member);
    g_autoptr(GError) error = NULL;
    Members *members = members_new(list, &error);
    g_assert_no_error(error);
    return members;
}

/* "NICK:why; NICK:why" of a moment. */
static char *found_at(const char *when, const Proofs *proofs)
{
    static const char *const DESK[] = {"abuse@umbrella.example", NULL};
    g_autoptr(Members) members = members_with("own");
    Instant moment;
    g_assert_true(instant_parse(when, &moment));
    g_autoptr(Families) families = people_families(people, moment);
    g_autoptr(GArray) list = candidates_find(&(CandidateQuestion){
        .people = people,
        .families = families,
        .proofs = proofs,
        .members = members,
        .desk_addresses = DESK,
        .when = moment,
        .now = moment,
    });
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < list->len; i++) {
        const Candidate *candidate = &g_array_index(list, Candidate, i);
        Roster roster;
        g_assert_true(
            people_roster(people, &candidate->relay, moment, &roster));
        g_autofree char *why = candidate_new_why(candidate);
        g_string_append_printf(
            text, "%s%s %s: %s", text->len ? "; " : "", roster.nickname,
            candidate->member ? candidate->member->id : "-", why);
    }
    return g_strdup(text->str);
}

static void test_found(void)
{
    g_autofree char *found = found_at("2026-05-01T10:00", NULL);
    g_assert_cmpstr(found, ==,
                    "mutual library: mutual family; "
                    "copycat library: contact (a claim); "
                    "wants -: names our address (a claim)");
    /* the family has broken up, the copycat is gone */
    g_autofree char *later = found_at("2026-06-01T10:00", NULL);
    g_assert_cmpstr(later, ==, "wants -: names our address (a claim)");
}

static void test_proofs(void)
{
    g_autofree char *kept = network_new_directory();
    g_autoptr(GError) error = NULL;
    Instant when, late;
    Fingerprint copycat = relay_named("copycat");
    g_assert_true(instant_parse("2026-04-30", &when));
    late = when + PROOF_HOLDS_S + 1;
    g_autoptr(Proofs) proofs = proofs_load(kept, &error);
    g_assert_no_error(error);
    g_assert_null(proofs_find(proofs, &copycat));
    g_assert_true(
        proofs_put(proofs, &copycat, "library.example", true, when, NULL));
    g_assert_true(proofs_save(proofs, kept, &error));
    g_autoptr(Proofs) again = proofs_load(kept, &error);
    g_assert_no_error(error);
    const char *claimed = "library.example";
    g_assert_cmpint(proofs_state(again, &copycat, claimed, when), ==,
                    PROOF_STATE_HOLDS);
    g_assert_cmpint(proofs_state(again, &copycat, claimed, late), ==,
                    PROOF_STATE_EXPIRED);
    g_assert_cmpint(proofs_state(again, &copycat, "other.example", when), ==,
                    PROOF_STATE_GONE);
    g_assert_cmpint(proofs_state(again, &copycat, NULL, when), ==,
                    PROOF_STATE_GONE);
    Fingerprint own = relay_named("own");
    g_assert_cmpint(proofs_state(again, &own, claimed, when), ==,
                    PROOF_STATE_NONE);
    g_autofree char *found = found_at("2026-05-01T10:00", again);
    g_assert_nonnull(
        strstr(found, "copycat library: proven domain, contact (a claim)"));
    g_assert_true(
        proofs_put(again, &copycat, "library.example", false, when, NULL));
    g_assert_cmpint(proofs_state(again, &copycat, claimed, when), ==,
                    PROOF_STATE_GONE);
    g_autofree char *path = g_build_filename(kept, "proofs", NULL);
    g_assert_true(g_file_set_contents(path, "a\tb\n", -1, NULL));
    g_assert_null(proofs_load(kept, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
    network_remove_directory(kept);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *documents = network_new_directory();
    directory = network_new_directory();
    g_ptr_array_unref(network_write(TEST_DIR "/candidates.txt", documents));
    const char *const all[] = {documents, NULL};
    ImportSummary summary;
    g_autoptr(GError) error = NULL;
    relay_import(directory, all, network_authorities(), NULL, NULL, NULL,
                 &summary, &error);
    g_assert_no_error(error);
    import_summary_clear(&summary);
    people = people_open(directory, &error);
    g_assert_no_error(error);
    g_test_add_func("/candidates/found", test_found);
    g_test_add_func("/candidates/proofs", test_proofs);
    int status = g_test_run();
    people_close(people);
    network_remove_directory(directory);
    network_remove_directory(documents);
    g_free(directory);
    return status;
}
